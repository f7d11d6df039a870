"""The stages, each kept in the work folder, so that an interrupted training goes on where it was."""

from __future__ import annotations

import json
import logging
import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from training.counting import Counts, count
from training.data import COLUMNS, LATIN, Pair, fold, read_pairs, texts
from training.evaluation import evaluated
from training.finish import averaged, evened, general_share, rarity, rarity_in_both, reweighted
from training.initial import Encode, glosses, initial_vectors
from training.leaks import Overlap, overlap, without
from training.packing import Packed, pack, some
from training.recipe import Recipe, fingerprint
from training.sources import Shelf, Source, collect, with_mixtures
from training.trainer import Trainer
from training.vocabulary import build, choose

Floats = npt.NDArray[np.float32]
Report = Callable[[str], None]

log = logging.getLogger("training")

SAMPLE = 40_000
"""Texts whose embeddings show which directions are strong."""

PROSE = tuple(kind for kind in COLUMNS if kind != "lexicon")


@dataclass
class Pipeline:
    """`data`: the folder of pairs. `work`: where stages are kept. `encode`, `known`: the teacher, and its words, most
    frequent first. `sets`: evaluation sets; rows that repeat a text of theirs are left out.
    """

    data: Path
    work: Path
    recipe: Recipe
    encode: Encode
    known: Sequence[str]
    report: Report = print
    sets: Path | None = None

    @cached_property
    def _rows(self) -> dict[str, list[Pair]]:
        """Kind -> all rows; a kind whose file is missing is empty."""
        self.report("reading the pairs")
        present = [kind for kind in COLUMNS if list(self.data.glob(f"{kind}.jsonl*"))]
        return {kind: read_pairs(self.data, kind) if kind in present else [] for kind in COLUMNS}

    @cached_property
    def overlap(self) -> Overlap:
        """What training rows and evaluation sets share; nothing without evaluation sets."""
        if self.sets is None:
            return Overlap({}, [])
        kept = self.work / "overlap.json"
        if not kept.exists():
            self.report("looking for evaluation texts in the pairs: some minutes")
            _write(kept, overlap(self._rows, self.sets, evaluated(self.sets)).dumped())
        return Overlap.loaded(kept.read_text("utf-8"))

    @cached_property
    def pairs(self) -> dict[str, list[Pair]]:
        """Kind -> the rows that are trained on."""
        return without(self._rows, self.overlap)

    @cached_property
    def lexicon(self) -> set[str]:
        """Chinese terms that are words; mined headings are phrases, and would hide the words in them."""
        return {p.right for p in self.pairs["lexicon"] if not p.source.startswith("doc-headings")}

    @cached_property
    def counts(self) -> Counts:
        """Words of the training text."""
        kept = self.work / "counts.json"
        if not kept.exists():
            self.report("counting words (Chinese is cut with jieba): about a minute")
            counted = count((t for kind in PROSE for t in texts(self.pairs[kind])), self.lexicon)
            fields = ("han", "characters", "latin", "numbers", "general")
            _write(kept, json.dumps({name: dict(getattr(counted, name)) for name in fields}, ensure_ascii=False))
        found = json.loads(kept.read_text("utf-8"))
        general = found.pop("general")
        return Counts(**{name: Counter(values) for name, values in found.items()}, general=general)

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """The tokenizer, built from the counts."""
        kept = self.work / "tokenizer.json"
        if not kept.exists():
            self.report("choosing the pieces")
            gloss_words = Counter(w for p in self.pairs["lexicon"] for w in LATIN.findall(fold(p.left)))
            scores = choose(self.counts, self.lexicon, gloss_words, set(self.known), self.recipe.vocabulary)
            _write(kept, build(scores).to_str())
        return Tokenizer.from_file(str(kept))

    @cached_property
    def packed(self) -> tuple[Packed, list[Source]]:
        """All texts as ids, and the sources over them."""
        kept = self.work / "packed.npz"
        if not kept.exists():
            self.report("cutting all texts into pieces: some minutes")
            shelf = Shelf()
            sources = collect(self.pairs, shelf, self.recipe.plan.seed)
            store = pack(self.tokenizer, shelf.texts)
            parallel = next((s for s in sources if s.name == "parallel"), None)
            if parallel is not None and self.recipe.mixtures:
                origins = [pair.source for pair in self.pairs["parallel"]]
                store, mixed = with_mixtures(store, parallel, origins, self.recipe.plan.seed, self.recipe.mixtures)
                sources.append(mixed)
            arrays: dict[str, Any] = {"ids": store.ids, "starts": store.starts}
            for s in sources:
                arrays |= {f"{s.name}.left": s.left, f"{s.name}.right": s.right, f"{s.name}.weights": s.weights}
            beside = kept.with_name("part.npz")
            np.savez(beside, allow_pickle=False, **arrays)
            beside.replace(kept)
        with np.load(kept) as stored:
            names = [name.removesuffix(".left") for name in stored.files if name.endswith(".left")]
            parts = ("left", "right", "weights")
            sources = [Source(name, *(stored[f"{name}.{part}"] for part in parts)) for name in names]
            return Packed(stored["ids"], stored["starts"]), sources

    @cached_property
    def rare(self) -> Floats:
        """(pieces,) how rare each piece is in the training texts, 0 to 1."""
        store, _ = self.packed
        return rarity(np.bincount(store.ids, minlength=len(self.pieces)), len(store))

    @cached_property
    def pieces(self) -> list[str]:
        """All pieces, in the order of their ids."""
        vocabulary = self.tokenizer.get_vocab()
        return sorted(vocabulary, key=lambda piece: vocabulary[piece])

    @cached_property
    def initial(self) -> Floats:
        """(pieces, dim) before training: the teacher's directions, the rarity's lengths."""
        kept = self.work / "initial.npy"
        if not kept.exists():
            self.report("asking the teacher for words and glosses: some minutes")
            found = initial_vectors(self.pieces, glosses(self.pairs["lexicon"]), self.encode, self.recipe.dim)
            np.save(kept.with_name("part.npy"), found)
            kept.with_name("part.npy").replace(kept)
        directions: Floats = np.load(kept)
        return directions * self.rare[:, None]

    def run(self, seed: int, rate: float) -> Floats:
        """(pieces, dim) after one training."""
        kept = self.work / f"run-{seed}-{rate:g}.npy"
        if not kept.exists():
            store, sources = self.packed
            trainer = Trainer(self.initial, store, replace(self.recipe.plan, seed=seed, rate=rate))
            checkpoint = kept.with_suffix(".pt")
            trainer.run(sources, lambda line: self.report(f"run {seed}: {line}"), checkpoint)
            np.save(kept.with_name("part.npy"), trainer.vectors)
            kept.with_name("part.npy").replace(kept)
            checkpoint.unlink(missing_ok=True)
        found: Floats = np.load(kept)
        return found

    def finished(self) -> Floats:
        """(pieces, dim): all runs averaged, words weighed, directions evened out."""
        self.work.mkdir(parents=True, exist_ok=True)
        return self.weighed(averaged([self.run(seed, rate) for seed, rate in enumerate(self.recipe.rates)]))

    def weighed(self, trained: Floats) -> Floats:
        """(pieces, dim) after what is done at the end of training, which needs no training."""
        recipe, (store, sources) = self.recipe, self.packed
        share = general_share(self.pieces, self.counts.general, self.known)
        occurrences = np.bincount(store.ids, minlength=len(self.pieces))
        rare = rarity_in_both(occurrences, len(store), share, recipe.general)
        rows = np.concatenate([s.right for s in sources if s.name != "lexicon"])
        return evened(reweighted(trained, rare, recipe.kept, recipe.rarer), some(store, rows, SAMPLE), recipe.even)


def cache() -> Path:
    """Where stages are kept unless told otherwise."""
    return Path(os.environ.get("XDG_CACHE_HOME", "") or Path.home() / ".cache") / "tutor-training"


def opened(home: Path, pairs: Path, sets: Path | None, recipe: Recipe, device: str = "cpu") -> Pipeline:
    """The pipeline over `pairs` with the real teacher; its stages are kept in a folder of `home`, named by recipe and
    data.
    """
    from training.teacher import Teacher, known_words

    work = home / fingerprint(recipe, pairs, sets)
    work.mkdir(parents=True, exist_ok=True)
    log.info("stages are kept in %s", work)
    return Pipeline(pairs, work, recipe, lambda words: Teacher(device).encode(words), known_words(), log.info, sets)


def _write(path: Path, text: str) -> None:
    beside = path.with_suffix(".part")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
