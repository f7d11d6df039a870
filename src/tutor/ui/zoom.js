// Pages of a PDF larger and smaller: by buttons, by two fingers, by the wheel with Ctrl. What is in the middle stays there;
// the rectangles over the quoted words are parts of the page and grow with it.
"use strict";
(() => {
  const { find, part, session } = window.tutor;
  const root = document.documentElement;
  const STEPS = [1, 1.5, 2, 2.5, 3, 4];
  const MOST = STEPS.at(-1);
  let zoom = Number(session("tutor.zoom")) || 1;

  const scroller = () => find("#reader .sheet.paged .sheet-body");
  const paint = () => {
    root.style.setProperty("--zoom", zoom);
    const said = `${Math.round(zoom * 100)}%`;
    const fit = find("#reader .zoom-fit");
    if (fit && fit.textContent !== said) fit.textContent = said;
    for (const [name, off] of [["out", zoom <= 1], ["in", zoom >= MOST]]) {
      const button = find(`#reader .zoom-${name}`);
      if (button && button.disabled !== off) button.disabled = off;
    }
  };
  // `x`, `y`: the point of the reader that stays where it is; the middle without them.
  const set = (wanted, x, y) => {
    const frame = scroller();
    if (!frame) return;
    const next = Math.min(Math.max(wanted, 1), MOST);
    const leaves = frame.querySelector(".leaves");
    const box = frame.getBoundingClientRect(), before = leaves.getBoundingClientRect();
    const [px, py] = [x ?? box.left + box.width / 2, y ?? box.top + box.height / 2];
    const at = [(px - before.left) / before.width, (py - before.top) / before.height];
    zoom = next;
    session("tutor.zoom", zoom);
    paint();
    const after = leaves.getBoundingClientRect();
    frame.scrollLeft += after.left + at[0] * after.width - px;
    frame.scrollTop += after.top + at[1] * after.height - py;
  };
  const step = (up) => set(up ? STEPS.find((one) => one > zoom + 0.01) ?? MOST : STEPS.findLast((one) => one < zoom - 0.01) ?? 1);

  // --- two fingers ---
  let pinch = null;
  const spread = ([a, b]) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  document.addEventListener("touchstart", (event) => {
    const ours = event.touches.length === 2 && event.target.closest?.("#reader .sheet.paged .leaves");
    pinch = ours ? { spread: spread(event.touches), zoom } : null;
  }, { passive: true });
  document.addEventListener("touchmove", (event) => {
    if (!pinch || event.touches.length !== 2) return;
    event.preventDefault();
    const [a, b] = event.touches;
    set((pinch.zoom * spread(event.touches)) / pinch.spread, (a.clientX + b.clientX) / 2, (a.clientY + b.clientY) / 2);
  }, { passive: false });
  document.addEventListener("touchend", (event) => { if (event.touches.length < 2) pinch = null; });

  document.addEventListener("wheel", (event) => {
    if (!event.ctrlKey || !event.target.closest?.("#reader .sheet.paged .leaves")) return;
    event.preventDefault();
    set(zoom * Math.exp(-event.deltaY / 300), event.clientX, event.clientY);
  }, { passive: false });

  part({
    settle: paint,
    click: (event, hit) => {
      if (hit("#reader .zoom-in")) step(true);
      else if (hit("#reader .zoom-out")) step(false);
      else if (hit("#reader .zoom-fit")) set(1);
    },
  });
})();
