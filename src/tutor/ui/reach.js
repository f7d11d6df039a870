// What is wider or higher than its place, and so is scrolled, is reached with the keys and has a name; nothing else is.
"use strict";
(() => {
  const { words, language, part } = window.tutor;
  const KINDS = [["pre", "code"], [".formula, .katex-display", "formula"], ["div.table, .numbers .table", "table"], [".said", "quote"], [".note-list", "notes"]];
  const PLACES = ["#chat", "#reader", "#drill", "#notes", "#progress"];
  const SCROLLED = PLACES.flatMap((place) => KINDS.map(([kind]) => kind.split(", ").map((one) => `${place} ${one}`))).flat().join(", ");
  const seen = new WeakSet();
  const ours = new WeakSet(); // those that have been made reachable here
  const scrolls = (node) => {
    const style = getComputedStyle(node);
    return (node.scrollWidth > node.clientWidth + 1 && /auto|scroll/.test(style.overflowX)) ||
      (node.scrollHeight > node.clientHeight + 1 && /auto|scroll/.test(style.overflowY));
  };
  const name = (node) => words(`scroll-${KINDS.find(([kind]) => node.matches(kind))[1]}`);
  const measure = (node) => {
    if (!node.isConnected || !scrolls(node)) {
      if (!ours.delete(node)) return;
      for (const made of ["tabindex", "role", "aria-label"]) node.removeAttribute(made);
      return;
    }
    ours.add(node);
    node.tabIndex = 0;
    node.setAttribute("role", "group");
    node.setAttribute("aria-label", name(node));
  };
  const sizes = new ResizeObserver((all) => new Set(all.map(({ target }) => target.closest(SCROLLED))).forEach((node) => node && measure(node)));
  let spoken = language();
  const settle = () => {
    // A formula is set, and its fonts come, after its place was made.
    for (const place of document.querySelectorAll(SCROLLED)) for (const node of [place, ...place.children]) {
      if (seen.has(node)) continue;
      seen.add(node);
      sizes.observe(node);
    }
    if (spoken === language()) return;
    spoken = language();
    document.querySelectorAll(SCROLLED).forEach((node) => { if (ours.has(node)) node.setAttribute("aria-label", name(node)); });
  };
  // Signs grow as their fonts come, while the place that holds them keeps its size.
  document.fonts.addEventListener("loadingdone", () => document.querySelectorAll(SCROLLED).forEach(measure));
  part({ settle });
})();
