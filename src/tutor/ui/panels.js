// Drawers, dialogs and keys: conversations, which notes are asked, help; and news of the server.
"use strict";
(() => {
  const { find, words, send, part } = window.tutor;
  const root = document.documentElement;

  // --- panels: one at a time ---
  const PANELS = { history: "#history-switch", scope: "#scope-switch" };
  const openPanel = () => Object.keys(PANELS).find((name) => root.classList.contains(`panel-${name}`));
  // Behind a panel nothing is reached, with keys or otherwise, as behind a sheet (see app.js).
  const aside = (open) => {
    for (const part of document.querySelectorAll("#header > :not(#brand), #talk, #side, #tabs > .tab-wrapper")) part.inert = open;
  };
  const show = (name) => {
    hide();
    root.classList.add(`panel-${name}`);
    aside(true);
    find(PANELS[name])?.setAttribute("aria-expanded", "true");
    if (name === "history") send("talk", { what: "list", id: "", words: find("#talk-search")?.value ?? "" });
    else send("choose", {});
    focusWhenThere = `#${name} input[type=search]`;
    focusNow();
  };
  const hide = () => {
    const name = openPanel();
    if (!name) return false;
    root.classList.remove(`panel-${name}`);
    aside(false);
    const from = find(PANELS[name]);
    from?.setAttribute("aria-expanded", "false");
    if (!document.activeElement || document.activeElement === document.body || document.activeElement.closest("#history, #scope")) from?.focus();
    return true;
  };
  let focusWhenThere = "";
  const focusNow = () => {
    const target = focusWhenThere && openPanel() && !window.tutor.narrow.matches && find(focusWhenThere);
    if (!target) return;
    target.focus();
    if (document.activeElement === target) focusWhenThere = "";
    else requestAnimationFrame(focusNow); // not yet to be seen
  };

  // --- conversations ---
  const talk = (what, id = "", text = "") => send("talk", { what, id, words: text });
  let searching = 0;
  document.addEventListener("input", (event) => {
    if (event.target.id === "talk-search") {
      clearTimeout(searching);
      searching = setTimeout(() => talk("list", "", event.target.value), 200);
    }
    if (event.target.id === "scope-search") {
      const wanted = event.target.value.trim().toLowerCase();
      document.querySelectorAll("#scope .scope-row").forEach((row) => {
        row.hidden = !row.querySelector("span").title.toLowerCase().includes(wanted);
      });
    }
  });
  const rename = (row) => {
    const name = row.querySelector(".name");
    const box = document.createElement("input");
    box.className = "rename-box";
    box.value = name.textContent;
    box.setAttribute("aria-label", row.querySelector(".rename").title);
    row.querySelector(".open-talk").hidden = true;
    row.prepend(box);
    box.select();
    let done = false;
    const end = (keep) => {
      if (done) return;
      done = true;
      if (keep && box.value.trim() !== name.textContent) talk("rename", row.dataset.talk, box.value);
      else { row.querySelector(".open-talk").hidden = false; box.remove(); }
    };
    box.addEventListener("keydown", (event) => {
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key === "Enter") end(true);
      if (event.key === "Escape") { event.stopPropagation(); end(false); }
    });
    box.addEventListener("blur", () => end(true));
  };
  const confirm = (row, asked) => {
    row.querySelector(".confirm").hidden = !asked;
    row.querySelector(asked ? ".confirm .no" : ".delete").focus();
  };
  const newTalk = () => { talk("new"); hide(); find("#ask-box textarea")?.focus(); };

  // --- which notes are asked ---
  const ticked = () => [...document.querySelectorAll("#scope input[type=checkbox]:checked")].map((box) => box.value);
  const choose = (paths) => { window.tutor.session("tutor.scope", JSON.stringify(paths)); send("scope", { paths }); hide(); find("#ask-box textarea")?.focus(); };

  const help = (open) => { const box = find("#help"); if (box?.open !== open) open ? box.showModal() : box.close(); };

  // --- the index made anew: asked first, and the question stays while news come in ---
  let wondering = false;
  const rebuild = (wanted) => {
    wondering = wanted;
    const box = find("#rebuild-dialog");
    if (box && box.open !== wanted) wanted ? box.showModal() : box.close();
  };
  document.addEventListener("close", (event) => { if (event.target.id === "rebuild-dialog" && event.target.isConnected) wondering = false; }, true);

  part({
    settle: () => { focusNow(); if (wondering) rebuild(true); },
    ready: () => {
      const scope = JSON.parse(window.tutor.session("tutor.scope") || "[]");
      if (scope.length) send("scope", { paths: scope });
    },
    click: (event, hit) => {
      let found;
      const row = hit(".talk");
      if (hit("#history-switch")) openPanel() === "history" ? hide() : show("history");
      else if (hit("#scope-switch")) openPanel() === "scope" ? hide() : show("scope");
      else if (hit(".close-panel")) hide();
      else if (hit(".new-talk")) newTalk();
      else if (row && hit(".open-talk")) { talk("open", row.dataset.talk); hide(); }
      else if (row && hit(".rename")) rename(row);
      else if (row && hit(".delete")) confirm(row, true);
      else if (row && hit(".no")) confirm(row, false);
      else if (row && hit(".yes")) talk("delete", row.dataset.talk);
      else if (hit(".scope-all")) choose([]);
      else if (hit(".scope-done")) choose(ticked());
      else if (hit("#help-switch")) help(true);
      else if (hit(".close-help") || event.target.id === "help") help(false);
      else if (hit(".to-notes")) find("#tab-notes-button")?.click();
      else if (hit("#notes-rebuild")) rebuild(true);
      else if (hit(".rebuild-go")) { rebuild(false); find("#notes-rebuild").disabled = true; send("rebuild", {}); }
      else if (hit(".rebuild-no") || event.target.id === "rebuild-dialog") rebuild(false);
      else if ((found = hit(".forget"))) { found.disabled = true; send("forget", {}); }
      else if (openPanel() && !hit("#history, #scope")) hide();
    },
  });

  // --- keys: never while somebody writes, never with a modifier, never while an input method composes ---
  const step = (name) => find(`#reader a.${name}`)?.click();
  const KEYS = {
    "/": () => find("#ask-box textarea")?.focus(),
    "?": () => help(true),
    "[": () => step("before"),
    "]": () => step("after"),
    h: () => show("history"),
    n: newTalk,
    s: () => show("scope"),
  };
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      if (find("dialog[open]")) return; // the dialog's own
      if (!hide() && window.tutor.readerOpen()) window.tutor.hideReader();
      return;
    }
    const writes = event.target.closest?.("input, textarea, select, [contenteditable=true]");
    const asking = find("#talk") && find("#talk").getClientRects().length > 0;
    if (writes || find("dialog[open]") || !(asking || event.key === "?")) return;
    const act = KEYS[event.key];
    if (act) { event.preventDefault(); act(); }
  });

  // --- news: whether the notes changed, and whether the program still runs ---
  let revision = -1;
  let lost = 0;
  const look = async () => {
    let wait = 2000;
    if (!document.hidden) {
      try {
        const news = await (await fetch("/tutor/news", { cache: "no-store" })).json();
        if (revision >= 0 && news.revision !== revision) send("notes", {});
        revision = news.revision;
        window.tutor.news(news);
        lost = 0;
        wait = news.busy ? 500 : 2000;
      } catch { lost += 1; wait = 700; }
      offline(lost > 1);
    }
    setTimeout(look, wait);
  };
  const offline = (gone) => {
    let bar = find("#offline");
    if (!gone) { bar?.remove(); return; }
    if (bar) return;
    bar = document.createElement("div");
    bar.id = "offline";
    bar.setAttribute("role", "alert");
    bar.textContent = words("offline");
    document.body.append(bar);
  };
  document.addEventListener("DOMContentLoaded", () => setTimeout(look, 300));
  document.addEventListener("visibilitychange", () => { if (!document.hidden && revision >= 0) send("notes", {}); });
})();
