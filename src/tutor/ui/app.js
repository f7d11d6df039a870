// Runs before anything is drawn (see page_head.py). The page's events are Gradio's; this file only joins them to the
// document: switches, citations, chips, copying, and where to scroll.
"use strict";
(() => {
  const root = document.documentElement;
  const remembered = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const remember = (key, value) => { try { localStorage.setItem(key, value); } catch { /* a private window */ } };
  const narrow = window.matchMedia("(max-width: 860px)");
  const darkSystem = window.matchMedia("(prefers-color-scheme: dark)");
  const find = (selector) => document.querySelector(selector);

  // --- language: remembered, else the browser's; the cookie tells the server before it fills the page ---
  const setLanguage = (lang) => {
    root.lang = lang === "zh" ? "zh-CN" : "en";
    document.cookie = `tutor_lang=${lang};path=/;SameSite=Strict;max-age=31536000`;
  };
  const language = () => (root.lang.startsWith("zh") ? "zh" : "en");
  setLanguage(remembered("tutor.lang") || (/^zh/i.test(navigator.language) ? "zh" : "en"));

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

  let trigger = () => {};
  let scrollChatUntil = 0;
  let scrollReaderUntil = 0;
  let scrollPageToo = false;

  const ask = (question) => {
    const box = find("#ask-box textarea, #ask-box input");
    if (!box || box.disabled) return;
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(box), "value").set.call(box, question);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(() => find("#ask-box .submit-button")?.click(), 0);
  };

  const copy = async (button) => {
    const words = button.parentElement.querySelector(".copy-text")?.textContent ?? "";
    await navigator.clipboard.writeText(words);
    button.classList.add("copied");
    setTimeout(() => button.classList.remove("copied"), 1600);
  };

  const open = (link) => {
    document.querySelectorAll(".cite.on").forEach((other) => other.classList.remove("on"));
    link.classList.add("on");
    scrollReaderUntil = Date.now() + 4000;
    scrollChatUntil = 0;
    scrollPageToo = true;
    trigger("open", { address: link.getAttribute("href").slice(1) });
  };

  const backToChat = () => {
    const on = find("#chat .cite.on") ?? find("#chat");
    window.scrollTo({ top: on.getBoundingClientRect().top + window.scrollY - 160, behavior: "smooth" });
    on.focus?.({ preventScroll: true });
  };

  const switchLanguage = () => {
    const lang = language() === "zh" ? "en" : "zh";
    remember("tutor.lang", lang);
    setLanguage(lang);
    trigger("language", { lang });
  };

  const switchTheme = () => {
    remember("tutor.theme", theme() === "dark" ? "light" : "dark");
    paintTheme();
  };

  document.addEventListener("click", (event) => {
    const hit = (selector) => event.target.closest?.(selector);
    let found;
    if ((found = hit('a[href^="#cite-"], a[href^="#note-"]'))) { event.preventDefault(); open(found); }
    else if ((found = hit("a.back"))) { event.preventDefault(); backToChat(); }
    else if ((found = hit("button.chip"))) ask(found.textContent);
    else if ((found = hit("button.copy"))) copy(found);
    else if (hit("#lang-switch")) switchLanguage();
    else if (hit("#theme-switch")) switchTheme();
  });

  // --- scrolling: never scrollIntoView, which moves every ancestor ---
  const scrollReader = () => {
    const scroller = find("#reader .sheet-body");
    if (!scroller) return;
    const mark = scroller.querySelector("mark, .passage");
    const top = mark ? mark.getBoundingClientRect().top - scroller.getBoundingClientRect().top : 0;
    scroller.scrollTop += mark ? top - scroller.clientHeight / 4 : -scroller.scrollTop;
    if (scrollPageToo && narrow.matches) {
      const side = find("#side").getBoundingClientRect().top;
      window.scrollTo({ top: side + window.scrollY + 8 });
      scrollPageToo = false;
    }
  };
  const scrollChat = () => {
    const asked = [...document.querySelectorAll("#chat .asked")].pop();
    if (!asked) return;
    const scroller = find("#chat [role=log]");
    if (narrow.matches || scroller.scrollHeight <= scroller.clientHeight) {
      if (narrow.matches) window.scrollTo({ top: asked.getBoundingClientRect().top + window.scrollY - 24 });
      return;
    }
    scroller.scrollTop += asked.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 20;
  };
  const markOpened = () => {
    if (find("#chat .cite.on")) return;
    const answers = document.querySelectorAll("#chat .answer");
    answers[answers.length - 1]?.querySelector(".source .cite")?.classList.add("on");
  };
  const nameButtons = () => {
    const send = find("#ask-box .submit-button");
    const words = find("#header .top");
    const name = find("#header h1")?.textContent;
    if (name && document.title !== name) document.title = name;
    if (send && words) send.setAttribute("aria-label", words.dataset.send);
    find("#ask-box textarea")?.setAttribute("aria-label", words?.dataset.ask ?? "");
    find("#chat [role=log]")?.setAttribute("aria-label", words?.dataset.talk ?? "");
    // Gradio names a message by its source; ours is HTML, and the message speaks for itself.
    document.querySelectorAll("#chat .message > [aria-label]").forEach((m) => m.removeAttribute("aria-label"));
  };

  // A person who scrolls is not scrolled away again.
  const letGo = () => { scrollChatUntil = scrollReaderUntil = 0; };
  for (const kind of ["wheel", "touchmove"]) document.addEventListener(kind, letGo, { passive: true });

  let due = 0;
  const settle = () => {
    due = 0;
    const now = Date.now();
    nameButtons();
    if (now < scrollReaderUntil) scrollReader();
    if (now < scrollChatUntil) { scrollChat(); markOpened(); }
  };
  document.addEventListener("DOMContentLoaded", () => {
    paintTheme();
    new MutationObserver(() => { due ||= requestAnimationFrame(settle); })
      .observe(document.body, { childList: true, subtree: true });
    document.fonts.addEventListener("loadingdone", () => { due ||= requestAnimationFrame(settle); });
  });

  window.tutor = {
    connect: (given) => { trigger = given; },
    ready: wake,
    opened: () => settle(),
    asked: () => {
      document.querySelectorAll(".cite.on").forEach((other) => other.classList.remove("on"));
      scrollChatUntil = scrollReaderUntil = Date.now() + 60000;
      scrollPageToo = false;
    },
    answered: () => { scrollChatUntil = scrollReaderUntil = Date.now() + 1500; settle(); },
  };
})();
