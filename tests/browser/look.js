// What is wrong with what is on the screen, for `looking.py`: a list of sentences, empty where nothing is.
(({ touch, most }) => {
  const faults = [];
  const say = (what, element, more = "") => {
    const words = (element.getAttribute("aria-label") || element.textContent || "").trim().replace(/\s+/g, " ").slice(0, 30);
    faults.push(`${what}: <${element.tagName.toLowerCase()} id="${element.id}" class="${element.getAttribute("class") ?? ""}"> “${words}” ${more}`);
  };
  const modal = document.querySelector("dialog[open]");
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const pen = canvas.getContext("2d", { willReadFrequently: true });

  // --- what can be seen: not hidden, not behind a dialog or a drawer, within everything that scrolls or clips ---
  const area = (box) => Math.max(0, box.right - box.left) * Math.max(0, box.bottom - box.top);
  const cut = (a, b) => ({ left: Math.max(a.left, b.left), top: Math.max(a.top, b.top), right: Math.min(a.right, b.right), bottom: Math.min(a.bottom, b.bottom) });
  const frames = new Map();
  const frame = (element) => {
    if (!element || element === document.documentElement) return { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
    if (!frames.has(element)) {
      const style = getComputedStyle(element);
      const outer = style.position === "fixed" ? frame(null) : frame(element.parentElement);
      frames.set(element, /visible/.test(style.overflow) ? outer : cut(outer, element.getBoundingClientRect()));
    }
    return frames.get(element);
  };
  const shown = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true }) &&
    !element.closest("[inert], .unseen, .katex-mathml") && (!modal || modal.contains(element));

  // --- nothing is wider than the screen ---
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide > 0) faults.push(`the page is ${wide} px wider than the screen`);
  for (const one of document.querySelectorAll("*"))
    if (one.scrollLeft > 0 && /hidden|clip/.test(getComputedStyle(one).overflowX)) say("pushed aside", one, `${one.scrollLeft} px`);

  // --- what is pressed is large enough on a phone, and nothing lies over it ---
  const controls = "button, a[href], input, select, textarea, summary, [role=tab]";
  for (const element of document.querySelectorAll(controls)) {
    if (!shown(element) || element.disabled || element.getAttribute("aria-hidden") === "true") continue;
    const own = element.closest("label")?.getBoundingClientRect() ?? element.getBoundingClientRect();
    const seen = cut(own, frame(element.parentElement));
    if (area(seen) < 0.9 * area(own) || !area(own)) continue;
    const words = getComputedStyle(element).display === "inline" && element.closest("p, li, .prose .said, .sheet-body, .understood");
    if (touch && !words && (own.width < most || own.height < most)) say(`smaller than ${most} px`, element, `${own.width.toFixed(1)}×${own.height.toFixed(1)}`);
    const hit = document.elementFromPoint((own.left + own.right) / 2, (own.top + own.bottom) / 2);
    const same = hit && (element.contains(hit) || hit.contains(element) || hit.closest("label")?.contains(element));
    // What floats over a list that scrolls can be scrolled away from under it.
    if (!same && !hit?.closest("#toast, #peek, .scroll-down-button-container, #offline, #drill-foot, #drill-form, .card-acts")) say("covered", element, hit ? `by ${hit.tagName} ${hit.id} ${hit.className}` : "");
  }

  // --- every text can be told from what it stands on, and is not cut off without a sign ---
  const paint = (color) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = color;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const colors = new Map();
  const rgba = (color) => { if (!colors.has(color)) colors.set(color, paint(color)); return colors.get(color); };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3]));
  const grounds = new Map();
  const ground = (element) => {
    if (!element) return rgba("white").slice(0, 3);
    if (!grounds.has(element)) {
      const back = rgba(getComputedStyle(element).backgroundColor);
      grounds.set(element, back[3] > 0.99 ? back.slice(0, 3) : over(back, ground(element.parentElement)));
    }
    return grounds.get(element);
  };
  const light = (color) => {
    const [r, g, b] = color.slice(0, 3).map((one) => (one /= 255) <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => { const [x, y] = [light(a), light(b)].sort((m, n) => n - m); return (x + 0.05) / (y + 0.05); };
  const read = (element, style, color) => {
    const below = ground(element);
    let clear = rgba(color)[3];
    for (let one = element; one; one = one.parentElement) clear *= Number(getComputedStyle(one).opacity);
    const found = contrast(over([...rgba(color).slice(0, 3), clear], below), below);
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (found < (large ? 3 : 4.5) - 0.005) say(`contrast ${found.toFixed(2)}`, element, `${color} on rgb(${below.map(Math.round)})`);
  };
  const texts = document.createTreeWalker(modal ?? document.body, NodeFilter.SHOW_TEXT);
  const done = new Set();
  const range = document.createRange();
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.textContent.trim() || done.has(element) || /^(SCRIPT|STYLE|OPTION|TITLE|NOSCRIPT|TEXTAREA)$/.test(element.tagName)) continue;
    range.selectNodeContents(texts.currentNode);
    const box = range.getBoundingClientRect();
    if (box.width < 2 || box.height < 2 || !shown(element) || element.closest(":disabled") || area(cut(box, frame(element))) < 4) continue;
    done.add(element);
    const style = getComputedStyle(element);
    if (parseFloat(style.fontSize) === 0) continue;
    read(element, style, element instanceof SVGElement ? style.fill : style.color);
    if (/hidden|clip/.test(style.overflowX) && element.scrollWidth > element.clientWidth + 1 && style.textOverflow !== "ellipsis" && element.clientWidth > 4) say("cut off", element);
  }
  for (const box of document.querySelectorAll("input[placeholder], textarea[placeholder]"))
    if (shown(box) && box.matches(":placeholder-shown")) read(box, getComputedStyle(box), getComputedStyle(box, "::placeholder").color);
  return [...new Set(faults)];
})
