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
    general_weight: float = 0.1
    character_penalty: float = 1.5
    fragment_penalty: float = 4.0


def choose(
    counts: Counts, lexicon: set[str], gloss_words: Counter[str], known: set[str], recipe: VocabularyRecipe
) -> dict[str, float]:
    """Piece -> score (log relative frequency, lowered for single characters and fragments), [UNK] first.

    Taken first: characters, digits, the most useful English words, Chinese words of the training text, fragments of
    English words. What room is left goes to the lexicon's words, those first that general prose uses most, since rare
    words carry the match across languages. `known`: English words that the teacher knows whole.
    """
    parts = _characters(counts, lexicon, recipe) | _fragments(counts.latin, recipe)
    words = {number: counts.numbers[number] + 1.0 for number in _numbers()}
    words |= _latin(counts.latin, gloss_words, known, recipe)
    for word, times in counts.han.items():
        if 2 <= len(word) <= LONGEST_WORD and times >= recipe.least_han and HAN.fullmatch(word):
            words[word] = times + recipe.general_weight * counts.general.get(word, 0)
    room = recipe.pieces - 1 - len(words.keys() | parts.keys())
    for word in _from_lexicon(lexicon, counts, words, recipe)[: max(room, 0)]:
        words[word] = max(counts.han[word] + recipe.general_weight * counts.general.get(word, 0), 0.5)
    return _scores(parts | words, recipe.pieces)


def build(scores: dict[str, float]) -> Tokenizer:
    """The tokenizer that both the embedder and BM25 use: NFKC, lower case, `PATTERN`, Unigram over `scores`."""
    tokenizer = Tokenizer(models.Unigram(list(scores.items()), unk_id=0, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(PATTERN), behavior="removed", invert=True)
    return tokenizer


def _from_lexicon(lexicon: set[str], counts: Counts, have: dict[str, float], recipe: VocabularyRecipe) -> list[str]:
    """Terms of the lexicon not yet taken, best first: seen in the training text, then frequent in general prose."""
    wanted = [
        word
        for word in lexicon
        if 2 <= len(word) <= 4
        and word not in have
        and HAN.fullmatch(word)
        and (counts.han[word] > 0 or counts.general.get(word, 0) >= recipe.least_general)
    ]
    return sorted(wanted, key=lambda w: (-counts.han[w] * 10 - counts.general.get(w, 0), w))


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
    return {word: float(max(latin[word], 1)) for word, _ in useful.most_common(recipe.latin)}


def _numbers() -> list[str]:
    """Numbers up to three digits and years: whole, a year is an exact match across languages; its digits are noise."""
    short = [str(n).zfill(width) for width in (1, 2, 3) for n in range(10**width)]
    return short + [str(year) for year in range(1000, LAST_YEAR + 1)]


def _characters(counts: Counts, lexicon: set[str], recipe: VocabularyRecipe) -> dict[str, float]:
    lowered = math.exp(-recipe.character_penalty)
    weights = dict.fromkeys((c for word in lexicon if HAN.fullmatch(word) for c in word), 0.1 * lowered)
    return weights | {character: times * lowered for character, times in counts.characters.items()}


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
