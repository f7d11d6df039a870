// What can be done with an answer: looking ahead at a citation, stopping, and making a card of a quote.
"use strict";
(() => {
  const { find, words, send, part, language } = window.tutor;
  const root = document.documentElement;

  // --- a citation shows what it leads to before it is opened ---
  const WAIT_MS = 220;
  const MOST_KNOWN = 200;
  const UNSET = /[\ue000-\ue003]/; // a formula that is not drawn yet
  const known = new Map(); // by address and language
  let over = null;
  let timer = 0;
  let later = 0;
  let pointer = null; // where the mouse is
  const addressOf = (link) =>
    [...link.classList].find((name) => name.startsWith("at-"))?.slice(3) ?? link.getAttribute("href").slice(1);
  const keyOf = (link) => `at-${addressOf(link)} in-${language()}`;
  const box = () => {
    let made = find("#peek");
    if (made) return made;
    made = document.createElement("div");
    made.id = "peek";
    made.setAttribute("role", "tooltip");
    (find(".gradio-container main") ?? document.body).append(made); // within the landmark
    return made;
  };
  const place = (made, link) => {
    const at = link.getBoundingClientRect();
    made.hidden = false;
    made.classList.remove("tight");
    const text = made.querySelector(".text");
    made.classList.toggle("tight", text.scrollWidth > text.clientWidth); // a formula that cannot be broken
    const { width, height } = made.getBoundingClientRect();
    const above = at.top - height - 8;
    made.style.left = `${Math.max(12, Math.min(at.left, innerWidth - width - 12))}px`;
    made.style.top = `${above > 8 ? above : Math.min(at.bottom + 8, innerHeight - height - 8)}px`;
    link.setAttribute("aria-describedby", "peek");
  };
  const peek = (link) => {
    if (known.has(keyOf(link))) reveal(link);
    else if (/^note-[^.]+\.\d+\.\d+$/.test(addressOf(link)) && !find("#offline")) send("peek", { address: addressOf(link) });
  };
  const reveal = (link) => {
    if (over !== link || !link.isConnected) return;
    const made = box();
    made.replaceChildren(...known.get(keyOf(link)).map((part) => part.cloneNode(true)));
    place(made, link);
  };
  // What was asked for is drawn out of sight, formulas and their fonts too, so that nothing moves when it is seen.
  const takeAhead = () => {
    const drawn = find("#ahead .ahead");
    const key = [...(drawn?.classList ?? [])].filter((name) => /^(at|in)-/.test(name)).join(" ");
    if (!key || known.has(key) || UNSET.test(drawn.textContent)) return;
    // Only when it has been laid out does the browser know which fonts it lacks.
    if (!drawn.offsetHeight || document.fonts.status === "loading") return;
    known.set(key, [...drawn.children]);
    if (known.size > MOST_KNOWN) known.delete(known.keys().next().value);
    if (over && keyOf(over) === key && find("#peek")?.hidden !== false) reveal(over);
  };
  const hidePeek = () => {
    clearTimeout(timer);
    clearTimeout(later);
    over?.removeAttribute("aria-describedby");
    over = null;
    if (find("#peek")) find("#peek").hidden = true;
  };
  const look = (link) => {
    if (link === over) return;
    hidePeek();
    if (!link) return;
    over = link;
    timer = setTimeout(() => peek(link), WAIT_MS);
  };
  // The page moved or drew itself anew below a mouse that stands still: no event tells what it stands on now.
  const lookAgain = () => {
    hidePeek();
    later = setTimeout(() => {
      const under = pointer && document.elementFromPoint(pointer.x, pointer.y)?.closest("#chat a.cite");
      look(under || (document.activeElement?.matches("#chat a.cite:focus-visible") ? document.activeElement : null));
    }, 80);
  };
  for (const kind of ["pointerover", "pointermove"]) document.addEventListener(kind, (event) => {
    if (event.pointerType !== "mouse") return;
    pointer = { x: event.clientX, y: event.clientY };
    if (kind === "pointerover") look(event.target.closest?.("#chat a.cite") ?? null);
  }, { passive: true });
  document.documentElement.addEventListener("pointerleave", () => { pointer = null; });
  document.addEventListener("focusin", (event) => look(event.target.closest?.("#chat a.cite:focus-visible") ?? null));
  window.addEventListener("scroll", lookAgain, { capture: true, passive: true });
  for (const gone of ["click", "blur"]) window.addEventListener(gone, hidePeek, { capture: gone !== "blur" });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hidePeek(); });

  // --- a quote becomes a card ---
  let made = null; // the button of the quote
  const dialog = () => find("#card-dialog");
  const openCard = (button) => {
    const quote = button.closest(".quote");
    const lines = quote.querySelector(".copy-text").textContent.split("\n");
    const where = lines.pop().replace(/^—— /, "");
    const steps = [...quote.querySelectorAll(".where .step")];
    made = button;
    find("#card-prompt").value = steps.at(-1)?.textContent ?? "";
    find("#card-expected").value = lines.join("\n");
    find("#card-dialog .card-where").textContent = where;
    find("#card-dialog .card-said").textContent = "";
    dialog().showModal();
    find("#card-prompt").focus();
  };
  const closeCard = () => dialog()?.open && dialog().close();
  const saveCard = () =>
    send("card", { address: made.value, prompt: find("#card-prompt").value, expected: find("#card-expected").value });
  window.tutor.cardKept = () => {
    const result = find("#card-result");
    if (!result) return;
    if (!result.classList.contains("kept")) { find("#card-dialog .card-said").textContent = result.textContent; return; }
    closeCard();
    made?.classList.add("done");
    made?.focus({ preventScroll: true });
    toast(result.textContent);
  };
  const toast = (text) => {
    find("#toast")?.remove();
    const told = Object.assign(document.createElement("div"), { id: "toast", textContent: text });
    told.setAttribute("role", "status");
    document.body.append(told);
    setTimeout(() => told.remove(), 3200);
  };

  part({
    settle: () => {
      takeAhead();
      if (over && !over.isConnected) lookAgain();
      const stop = find("#stop-box .stop");
      if (stop && stop.getAttribute("aria-label") !== words("stop")) {
        stop.setAttribute("aria-label", words("stop"));
        stop.title = words("stop");
      }
    },
    click: (event, hit) => {
      let found;
      if ((found = hit("button.make-card"))) openCard(found);
      else if (hit(".close-card") || event.target.id === "card-dialog") closeCard();
      else if (hit(".save-card")) saveCard();
      else if (hit("#stop-box .stop")) { send("stop", {}); root.classList.remove("answering"); }
    },
  });
})();
