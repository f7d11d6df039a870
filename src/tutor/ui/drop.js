// Files and folders dropped on the page, or chosen: sent one by one, each with its own line of progress. The server
// checks everything; names keep their folders.
"use strict";
(() => {
  const { find, words, send, language } = window.tutor;
  const AT_ONCE = 2;
  const waiting = [];
  let running = 0;
  let added = [];

  const line = (name) => {
    const item = document.createElement("li");
    item.className = "drop-line sending";
    const [title, said, bar, fill] = ["span", "span", "span", "i"].map((tag) => document.createElement(tag));
    title.className = "name";
    title.textContent = name;
    said.className = "said";
    said.textContent = words("drop-sending");
    bar.className = "bar";
    bar.append(fill);
    item.append(title, said, bar);
    find("#drops").prepend(item);
    return {
      progress: (share) => { fill.style.width = `${Math.round(100 * share)}%`; },
      end: (kind, text, address) => {
        item.className = `drop-line ${kind}`;
        said.textContent = text;
        if (address) {
          const link = document.createElement("a");
          link.href = `#${address}`;
          link.textContent = title.textContent;
          title.replaceChildren(link);
        }
      },
    };
  };

  const put = ({ file, name, shown }) => new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("PUT", `/tutor/drop?name=${encodeURIComponent(name)}&lang=${language()}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = (event) => { if (event.lengthComputable) shown.progress(event.loaded / event.total); };
    request.onload = () => {
      let said = null;
      try { said = JSON.parse(request.responseText); } catch { /* refused before it was read */ }
      if (request.status !== 200 || !said) shown.end("failed", words("drop-failed"));
      else if (said.status === "refused") shown.end("failed", said.words);
      else if (said.status === "there") shown.end("there", said.words);
      else { shown.end("reading", said.words || words("drop-reading")); added.push({ file: said.file, shown, renamed: said.words }); }
      done();
    };
    request.onerror = () => { shown.end("failed", words("drop-failed")); done(); };
    request.send(file);
  });

  const finish = async () => {
    const landed = added;
    added = [];
    if (!landed.length) return;
    try {
      const answer = await fetch(`/tutor/dropped?lang=${language()}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(landed.map((one) => one.file)),
      });
      (await answer.json()).forEach((said, i) => landed[i].shown.end(said.state, [landed[i].renamed, said.words].filter(Boolean).join(" · "), said.address));
    } catch {
      landed.forEach((one) => one.shown.end("failed", words("drop-failed")));
    }
    send("notes", {});
  };

  const next = () => {
    while (running < AT_ONCE && waiting.length) {
      running += 1;
      put(waiting.shift()).then(() => { running -= 1; next(); });
    }
    if (!running && !waiting.length) finish();
  };
  const take = async (files) => {
    while (!find("#drops")) await new Promise(requestAnimationFrame); // the tab is drawn when it is first opened
    for (const { file, name } of files) waiting.push({ file, name, shown: line(name) });
    next();
  };

  // --- from a drop: folders are walked; a browser gives their entries a hundred at a time ---
  const entries = (folder) => new Promise((done) => {
    const reader = folder.createReader();
    const all = [];
    const more = () => reader.readEntries((some) => {
      if (!some.length) done(all);
      else { all.push(...some); more(); }
    }, () => done(all));
    more();
  });
  const walk = async (entry, into) => {
    if (entry.name.startsWith(".")) return;
    if (entry.isFile) {
      const file = await new Promise((done) => entry.file(done, () => done(null)));
      if (file) into.push({ file, name: entry.fullPath.replace(/^\//, "") });
    } else {
      for (const inner of await entries(entry)) await walk(inner, into);
    }
  };

  const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const zone = () => find("#drop-zone");
  document.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault(); // a file that misses the zone must not replace the page
    event.stopPropagation();
    event.dataTransfer.dropEffect = "copy";
    zone()?.classList.add("over");
    document.documentElement.classList.add("dropping");
  }, true);
  const leave = () => { zone()?.classList.remove("over"); document.documentElement.classList.remove("dropping"); };
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) leave(); }, true);
  document.addEventListener("drop", async (event) => {
    leave();
    if (!carriesFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    const given = [...event.dataTransfer.items].filter((item) => item.kind === "file");
    const roots = given.map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile());
    if (!zone()?.getClientRects().length) find("#tab-notes-button")?.click();
    const found = [];
    for (const root of roots) {
      if (root instanceof File) found.push({ file: root, name: root.name });
      else if (root) await walk(root, found);
    }
    take(found);
  }, true);
  document.addEventListener("change", (event) => {
    if (!/^choose-(files|folder)$/.test(event.target.id ?? "")) return;
    take([...event.target.files]
      .map((file) => ({ file, name: file.webkitRelativePath || file.name }))
      .filter(({ name }) => !name.split("/").some((part) => part.startsWith("."))));
    event.target.value = "";
  });
})();
