"""Small real parts for the tests of searching: a token space, an embedder, and notes made of sections."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from zlib import crc32

import numpy as np
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from tutor.protocols import Vectors
from tutor.records import Block, BlockKind, Document, Passage, Piece, passage_id
from tutor.searching.batch import Batch, Upsert, entries
from tutor.searching.retriever import Retriever
from tutor.searching.schema import Fingerprint
from tutor.searching.store import Store
from tutor.text.meaning import Meaning

WORDS = "什么 是 过拟合 模型 训练 数据 学习 深度 深度学习 正则化 卷积 网络 梯度 消失 归一化 批 损失 函数 的 在 和 降低".split()
LATIN = "the a of is model training data learning batch norm dropout overfitting gradient network what".split()


def small_meaning() -> Meaning:
    """Some words, every character of them, letters and digits; vectors by chance, the same each time."""
    singles = sorted({*"".join(WORDS), *"abcdefghijklmnopqrstuvwxyz0123456789"} - set(WORDS) - set(LATIN))
    vocabulary = [("[UNK]", -30.0), *((w, -4.0) for w in [*WORDS, *LATIN]), *((c, -12.0) for c in singles)]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=0, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    pattern = Regex(r"[\u3400-\u9fff]+|[a-z]+|[0-9]")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(pattern, "removed", invert=True)
    vectors = np.random.default_rng(0).normal(size=(len(vocabulary), 16)).astype(np.float16)
    vectors[0] = 0
    return Meaning(tokenizer, vectors)


class HashEmbedder:
    """Texts with the same pairs of characters are near each other. Nothing is learnt, nothing is loaded."""

    name = "hash"
    dim = 32

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed_passages(self, texts: Sequence[str], /) -> Vectors:
        self.embedded += texts
        return np.array([self._vector(text) for text in texts], dtype=np.float32).reshape(len(texts), self.dim)

    def embed_query(self, text: str, /) -> Vectors:
        self.embedded.append(text)
        return self._vector(text)

    def _vector(self, text: str) -> Vectors:
        sums = np.zeros(self.dim, dtype=np.float32)
        for pair in pairwise(text):
            seed = crc32("".join(pair).encode("utf-8", "replace"))
            sums[seed % self.dim] += 1 if seed & 0x8000 else -1
        length = np.linalg.norm(sums)
        return sums / length if length else sums


def fingerprint(**changed: str | int) -> Fingerprint:
    return Fingerprint(**{"embedder": "hash", "dim": 32, "tokenizer": "small", "splitter": 1, "readers": 1, **changed})


@dataclass(frozen=True)
class Text:
    heading: str
    path: str
    body: str


MEANING = small_meaning()


def note(path: str, *sections: str, kind: BlockKind = BlockKind.TEXT, above: str = "", size: int = 1) -> Upsert:
    """A note whose sections are passages; the first line of a section is its heading, each other line a piece."""
    text = "\n\n".join(sections)
    passages, fields, pieces, blocks, start = [], [], [], [], 0
    for section in sections:
        heading, _, body = section.partition("\n")
        end = start + len(section)
        own = [Block(BlockKind.HEADING, start, start + len(heading), 1)]
        if body:
            own.append(Block(kind, end - len(body), end))
        identity = passage_id(path, section)
        headings = (above, heading) if above else (heading,)
        passages.append(Passage(identity, path, headings, start, end, None, kind, section, tuple(own)))
        fields.append(Text(heading, above, body))
        lines = [(heading, line) for line in (body or heading).splitlines()]
        pieces.append([Piece(identity, start, end, digest(f"{h}|{line}"), f"{h} {line}") for h, line in lines])
        blocks += own
        start = end + 2
    document = Document(path, text, tuple(blocks), hashlib.sha256(text.encode("utf-8", "replace")).hexdigest())
    return Upsert(document, size, 1, entries(MEANING, passages, fields, pieces))


def digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def batch(store: Store, *upserts: Upsert, embedder: HashEmbedder | None = None, **more: object) -> Batch:
    """The notes with the vectors that the store has not yet."""
    texts = {piece.hash: piece.text for upsert in upserts for entry in upsert.entries for piece in entry.pieces}
    missing = sorted(store.missing(texts))
    vectors = (embedder or HashEmbedder()).embed_passages([texts[h] for h in missing])
    return Batch(upserts=upserts, vectors=dict(zip(missing, vectors, strict=True)), **more)


def filled(index: Path, *upserts: Upsert, complete: bool = True) -> Store:
    store = Store.open(index, fingerprint())
    with store.writer() as writer:
        writer.apply(batch(store, *upserts))
        if complete:
            writer.complete()
    return store


def retriever(store: Store) -> Retriever:
    return Retriever(store, MEANING, HashEmbedder())
