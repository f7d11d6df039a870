// What the tabs of drills and of progress show follows the notes and the records: asked for when a tab is opened, and
// while it is open whenever something has changed. What is being typed, ticked or unfolded stays.
"use strict";
(() => {
  const { find, send, part } = window.tutor;
  const root = document.documentElement;
  const shown = (selector) => (find(selector)?.getClientRects().length ?? 0) > 0;

  // --- asking for what is new ---
  let open = ""; // the tab that has asked
  let known = ""; // what its server said last of notes and records
  let stale = false;
  const here = () => (shown("#drill") ? "drill" : shown("#progress") ? "progress" : "");
  const planned = () => Boolean(planning || find("#progress-plan :is(.plan-keep, [role=alert])"));
  const ask = () => {
    stale = false;
    if (open === "drill") window.tutor.lookDrill();
    if (open === "progress") send("progress", { what: "look", date: "", minutes: "", planned: planned() ? "yes" : "" });
  };
  const look = () => {
    if (root.classList.contains("waking") || here() === open) return;
    open = here();
    ask();
  };
  // In the middle of something nothing is drawn anew.
  const occupied = () =>
    document.activeElement?.closest?.("#drill-start input, #drill-start select, #away-search, #progress input") != null ||
    find("dialog[open], .card-menu[open]") !== null;
  const refresh = () => { if (stale && open && open === here() && !occupied()) ask(); };
  const news = (told) => {
    if (told.busy) return;
    const now = `${told.revision}|${told.records}`;
    if (known && now !== known) stale = true;
    known = now;
    refresh();
  };
  document.addEventListener("focusout", () => setTimeout(refresh, 0));

  // --- what the learner has begun outlives a drawing: by the name of each field ---
  const PAGES = ["#drill-start .start-page", "#drill-away", "#progress-report", "#progress-plan"];
  const kept = new Map(); // name of a field: what it holds
  const seen = new Map(); // page: its first element as it was last drawn
  let planning = false; // a date or minutes were typed, and not yet sent
  let at = null; // the field that has the focus
  const inPage = (node) => PAGES.some((page) => node.closest?.(page));
  const nameOf = (field) => {
    if (field.tagName === "DETAILS") return `details ${field.className} ${field.closest("section")?.className ?? ""}`;
    const choice = field.closest("details")?.className ?? "";
    return field.id ? `#${field.id}` : field.dataset.name ? "" : `${choice} ${field.type} ${field.value}`;
  };
  const fields = (page) => [...page.querySelectorAll("input, select, details")].filter(nameOf);
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!inPage(field) || !nameOf(field)) return;
    planning ||= field.closest(".plan-form") !== null;
    kept.set(nameOf(field), field.type === "checkbox" ? field.checked : field.value);
  });
  const unfold = (details) => {
    const held = kept.get(nameOf(details));
    if (held !== undefined && details.open !== held) details.open = held;
  };
  document.addEventListener("focusin", (event) => { at = inPage(event.target) ? event.target : null; });
  const counterpart = (page, gone) => {
    if (gone.id) return page.querySelector(`#${CSS.escape(gone.id)}`);
    if (gone.dataset.name) return page.querySelector(`[data-name="${CSS.escape(gone.dataset.name)}"]`);
    return gone.tagName === "INPUT" ? fields(page).find((field) => nameOf(field) === nameOf(gone)) : null;
  };
  const restore = (page) => {
    for (const field of fields(page)) {
      const held = kept.get(nameOf(field));
      if (held === undefined) continue;
      if (field.tagName === "DETAILS") unfold(field);
      else if (field.type === "checkbox") field.checked = held;
      else if (planning || !field.closest(".plan-form")) field.value = held;
    }
    if (at && !at.isConnected && document.activeElement === document.body) counterpart(page, at)?.focus({ preventScroll: true });
  };
  const settle = () => {
    for (const selector of PAGES) {
      const page = find(selector);
      const first = page?.querySelector("section, h2, .progress-figures, summary") ?? null;
      if (seen.get(selector) === first) continue;
      seen.set(selector, first);
      if (first) restore(page);
      else if (selector === PAGES[0]) kept.clear(); // a drill has begun: the next choice is another one
    }
    look();
  };

  part({
    settle,
    ready: () => { open = ""; look(); },
    click: (event, hit) => {
      const details = hit("summary")?.parentElement;
      if (details && inPage(details)) kept.set(nameOf(details), !details.open);
      if (hit(".plan-go, .plan-keep, .plan-end")) planning = false;
    },
  });
  window.tutor.news = news;
  document.addEventListener("DOMContentLoaded", () => {
    // Gradio folds up again what the new HTML does not say is open.
    const folded = (all) => all.forEach(({ target }) => { if (target.tagName === "DETAILS" && inPage(target)) unfold(target); });
    new MutationObserver(folded).observe(document.body, { attributes: true, attributeFilter: ["open"], subtree: true });
    // A tab is opened without an element coming or going: by mouse, keys, or a link.
    new MutationObserver(look).observe(document.body, { attributes: true, attributeFilter: ["aria-selected"], subtree: true });
  });
})();
