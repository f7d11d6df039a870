"""From counts to a Unigram tokenizer: which pieces there are, and how likely each one is."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from training.counting import LONGEST_WORD, Counts
from training.data import HAN

UNKNOWN = "[UNK]"
PATTERN = r"[\u3400-\u9fff]+|[a-z]+|[0-9]+"
"""What is cut into pieces: runs of Chinese, of Latin letters, of digits. The rest is dropped."""

LAST_YEAR = 2099


@dataclass(frozen=True, slots=True)
class VocabularyRecipe:
    """Sizes in pieces, thresholds in occurrences, penalties in nats (what makes whole words win over their parts)."""

    pieces: int = 88_000
    latin: int = 36_000
    least_han: int = 4
    least_general: int = 10
    fragments: int = 6_000
    compound: float = 0.1
    fragment_penalty: float = 4.0


def choose(
    counts: Counts, lexicon: set[str], gloss_words: Counter[str], known: set[str], recipe: VocabularyRecipe
) -> dict[str, float]:
    """Piece -> score (log relative frequency, lowered for fragments), [UNK] first.

    Taken first: characters, digits, the most useful English words, Chinese words of the training text, fragments of
    English words. What room is left goes to the lexicon's words, those first that general prose uses most, since rare
    words carry the match across languages. `known`: English words that the teacher knows whole.
    """
    parts = _characters(counts, lexicon, recipe) | _fragments(counts.latin, recipe)
    words = {number: counts.numbers[number] + 1.0 for number in _numbers()}
    words |= _latin(counts.latin, gloss_words, known, recipe)
    han = {w: float(n) for w, n in counts.han.items() if n >= recipe.least_han and _is_word(w)}
    lexical = {w: max(float(counts.han[w]), 0.5) for w in _from_lexicon(lexicon, counts, recipe) if w not in han}
    words |= _without_compounds(han, han | lexical, recipe.compound)
    room = recipe.pieces - 1 - len(words.keys() | parts.keys())
    words |= dict(list(_without_compounds(lexical, han | lexical, recipe.compound).items())[: max(room, 0)])
    return _scores(parts | words, recipe.pieces)


def build(scores: dict[str, float]) -> Tokenizer:
    """The tokenizer that both the embedder and BM25 use: NFKC, lower case, `PATTERN`, Unigram over `scores`."""
    tokenizer = Tokenizer(models.Unigram(list(scores.items()), unk_id=0, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(PATTERN), behavior="removed", invert=True)
    return tokenizer


def _is_word(text: str) -> bool:
    return 2 <= len(text) <= LONGEST_WORD and HAN.fullmatch(text) is not None


def _from_lexicon(lexicon: set[str], counts: Counts, recipe: VocabularyRecipe) -> list[str]:
    """Terms of the lexicon, best first: seen in the training text, then frequent in general prose."""
    wanted = [
        word
        for word in lexicon
        if _is_word(word) and (counts.han[word] > 0 or counts.general.get(word, 0) >= recipe.least_general)
    ]
    return sorted(wanted, key=lambda w: (-counts.han[w] * 10 - counts.general.get(w, 0), w))


def _without_compounds(words: dict[str, float], known: dict[str, float], share: float) -> dict[str, float]:
    """`words` without those that BM25 should find by their parts: four characters and more that are made of words
    (机器学习), three characters of which a far more frequent word is a part (学习率: under `share` of its count).
    """
    short = {word for word in known if len(word) <= 3}

    def made_of_words(word: str) -> bool:
        return word in short or any(word[:i] in short and made_of_words(word[i:]) for i in (2, 3) if len(word) > i + 1)

    def rare(word: str) -> bool:
        return any(words[word] < share * known.get(part, 0.0) for part in (word[:2], word[1:]))

    return {w: n for w, n in words.items() if not (made_of_words(w) if len(w) > 3 else len(w) == 3 and rare(w))}


def _latin(
    latin: Counter[str], gloss_words: Counter[str], known: set[str], recipe: VocabularyRecipe
) -> dict[str, float]:
    """English words, most useful first: frequent here, used by glosses (they lead to Chinese words), known whole."""
    useful = Counter({word: times for word, times in latin.items() if times > 1 and 1 < len(word) <= 24})
    for word, times in gloss_words.items():
        if 1 < len(word) <= 24:
            useful[word] += 3 * times
    for word in known:
        useful[word] += 10
    best = sorted(useful, key=lambda word: (-useful[word], word))[: recipe.latin]
    return {word: float(max(latin[word], 1)) for word in best}


def _numbers() -> list[str]:
    """Numbers up to three digits and years: whole, a year is an exact match across languages; its digits are noise."""
    short = [str(n).zfill(width) for width in (1, 2, 3) for n in range(10**width)]
    return short + [str(year) for year in range(1000, LAST_YEAR + 1)]


def _characters(counts: Counts, lexicon: set[str], recipe: VocabularyRecipe) -> dict[str, float]:
    used = (c for w in lexicon if HAN.fullmatch(w) and counts.general.get(w, 0) >= recipe.least_general for c in w)
    weights = dict.fromkeys(used, 0.1)
    return weights | {character: float(times) for character, times in counts.characters.items()}


def _fragments(latin: Counter[str], recipe: VocabularyRecipe) -> dict[str, float]:
    """The most frequent parts of English words, 2 to 5 letters, and all single letters, for words that are no piece."""
    found: Counter[str] = Counter()
    for word, times in latin.items():
        for size in range(2, 6):
            for start in range(len(word) - size + 1):
                found[word[start : start + size]] += times
    kept = dict(found.most_common(recipe.fragments)) | {c: max(latin[c], 1) for c in "abcdefghijklmnopqrstuvwxyz"}
    return {fragment: times * math.exp(-recipe.fragment_penalty) for fragment, times in kept.items()}


def _scores(weights: dict[str, float], most: int) -> dict[str, float]:
    total = math.log(sum(weights.values()))
    ordered = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[: most - 1]
    return {UNKNOWN: -30.0} | {piece: round(math.log(weight) - total, 4) for piece, weight in ordered}
