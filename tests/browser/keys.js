// What the keys reach, for `test_keys.py`. Sets `window.keys`.
(() => {
  const PRESSED = "button, a[href], input, select, textarea, summary, [role=tab], [role=button], [tabindex='0']";
  const WRITTEN = "textarea, select, input:not([type=checkbox], [type=radio], [type=file], [type=button])";
  const name = (one) =>
    `${one.tagName.toLowerCase()}#${one.id}.${one.className} “${(one.getAttribute("aria-label") ?? one.textContent).trim().slice(0, 30)}”`;
  const there = (one) =>
    one.checkVisibility({ visibilityProperty: true }) && !one.disabled && !one.closest("[inert]") && one.tabIndex >= 0 &&
    !(one.type === "radio" && !one.checked) && (!document.querySelector("dialog[open]") || one.closest("dialog[open]"));
  let clicked = null;
  window.addEventListener("click", (event) => {
    if (!keys.listening) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    clicked = event.target;
  }, true);
  window.keys = {
    listening: false,
    pressable: () => [...document.querySelectorAll(PRESSED)].filter(there).map(name),
    at: () => (document.activeElement === document.body || !document.activeElement ? "" : name(document.activeElement)),
    // By which keys it is pressed.
    by: () => {
      const one = document.activeElement;
      if (one.matches(`${WRITTEN}, [role=tab][aria-selected=true]`)) return []; // nothing to press, or nothing comes of it
      if (!one.matches("button, a, input, summary, [role=tab], [role=button]")) return [];
      if (one.matches("a")) return ["Enter"];
      return one.matches("input") && one.type !== "file" ? ["Space"] : ["Enter", "Space"];
    },
    pressed: () => { const was = clicked; clicked = null; return was !== null && (was === document.activeElement || document.activeElement.contains(was)); },
    // What is looked at for the sign of the focus: the element, or its label where it is itself not to be seen.
    box: () => {
      const one = document.activeElement;
      const own = one.getBoundingClientRect();
      const from = own.width > 6 && own.height > 6 && getComputedStyle(one).opacity !== "0" ? own : (one.closest("label") ?? one).getBoundingClientRect();
      const [left, top] = [Math.max(from.left - 6, 0), Math.max(from.top - 6, 0)];
      return { x: left, y: top, width: Math.min(from.right + 6, innerWidth) - left, height: Math.min(from.bottom + 6, innerHeight) - top };
    },
    leave: () => { window.keys.was = document.activeElement; document.activeElement.blur(); },
    back: () => window.keys.was.focus({ preventScroll: true }),
  };
  const still = document.createElement("style");
  still.textContent = "* { transition: none !important; animation: none !important; caret-color: transparent !important; }";
  document.head.append(still);
})();
