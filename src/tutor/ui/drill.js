// The tab of the drills, and that of progress: every press and every key is one signal to the server, with the card it
// is meant for. What is typed stays here until the card is turned; an input method is never interrupted.
"use strict";
(() => {
  const { find, send, part, session, narrow } = window.tutor;
  const root = document.documentElement;
  const name = session("tutor.window") || `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
  session("tutor.window", name);

  const shown = (selector) => (find(selector)?.getClientRects().length ?? 0) > 0;
  const now = () => find("#drill-bar .drill-now")?.dataset ?? {};
  const box = () => find("#drill-answer");
  const act = (what, data = {}) =>
    send("drill", { what, window: name, card: now().card ?? "", resume: session("tutor.drill") ?? "", ...data });

  // --- what is typed: kept for its card, also over a reload ---
  const keep = () => session("tutor.draft", JSON.stringify({ card: now().card, text: box()?.value ?? "" }));
  const kept = () => { try { return JSON.parse(session("tutor.draft") || "{}"); } catch { return {}; } };
  document.addEventListener("input", (event) => { if (event.target.id === "drill-answer") { keep(); grow(event.target); } });
  // --- the blanks of code: a box for each. What is in them is kept in the one box, a line for each, and shown in the code ---
  const count = () => Number(now().blanks ?? 0);
  const whole = () => find(".drill-now.kind-code") !== null && !count();
  const blanks = () => [...document.querySelectorAll("#drill-form .blank-row:not([hidden]) .blank-input")];
  const field = () => blanks()[0] ?? box();
  const put = (node, words) => { if (node && node.textContent !== words) node.textContent = words; };
  const lay = () => {
    const form = find("#drill-form .answer-form");
    if (!form || Number(form.dataset.blanks ?? 0) === count()) return;
    form.dataset.blanks = count();
    form.querySelectorAll(".blank-row").forEach((row, n) => { row.hidden = n >= count(); });
    spread();
  };
  const spread = () => { // from the one box into the blanks
    const lines = box().value.split("\n");
    blanks().forEach((one, n) => { one.value = lines[n] ?? ""; });
  };
  const gather = () => {
    const lines = blanks().map((one) => one.value);
    box().value = lines.some((line) => line.trim()) ? lines.join("\n") : "";
  };
  const fill = () => {
    const holes = document.querySelectorAll("#drill-card .blanked .code-blank");
    blanks().forEach((one, n) => { put(holes[n], one.value.trim() || `‹${n + 1}›`); });
    put(find("#reveal .written kbd"), whole() ? "Ctrl+Enter" : "Enter");
  };
  document.addEventListener("input", (event) => { if (event.target.classList?.contains("blank-input")) { gather(); fill(); keep(); } });

  const grow = (area) => { area.style.height = "auto"; area.style.height = `${Math.min(area.scrollHeight + 2, 260)}px`; };

  // --- turning the card ---
  let sure = "";
  const reveal = () => {
    if (now().phase !== "asking") return;
    const asks = find("#drill-form .answer-form")?.dataset.sure === "yes";
    const row = find("#drill-form .sure-row");
    if (asks && row.hidden) { row.hidden = false; find(".sure-yes").focus(); return; }
    wrote = Boolean(box().value.trim());
    act("reveal", { given: box().value, sure });
  };
  const say = (answer) => { sure = answer; reveal(); };
  const grade = (button) => {
    if (!button || now().phase !== "revealed") return;
    button.classList.add("pressed");
    act("grade", { rating: button.dataset.rating });
  };

  // --- beginning ---
  const begin = (wish, data = {}) => act("start", { wish, topic: "", early: "", within: [], ...data });
  const go = (button) => begin(button.dataset.wish, {
    topic: button.dataset.topic ?? "",
    early: button.dataset.early ?? "",
    within: (button.dataset.within ?? "").split(" ").filter(Boolean),
  });
  const openTab = () => { if (!shown("#drill")) find("#tab-drill-button")?.click(); };
  const topic = () => { const words = find("#drill-topic")?.value.trim(); if (words) begin("topic", { topic: words }); };

  // --- focus follows the card: into the box for somebody who types, else where the keys work ---
  let wrote = false;
  let last = "";
  let wanted = "";
  const follow = () => {
    const { card, phase, resume } = now();
    if (resume) session("tutor.drill", resume); // for the program, should it be started anew meanwhile
    else if (phase === "done") session("tutor.drill", "");
    const state = `${card}|${phase}`;
    if (state === last || !shown("#drill")) return;
    last = state;
    if (phase === "asking") {
      const same = kept().card === card;
      if (box()) { box().value = same ? kept().text : ""; grow(box()); lay(); spread(); }
      sure = "";
      const row = find("#drill-form .sure-row");
      if (row) row.hidden = true;
      if (!narrow.matches) root.classList.remove("reading"); // the note of the last card would tell this one's answer
      wanted = !wrote || narrow.matches ? "#drill-card" : count() ? ".blank-row:not([hidden]) .blank-input" : "#drill-answer";
      find("#drill").scrollTop = 0;
    } else if (phase === "revealed") wanted = "#drill-back";
    else if (phase === "done") wanted = "#summary-title";
  };
  const focusNow = () => {
    const target = wanted && find(wanted);
    if (!target || target.getClientRects().length === 0) return;
    if (!target.hasAttribute("tabindex") && !/TEXTAREA|INPUT/.test(target.tagName)) target.tabIndex = -1;
    target.focus({ preventScroll: true });
    if (document.activeElement === target) wanted = "";
    const scroller = find("#drill");
    if (target.id !== "drill-back" || !scroller) return;
    // The question stays in sight unless it leaves no room for the answer.
    const above = target.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    if (above > scroller.clientHeight * 0.5) scroller.scrollTop += above - 12;
  };

  const dialog = (id) => { find(`#${id}`)?.showModal(); find(`#${id} textarea`)?.focus(); };
  const shut = () => document.querySelectorAll("#drill-forms dialog[open]").forEach((one) => one.close());
  const cardAct = (what) => {
    find(".card-menu")?.removeAttribute("open");
    if (what === "edit") dialog("edit-card");
    else if (what === "report") dialog("report-card");
    else act("put", { status: what, report: "" });
  };
  const plan = (what) => send("progress", { what, date: find("#plan-date")?.value ?? "", minutes: find("#plan-minutes")?.value ?? "" });

  part({
    settle: () => { follow(); lay(); fill(); focusNow(); },
    click: (event, hit) => {
      let found;
      if ((found = hit(".drill-these"))) { openTab(); begin(found.dataset.wish ?? "notes", { within: (found.dataset.within ?? "").split(" ").filter(Boolean), early: found.dataset.early ?? "" }); }
      else if (hit(".plan-go")) plan("plan");
      else if (hit(".plan-keep")) plan("keep");
      else if (hit(".plan-end")) plan("end");
      else if (!hit("#drill")) return;
      else if ((found = hit(".drill-go"))) go(found);
      else if (hit(".drill-topic-go")) topic();
      else if (hit(".drill-notes-go")) begin("notes", { within: [...document.querySelectorAll("#drill .note-list input:checked")].map((one) => one.value) });
      else if (hit("#hint")) act("hint");
      else if (hit("#reveal")) reveal();
      else if (hit(".sure-yes")) say("yes");
      else if (hit(".sure-no")) say("no");
      else if ((found = hit("button.grade"))) grade(found);
      else if ((found = hit("button.overrule"))) act("overrule", { verdict: found.classList.contains("right") ? "right" : "wrong" });
      else if ((found = hit(".choose-now"))) act("choose", { name: found.dataset.name, value: found.dataset.value });
      else if (hit(".undo")) act("undo");
      else if (hit(".end-drill")) act("end");
      else if (hit(".drill-home")) act("home");
      else if ((found = hit(".card-act"))) cardAct(found.dataset.act);
      else if ((found = hit(".take-back"))) act("take back", { id: found.dataset.id });
      else if (hit(".close-form")) shut();
      else if (hit(".save-edit")) { const data = { prompt: find("#edit-prompt").value, expected: find("#edit-expected").value }; shut(); act("edit", data); }
      else if (hit(".send-report")) { const report = find("#report-words").value; if (report.trim()) { shut(); act("put", { status: "suspend", report }); } else find("#report-words").focus(); }
      if (!hit(".card-menu")) find(".card-menu")?.removeAttribute("open");
    },
  });
  window.tutor.drilled = () => { follow(); focusNow(); };
  window.tutor.drill = act;
  window.tutor.lookDrill = () => act("look", { given: kept().card === now().card ? kept().text ?? "" : "" });

  document.addEventListener("change", (event) => {
    const field = event.target;
    if (!field.closest?.("#drill .choices") || !field.dataset.name) return;
    act("choose", { name: field.dataset.name, value: field.type === "checkbox" ? (field.checked ? field.dataset.yes : field.dataset.no) : field.value });
  });

  // --- keys. While an input method composes, every key is its own ---
  const KEYS = {
    " ": () => reveal(),
    h: () => act("hint"),
    u: () => act("undo"),
    o: () => find("#drill-card .source-link")?.click(),
    "/": () => { if (now().phase === "asking") field()?.focus(); },
  };
  const type = (words) => { // as if typed, so that it can be taken back
    if (!document.execCommand("insertText", false, words)) box().setRangeText(words, box().selectionStart, box().selectionEnd, "end");
  };
  const newLine = () => { // as far in as the last one, and further after a colon
    const line = box().value.slice(0, box().selectionStart).split("\n").pop();
    type(`\n${/^[ \t]*/.exec(line)[0]}${/:\s*$/.test(line) ? "    " : ""}`);
  };
  const inBox = (event) => {
    const code = whole();
    const sends = code ? event.ctrlKey || event.metaKey : !event.shiftKey;
    const next = blanks()[blanks().indexOf(event.target) + 1];
    if (event.key === "Enter" && next && !event.ctrlKey && !event.metaKey) return () => next.focus();
    if (event.key === "Tab" && code && !event.shiftKey) return () => type("    ");
    if (event.key === "Enter" && code && !sends && !event.shiftKey) return newLine;
    if (event.key === "Enter" && sends) return reveal;
    if (event.key === " " && !box().value) return reveal;
    if (event.key === "Escape") return () => { wanted = "#drill-card"; focusNow(); };
    return null;
  };
  const onCard = (event) => {
    const { phase } = now();
    // The tab that is open has nothing to do with these keys, nor has a grade of the card before that is still drawn.
    const idle = `[role=tab][aria-selected=true]${phase === "asking" ? ", .grade" : ""}`;
    const button = event.target.closest(`button:not(${idle}), a, summary, input, select`);
    if (/^[1-4]$/.test(event.key) && phase === "revealed") {
      const all = document.querySelectorAll("#drill-foot .grade");
      return () => grade(all[Math.min(Number(event.key), all.length) - 1]);
    }
    if (/^[yn]$/i.test(event.key) && find(".sure-row")?.hidden === false) return () => say(event.key.toLowerCase() === "y" ? "yes" : "no");
    if ((event.key === "Enter" || event.key === " ") && button) return null; // its own
    if (event.key === "Enter" && phase === "asking") return reveal;
    if (event.key === "Enter" && phase === "revealed") return () => grade(find("#drill-foot .grade.suggested"));
    if (event.key === "Enter" && phase === "start") return () => find("#drill-start .drill-go")?.click();
    if (event.key === "Enter" && phase === "done") return () => find("#drill-foot .drill-go, #drill-foot .drill-home")?.click();
    return KEYS[event.key.toLowerCase()] ?? null;
  };
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented || !shown("#drill")) return;
    if (find("dialog[open]") || /panel-/.test(root.className) || event.target.closest?.("#reader")) {
      if (!event.target.closest?.("#reader") || !/^[1-4u]$/.test(event.key)) return;
    }
    const writing = event.target.closest?.("input:not([type=checkbox]), textarea, select");
    if (writing && writing !== box() && !blanks().includes(writing)) {
      if (event.key === "Enter" && writing.id === "drill-topic" && !event.repeat) topic();
      return;
    }
    if (!writing && (event.ctrlKey || event.metaKey || event.altKey)) return;
    const does = writing ? inBox(event) : onCard(event);
    if (!does) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!event.repeat) does();
  }, true);
})();
