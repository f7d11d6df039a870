"""The quick way from text to pieces is the tokenizer's own way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from searching_tools import MEANING
from tokenizers import Tokenizer, models, pre_tokenizers

from tutor.text import runs
from tutor.text.normalise import simplify
from tutor.text.runs import Runs

QUICK = Runs(MEANING.tokenizer)
TEXTS = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("过擬合学习深度模型Batch 09ＡｂⅣ㎏é한か𠮷㐀鿿ﬁİ")
)


@given(TEXTS)
def test_pieces_are_those_of_the_tokenizer(text: str) -> None:
    encoding = MEANING.tokenizer.encode(simplify(text), add_special_tokens=False)
    pieces = [QUICK.pieces(run) for run in QUICK.cut(QUICK.normalised(text))]
    assert [surface for surfaces, _ in pieces for surface in surfaces] == encoding.tokens
    assert QUICK.ids(text) == encoding.ids == [piece for _, ids in pieces for piece in ids]


def test_lone_surrogates_are_no_obstacle() -> None:
    assert QUICK.ids("\ud800训练\udfff") == QUICK.ids("训练")


def test_what_is_remembered_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "REMEMBERED", 10)
    quick = Runs(MEANING.tokenizer)
    for number in range(50):
        assert quick.pieces("训练" * (number + 1)) == MEANING.runs.pieces("训练" * (number + 1))
        assert len(quick._known) <= 10
    assert max(map(len, quick._known)) <= runs.LONGEST_REMEMBERED


@pytest.mark.parametrize("pre_tokenizer", [None, pre_tokenizers.Whitespace(), pre_tokenizers.Split("a", "isolated")])
def test_a_tokenizer_of_another_kind_is_refused(pre_tokenizer: pre_tokenizers.PreTokenizer | None) -> None:
    tokenizer = Tokenizer(models.Unigram([("[UNK]", -1.0), ("a", -2.0)], unk_id=0, byte_fallback=False))
    if pre_tokenizer is not None:
        tokenizer.pre_tokenizer = pre_tokenizer
    with pytest.raises(ValueError, match="tokenizer cuts text by"):
        Runs(tokenizer)
