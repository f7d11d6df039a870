"""The network that reads a note and an answer together: the one that runs against the one that is trained."""

from __future__ import annotations

import gzip
import json
import random
from functools import cache
from itertools import repeat
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from training.entail_examples import RIGHT, WRONG, Maker, clauses, example, marked
from training.entail_net import Net, rows_of, tokenizer_of
from training.entail_rows import epoch, grouped, recalculated
from training.entail_steps import read, step, train
from training.entail_words import BREAK, JOINT, Words, pole_of, said
from tutor.drilling.grading.entailment import LONGEST, SIGNALS, Entailment, sequence, shipped, weights_of
from tutor.searching.embedder import load_meaning
from tutor.settings import MODEL_FOLDER
from tutor.text.meaning import Meaning

pytestmark = pytest.mark.filterwarnings("ignore")  # of libraries that only training uses
LEXICON = [("quick", "快速"), ("quick", "迅速"), ("gradient", "梯度"), ("to train", "训练"), ("update", "更新")]
NOTE, SAME, OTHER = "梯度下降会更快地更新参数。", "参数更新变快，靠梯度", "the update gets slower, 3 zqxj steps"


@cache
def meaning() -> Meaning:
    return load_meaning(MODEL_FOLDER)


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Words:
    path = tmp_path_factory.mktemp("lexicon") / "lexicon.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps({"en": en, "zh": zh}) + "\n" for en, zh in LEXICON)
    return Words(meaning(), path)


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small encoder that has learnt nothing, with words of its own beside the pieces."""
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("encoder")
    pieces = ["[PAD]", "[unused0]", "[UNK]", "[CLS]", "[SEP]", *"0123456789,.参数更新变快靠下降会", "пи", "the"]
    pieces += [f"{mark}{letter}" for letter in "abcdefghijklmnopqrstuvwxyz" for mark in ("", "##")]
    settings = {
        "version": "1.0", "truncation": None, "padding": None, "post_processor": None, "decoder": None,
        "added_tokens": [
            {"id": i, "content": one, "single_word": False, "lstrip": False, "rstrip": False, "normalized": not special,
             "special": special}
            for i, one, special in [(0, "[PAD]", True), (2, "[UNK]", True), (3, "[CLS]", True), (4, "[SEP]", True),
                                    (len(pieces), "梯度", False), (len(pieces) + 1, "参数", False)]
        ],
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None,
                       "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100, "vocab": {piece: i for i, piece in enumerate(pieces)}},
    }  # fmt: skip
    Tokenizer.from_str(json.dumps(settings)).save(str(folder / "tokenizer.json"))
    torch.manual_seed(0)
    shape = {"hidden_size": 48, "num_hidden_layers": 2, "num_attention_heads": 12, "intermediate_size": 96}
    BertModel(BertConfig(vocab_size=len(pieces) + 2, **shape)).save_pretrained(folder)
    return folder


def test_the_trained_and_the_running_network_say_the_same(encoder: Path, tmp_path: Path) -> None:
    torch.manual_seed(1)
    net, tokenizer = Net(encoder), tokenizer_of(encoder)
    for parameter in net.parameters():
        parameter.data += 0.05 * torch.randn_like(parameter)
    net.save(tmp_path / "weights.npz", tokenizer)
    running = Entailment(weights_of(tmp_path / "weights.npz"))
    net.eval()
    for note, answer, question in [(NOTE, SAME, ""), (SAME, OTHER, NOTE), (OTHER, NOTE, "参数怎么更新？")]:
        mine = sequence(tokenizer, note, answer, question)
        beside = sequence(tokenizer, NOTE + NOTE, OTHER)
        with torch.no_grad():
            told = net(*rows_of([mine, beside])).softmax(1)[0].numpy()
        signals = running.signals(note, answer, question)
        assert np.allclose(
            np.exp(list(signals.values())), told, atol=0.02
        )  # whole numbers of a byte, and half precision


def test_scripts_that_notes_are_not_written_in_are_left_out(encoder: Path, tmp_path: Path) -> None:
    tokenizer = tokenizer_of(encoder)
    Net(encoder).save(tmp_path / "weights.npz", tokenizer)
    kept = weights_of(tmp_path / "weights.npz")
    left = Tokenizer.from_str(kept["tokenizer"].tobytes().decode())
    assert left.token_to_id("пи") is left.token_to_id("[unused0]") is None
    assert left.get_vocab_size() == tokenizer.get_vocab_size() - 2 == len(kept["words"])
    for text in (NOTE, SAME, OTHER):
        assert (
            left.encode(text, add_special_tokens=False).tokens
            == tokenizer.encode(text, add_special_tokens=False).tokens
        )


def test_a_few_steps_teach_something(words: Words, encoder: Path) -> None:
    torch.manual_seed(0)
    net, tokenizer, rng = Net(encoder), tokenizer_of(encoder), random.Random(0)
    row = {"question": "梯度下降有什么用？", "expected": NOTE, "given": SAME, "label": "right"}
    groups = grouped(words, [row, {**row, "given": "参数更新变慢，靠梯度 1000", "label": "wrong"}])
    examples = [one for _ in range(6) for one in epoch(words, groups, rng)]
    assert {one.label for one in examples} >= {RIGHT, WRONG}
    assert {bool(one.question) for one in examples} == {True, False}
    batch = read(tokenizer, examples)
    net.eval()
    before = step(net, batch, 0.0).item()
    train(net, repeat(batch), 150, 1e-3)
    net.eval()
    assert step(net, batch, 0.0).item() < 0.8 * before


@given(st.sampled_from([NOTE, SAME, OTHER, "深层网络不容易训练，浅层网络容易训练，共 12 层"]), st.integers(0, 500))
def test_what_is_turned_round_is_marked_and_what_is_cut_is_shorter(words: Words, text: str, seed: int) -> None:
    told, maker = marked(words.sequence(text)), Maker(words, random.Random(seed))
    turned = maker.contradicted(told)
    assert turned is None or (
        any(m.doubted for m in turned) and [m.identity for m in turned] != [m.identity for m in told]
    )
    less = maker.shortened(told)
    assert less is None or sum(map(maker.content, less)) < sum(map(maker.content, told))
    assert not any(m.doubted for m in maker.reworded(told, mono=True))
    if turned:
        assert any(m.doubted for m in maker.around(turned))
        assert sum(m.doubted for m in maker.reworded(turned, mono=True)) == sum(m.doubted for m in turned)


@given(st.sampled_from(["p < 0.5 时丢弃", "lr = 0.01", "W - K + 2P", "共 12 层", "没有数"]), st.integers(0, 200))
def test_a_recalculated_answer_differs_in_one_place(text: str, seed: int) -> None:
    turned = recalculated(text, random.Random(seed))
    assert turned != text
    assert (turned is not None) or "没有数" in text or any(c.isdigit() for c in text)


def test_sequences_end_clauses_and_members(words: Words) -> None:
    found = words.sequence("梯度、权重，参数。")
    assert [surface for surface, _ in found] == ["梯度", "", "权重", "", "参数"]
    assert [identity for _, identity in found[1::2]] == [JOINT, BREAK]
    assert words.sequence("") == []
    assert len(clauses(marked(found))) == 2
    assert example(found, marked(words.sequence("batch norm 更快")), RIGHT).answer == "batch norm更快"
    assert said(["梯度", "", "lr", "3"]) == "梯度, lr 3"


def test_opposites_have_sides() -> None:
    axis, side = pole_of("增大")
    assert pole_of("减小") == (axis, 1 - side)
    assert pole_of("梯度") == pole_of("") == ("", 0)


@given(st.text(max_size=300), st.text(max_size=120), st.text(max_size=120))
def test_any_texts_get_signals(note: str, answer: str, question: str) -> None:
    found = shipped().signals(note, answer, question)
    assert tuple(found) == SIGNALS
    assert all(map(np.isfinite, found.values()))


def test_long_texts_are_read_to_a_limit() -> None:
    whole, cut = "梯度 " * 5000, "梯度 " * max(LONGEST)
    assert shipped().signals(whole, whole, whole) == shipped().signals(cut, cut, cut)


def test_the_shipped_network_tells_a_turn_from_another_way_of_saying() -> None:
    note = "学习率太大，损失会震荡。"
    same = shipped().signals(note, "learning rate too large, the loss oscillates")
    turned = shipped().signals(note, "learning rate too small, the loss oscillates")
    assert same["entails_right"] > turned["entails_right"]
    assert same["entails_wrong"] < turned["entails_wrong"]
