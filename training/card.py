"""The model card beside the weights: what it is made of, what it scores, what it cannot do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from training.data import COLUMNS
from training.finish import size_and_digests
from training.leaks import LEAST, Overlap
from training.recipe import Recipe

WAYS = {"dense": "embedder alone", "lexical": "BM25, same tokens", "fused": "both", "stack": "both + MaxSim"}

HEAD = """---
license: cc-by-sa-4.0
language: [zh, en]
library_name: sentence-transformers
pipeline_tag: sentence-similarity
---

# The bundled embedder

A static bilingual (Chinese, English) sentence embedding: the mean of its pieces' vectors, {pieces:,} pieces × {dim}
numbers, half precision, {megabytes:.1f} MB with its tokenizer. A genuine sentence-transformers folder
(`SentenceTransformer(folder)`); `model2vec.StaticModel.from_pretrained(folder)` reads it too, without torch. The
tokenizer (Unigram) also cuts the words for BM25, and the vectors of its pieces serve late interaction (MaxSim).

Made by `training/` of this project (`make model DATA=DIR`), which see for every step. Text is expected with Traditional
characters folded to Simplified (`tutor.text.normalise.simplify`), as in training.
"""

LIMITS = """## Limits

- No word order and no context: "dog bites man" is "man bites dog", and 苹果 is fruit and company at once.
- Documentation of software and machine learning is most of what it was trained on; everyday and encyclopedic words come
  from a dictionary and from the teacher's single words. Law, medicine and classical Chinese are thin.
- Chinese and English only. Words of other scripts are no pieces. Names that no dictionary holds are cut into parts, and
  then match across languages hardly at all.
- Cosines are not probabilities; near misses of the right topic score high. The product decides "not in your notes" from
  several signals.
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the card reports. `scores`: set -> way -> nDCG@10; `before`: the same of an earlier model, if given."""

    recipe: Recipe
    pieces: int
    scores: Mapping[str, Mapping[str, float]]
    before: Mapping[str, Mapping[str, float]]
    overlap: Overlap
    licences: Mapping[str, str]
    rows: Mapping[str, int]


def card(facts: Facts, folder: Path) -> str:
    """The README of `folder`, which holds the weights already."""
    size, digests = size_and_digests(folder)
    head = HEAD.format(pieces=facts.pieces, dim=facts.recipe.dim, megabytes=size / 1e6)
    parts = [head, _licence(), _data(facts), _recipe(facts.recipe), _scores(facts), _leaks(facts.overlap), LIMITS]
    sums = "\n".join(f"- `{name}` {digest}" for name, digest in sorted(digests.items()))
    return "\n".join([*parts, f"## Checksums (SHA-256)\n\n{sums}\n"])


def _licence() -> str:
    return """## Licence

The weights are under CC BY-SA 4.0, apart from the project's code (MIT): they were trained on CC-CEDICT (CC BY-SA 4.0)
and on documents of which some are share-alike; all are named below. The teacher, all-MiniLM-L6-v2, is under Apache-2.0.

The grader's network (`src/tutor/drilling/grading/entailment.npz`) starts from the same teacher, learnt from the same
parallel texts and dictionary and from answers written for this project, and is under the same licence.
"""


def _data(facts: Facts) -> str:
    grouped = defaultdict(list)
    for source, licence in facts.licences.items():
        grouped[licence].append(source)
    rows = ", ".join(f"{name} {count:,}" for name, count in facts.rows.items() if name in COLUMNS)
    lines = "\n".join(f"- {licence}: {', '.join(sources)}" for licence, sources in sorted(grouped.items()))
    return f"## Data\n\nRows: {rows}.\n\n{lines}\n"


def _recipe(recipe: Recipe) -> str:
    plan = recipe.plan
    rates = ", ".join(f"{rate:g}" for rate in recipe.rates)
    steps = ", ".join(f"{name} {count}" for name, count in plan.steps.items())
    return f"""## Recipe

- Pieces: words of the training text (Chinese cut once with jieba), words of the lexicon that general prose uses, single
  characters, fragments of English words, numbers up to three digits and years.
- First vectors: the teacher's vector of the English word, of the English glosses for Chinese; centred and rotated.
  Lengths: rarity (idf over the training text).
- {len(recipe.rates)} runs of {sum(plan.steps.values()):,} batches of {plan.batch:,} ({steps}), averaged.
- Symmetric InfoNCE, scale {plan.scale:g}; MaxSim's own InfoNCE with weight {plan.late:g}; Adam on the rows of a batch,
  rates {rates}, 10 % warm-up, linear decay.
- At the end a row's length is (trained length)^{recipe.kept:g} × rarity^{recipe.rarer:g}, rarity in the training text
  and {recipe.general:g} times as much general prose (the dictionary's counts, Zipf's law); then a linear map evens out
  the directions of the training texts' embeddings (variance^-{recipe.even / 2:g}).
"""


def _scores(facts: Facts) -> str:
    if not facts.scores:
        return "## Scores\n\nNot measured: no evaluation folder was given.\n"
    lines = ["| set (questions-passages) | " + " | ".join(WAYS.values()) + " |", "|---|" + "---:|" * len(WAYS)]
    for name, ways in facts.scores.items():
        old = facts.before.get(name, {})
        cells = [f"{ways[way]:.3f}" + (f" ({old[way]:.3f})" if way in old else "") for way in WAYS]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    note = " In brackets: the model before this one, in the same run." if facts.before else ""
    return "## Scores\n\nnDCG@10, exhaustive ranking, higher is better." + note + "\n\n" + "\n".join(lines) + "\n"


def _leaks(overlap: Overlap) -> str:
    if not overlap.leaks:
        return ""
    lines = [f"| {leak.set} | {leak.part} | {leak.found} | {leak.total} |" for leak in overlap.leaks]
    table = "\n".join(["| set | part | in the training text | of |", "|---|---|---:|---:|", *lines])
    dropped = ", ".join(f"{kind} {len(rows)}" for kind, rows in overlap.rows.items() if rows) or "none"
    about = f"""Rows that repeat an evaluation text were left out of training ({dropped}): rows of which one side
holds half of the shingles (20 characters of a passage, 12 of a question) of one passage or of one question of {LEAST}
characters and more, or is a shorter question. What remains below are texts of which half of the shingles occur in all
rows together, here and there: stock phrases of English questions ("what is the name of the", "that can be used to") and
technical terms that are a heading here and a word in many documents."""
    return f"## Leak check\n\n{about}\n\n{table}\n"
