// The list of cards that were put away: fetched when it is unfolded, searched as one types, and the focus stays near
// what was brought back.
"use strict";
(() => {
  const { find, part } = window.tutor;
  const rows = () => [...document.querySelectorAll("#drill-away .take-back")];
  const seek = (words) => window.tutor.drill("seek", { words });
  let typing = 0;
  let taken = -1; // place of the row whose card was brought back
  let amount = 0;
  document.addEventListener("input", (event) => {
    if (event.target.id !== "away-search" || event.isComposing) return;
    clearTimeout(typing);
    typing = setTimeout(() => seek(event.target.value), 200);
  });
  document.addEventListener("compositionend", (event) => { if (event.target.id === "away-search") seek(event.target.value); });
  const follow = () => {
    if (taken < 0 || rows().length === amount) return;
    const next = rows()[Math.min(taken, rows().length - 1)] ?? find("#drill-away summary") ?? find("#drill-start .drill-go");
    taken = -1;
    next?.focus({ preventScroll: true });
  };
  part({
    settle: follow,
    click: (event, hit) => {
      const fold = hit("#drill-away summary")?.parentElement;
      if (fold && !fold.open && !find("#away-search")) seek("");
      const back = hit("#drill-away .take-back");
      if (!back) return;
      taken = rows().indexOf(back);
      amount = rows().length;
    },
  });
})();
