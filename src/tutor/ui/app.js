// Runs before anything is drawn (see page_head.py). The page's events are Gradio's; this file only joins them to the
// document: switches, citations, chips, copying, and where to scroll. `tutor.part` lets other files take part.
"use strict";
(() => {
  const root = document.documentElement;
  const remembered = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const remember = (key, value) => { try { localStorage.setItem(key, value); } catch { /* a private window */ } };
  const narrow = window.matchMedia("(max-width: 860px)");
  const darkSystem = window.matchMedia("(prefers-color-scheme: dark)");
  const find = (selector) => document.querySelector(selector);
  const session = (key, value) => {
    try { return value === undefined ? sessionStorage.getItem(key) : sessionStorage.setItem(key, value); } catch { return null; }
  };
  const cookie = (name, value) => { document.cookie = `${name}=${value};path=/;SameSite=Strict;max-age=31536000`; };

  // --- language: remembered, else the browser's; the cookie tells the server before it fills the page ---
  const setLanguage = (lang) => {
    root.lang = lang === "zh" ? "zh-CN" : "en";
    cookie("tutor_lang", lang);
  };
  const language = () => (root.lang.startsWith("zh") ? "zh" : "en");
  setLanguage(remembered("tutor.lang") || (/^zh/i.test(navigator.language) ? "zh" : "en"));

  // --- the conversation of this window is open again after a reload, whatever other windows have open ---
  if (session("tutor.talk") !== null) cookie("tutor_talk", session("tutor.talk"));

  // --- theme: remembered, else the system's. Gradio reads the attribute when its module runs, after this event ---
  const theme = () => remembered("tutor.theme") || (darkSystem.matches ? "dark" : "light");
  const paintTheme = () => {
    root.dataset.theme = theme();
    document.body?.classList.toggle("dark", theme() === "dark");
  };
  paintTheme();
  darkSystem.addEventListener("change", paintTheme);
  document.addEventListener("readystatechange", () => {
    if (remembered("tutor.theme")) find("gradio-app")?.setAttribute("theme_mode", theme());
    paintTheme();
  });

  // --- nothing is shown before it is shown in the right language ---
  root.classList.add("waking");
  const wake = () => root.classList.remove("waking");
  setTimeout(wake, 6000);
  root.classList.toggle("as-text", remembered("tutor.pages") === "text");

  let trigger = () => {};
  // Gradio closes its stream when nothing is pending. What is sent in that very moment would wait there, unread, for the
  // next event; so there always is one.
  const NUDGE_MS = 1000;
  let nudging = 0;
  const nudge = () => { clearTimeout(nudging); nudging = setTimeout(() => trigger("nudge", {}), NUDGE_MS); };
  const send = (signal, data) => { trigger(signal, data); nudge(); };
  const parts = []; // of other files: {click(event), settle()}
  const words = (name) => find("#words")?.getAttribute(`data-${name}`) ?? "";

  const write = (question) => {
    const box = find("#ask-box textarea, #ask-box input");
    if (!box || box.disabled) return null;
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(box), "value").set.call(box, question);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    return box;
  };
  const ask = (question) => {
    if (write(question)) setTimeout(() => find("#ask-box .submit-button")?.click(), 0);
  };

  const copy = async (button) => {
    const text = (button.closest(".quote") ?? button.parentElement).querySelector(".copy-text")?.textContent ?? "";
    await navigator.clipboard.writeText(text);
    button.classList.add("copied");
    setTimeout(() => button.classList.remove("copied"), 1600);
  };

  // --- the reader: beside the page, or a sheet from below on a phone ---
  let shutByHand = false;
  let cameFrom = null;
  let lastCite = null; // of the answer before the one that is awaited
  let expectUntil = 0;
  const newestCite = () =>
    [...document.querySelectorAll("#chat .answer")].pop()?.querySelector(".source a.cite")?.getAttribute("href") ?? null;
  const followAnswer = () => {
    const cite = newestCite();
    if (!cite || cite === lastCite) return; // not drawn yet, or nothing to open
    expectUntil = 0;
    lastCite = cite;
    markOn(cite.slice(1));
    if (!narrow.matches && !shutByHand) showReader();
  };
  const readerOpen = () => root.classList.contains("reading");
  const setReading = (open) => {
    root.classList.toggle("reading", open);
    // Behind a sheet nothing is reached, with keys or otherwise; the name of the page stays its first heading.
    for (const part of document.querySelectorAll("#header > :not(#brand), #main")) part.inert = open && narrow.matches;
  };
  const showReader = () => setReading(true);
  narrow.addEventListener("change", () => setReading(readerOpen()));
  const hideReader = () => {
    shutByHand = true;
    setReading(false);
    cameFrom?.focus?.({ preventScroll: true });
    cameFrom = null;
  };
  const open = (link) => {
    const address = link.getAttribute("href").slice(1);
    if (!link.closest("#reader")) cameFrom = link;
    shutByHand = false;
    markOn(address);
    scrollReaderUntil = Date.now() + 4000;
    scrollChatUntil = 0;
    showReader();
    send("open", { address });
  };
  const markOn = (address) => {
    document.querySelectorAll(".cite.on").forEach((other) => other.classList.remove("on"));
    find(`#chat .source a.cite[href="#${CSS.escape(address)}"], a.cite[href="#${CSS.escape(address)}"]`)?.classList.add("on");
  };

  const switchLanguage = () => {
    const lang = language() === "zh" ? "en" : "zh";
    remember("tutor.lang", lang);
    setLanguage(lang);
    send("language", { lang });
  };
  const switchTheme = () => {
    remember("tutor.theme", theme() === "dark" ? "light" : "dark");
    paintTheme();
  };
  const switchPages = () => {
    remember("tutor.pages", root.classList.toggle("as-text") ? "text" : "pages");
    scrollReader();
  };

  document.addEventListener("click", (event) => {
    const hit = (selector) => event.target.closest?.(selector);
    let found;
    if ((found = hit('a[href^="#cite-"], a[href^="#note-"]'))) { event.preventDefault(); open(found); }
    else if ((found = hit("button.retry"))) ask(found.title);
    else if ((found = hit("button.chip"))) ask(found.textContent);
    else if ((found = hit("button.copy"))) copy(found);
    else if ((found = hit("button.verbatim"))) { asked(); send("verbatim", { question: found.value }); }
    else if ((found = hit("button.reword"))) write(found.value)?.focus();
    else if (hit("#reader .close")) hideReader();
    else if (hit("#reader .as-text-switch")) switchPages();
    else if (hit("#lang-switch")) switchLanguage();
    else if (hit("#theme-switch")) switchTheme();
    else if (hit("button.earlier")) showEarlier();
    else if (event.target.id === "side") hideReader(); // what is dark around the sheet
    else parts.forEach((part) => part.click?.(event, hit));
  });

  // --- a sheet is pulled down to close it ---
  let pulled = null;
  document.addEventListener("touchstart", (event) => {
    const head = narrow.matches && event.target.closest?.(".sheet-head");
    pulled = head ? { from: event.touches[0].clientY, sheet: head.parentElement } : null;
  }, { passive: true });
  document.addEventListener("touchmove", (event) => {
    if (!pulled) return;
    pulled.by = Math.max(event.touches[0].clientY - pulled.from, 0);
    pulled.sheet.style.transform = `translateY(${pulled.by}px)`;
  }, { passive: true });
  document.addEventListener("touchend", () => {
    if (!pulled) return;
    pulled.sheet.style.transform = "";
    if (pulled.by > 90) hideReader();
    pulled = null;
  });

  // --- scrolling: never scrollIntoView, which moves every ancestor ---
  let scrollChatUntil = 0;
  let scrollReaderUntil = 0;
  let heightBefore = null;
  const shown = (element) => element.getClientRects().length > 0;
  const scrollReader = () => {
    const scroller = find("#reader .sheet-body");
    if (!scroller) return;
    const mark = [...scroller.querySelectorAll("mark, .passage, .hit")].find(shown);
    const top = mark ? mark.getBoundingClientRect().top - scroller.getBoundingClientRect().top : 0;
    scroller.scrollTop += mark ? top - scroller.clientHeight / 4 : -scroller.scrollTop;
    const aside = mark ? mark.getBoundingClientRect().left - scroller.getBoundingClientRect().left - 24 : 0;
    if (mark && scroller.scrollWidth > scroller.clientWidth + 1 && mark.closest(".paper")) scroller.scrollLeft += aside;
  };
  const log = () => find("#chat [role=log]");
  const scrollChat = () => {
    const asked = [...document.querySelectorAll("#chat .asked")].pop();
    if (!asked) return;
    if (root.classList.contains("answering")) makeRoom(asked);
    const off = asked.getBoundingClientRect().top - log().getBoundingClientRect().top - 23;
    if (Math.abs(off) > 1.5) log().scrollTop += off; // a fraction of a dot is no reason to move
  };
  // Below the question there is room for an answer before it comes, so that nothing moves up when it does.
  const makeRoom = (asked) => {
    const room = `${Math.max(log().clientHeight - asked.getBoundingClientRect().height - 90, 0)}px`;
    if (root.style.getPropertyValue("--room") !== room) root.style.setProperty("--room", room);
  };
  const showEarlier = () => {
    scrollChatUntil = 0;
    heightBefore = { height: log().scrollHeight, top: log().scrollTop };
    send("earlier", {});
  };
  const keepPlace = () => {
    if (heightBefore) log().scrollTop = heightBefore.top + log().scrollHeight - heightBefore.height;
  };

  const nameParts = () => {
    const name = find("#brand h1")?.textContent;
    if (name && document.title !== name) document.title = name;
    const label = (selector, text) => {
      const element = find(selector);
      if (element && text && element.getAttribute("aria-label") !== text) element.setAttribute("aria-label", text);
    };
    label("#ask-box .submit-button", words("send"));
    label("#ask-box textarea", words("ask"));
    label("#chat [role=log]", words("conversation"));
    label("#reader .sheet-body", words("reader"));
    label(".overflow-menu > button", words("more"));
    // Gradio names a message by its source; ours is HTML, and the message speaks for itself.
    document.querySelectorAll("#chat .message > [aria-label]").forEach((m) => m.removeAttribute("aria-label"));
    // What is scrolled is reached with the keys.
    if (log() && log().tabIndex !== 0) log().tabIndex = 0;
    const bar = find(".talk-bar");
    if (bar && bar.dataset.talk !== kept) {
      kept = bar.dataset.talk;
      cookie("tutor_talk", kept);
      session("tutor.talk", kept);
    }
  };
  let kept = null;

  // A person who scrolls is not scrolled away again.
  const letGo = () => { scrollChatUntil = scrollReaderUntil = 0; };
  for (const kind of ["wheel", "touchmove"]) document.addEventListener(kind, letGo, { passive: true });
  document.addEventListener("keydown", (event) => { if (/^(Page|Arrow|Home|End)/.test(event.key)) letGo(); });

  let due = 0;
  const settle = () => {
    due = 0;
    const now = Date.now();
    nameParts();
    if (now < expectUntil) followAnswer();
    if (now < scrollReaderUntil) scrollReader();
    if (now < scrollChatUntil) scrollChat();
    parts.forEach((part) => part.settle?.());
  };
  const settleSoon = () => { due ||= requestAnimationFrame(settle); };
  document.addEventListener("DOMContentLoaded", () => {
    paintTheme();
    new MutationObserver(settleSoon).observe(document.body, { childList: true, subtree: true });
    document.fonts.addEventListener("loadingdone", settleSoon);
  });

  const asked = () => {
    nudge();
    root.classList.add("answering");
    markOn("");
    lastCite = newestCite();
    // The note opens together with the first quote: what stands in the chat by then is only the question.
    expectUntil = scrollChatUntil = scrollReaderUntil = Date.now() + 60000;
  };

  window.tutor = {
    connect: (given) => { trigger = given; },
    send,
    part: (part) => parts.push(part),
    words, language, find, narrow, remembered, remember, session, ask, hideReader, readerOpen,
    ready: () => {
      wake();
      scrollChatUntil = Date.now() + 1500;
      settle();
      parts.forEach((part) => part.ready?.());
    },
    opened: () => {
      settle();
      if (narrow.matches && readerOpen()) find("#reader .sheet-body")?.focus({ preventScroll: true });
    },
    asked,
    answered: () => {
      root.classList.remove("answering");
      expectUntil = scrollChatUntil = Date.now() + 1500;
      settle();
    },
    drawn: () => { scrollReaderUntil = Date.now() + 1500; settle(); },
    talked: () => { root.style.removeProperty("--room"); scrollChatUntil = Date.now() + 1500; settle(); parts.forEach((part) => part.talked?.()); },
    earlierShown: () => { keepPlace(); requestAnimationFrame(keepPlace); },
  };
})();
