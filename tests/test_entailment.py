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

from training.entail_examples import RIGHT, WRONG, Maker, clauses, example, marked
from training.entail_net import Net
from training.entail_rows import epoch, grouped
from training.entail_steps import padded, step, train
from training.entail_words import Words
from tutor.drilling.grading.entailment import (
    BREAK,
    JOINT,
    LONGEST,
    NONE,
    SIGNALS,
    Entailment,
    pole_of,
    sequence,
    weights,
    weights_of,
)
from tutor.searching.embedder import load_meaning
from tutor.settings import MODEL_FOLDER
from tutor.text.meaning import Meaning
from tutor.text.normalise import fold

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


def test_the_trained_and_the_running_network_say_the_same(words: Words, tmp_path: Path) -> None:
    torch.manual_seed(1)
    net = Net(words, [i for _, i in words.sequence(NOTE + SAME)])
    for parameter in net.parameters():
        parameter.data = (parameter.data + 0.05 * torch.randn_like(parameter)).half().float()
    net.save(tmp_path / "weights.npz")
    running = Entailment(weights_of(tmp_path / "weights.npz"), meaning())
    net.eval()
    for note, answer, question in [(NOTE, SAME, ""), (SAME, OTHER, NOTE), (OTHER, NOTE, "参数怎么更新？")]:
        pair = sequence(note, meaning()), sequence(answer, meaning())
        asked = sequence(question, meaning()) if question else NONE
        beside = padded([pair[0][1], pair[1][1][:2]]), padded([pair[1][1], pair[0][1][:1]]), padded([asked[1], [5]])
        with torch.no_grad():
            scores, doubts = net(*beside)
        judged = running.read(*pair, asked)
        assert np.allclose(judged.chances, scores.softmax(1)[0].numpy(), atol=2e-3)
        assert np.allclose(judged.doubted, doubts.sigmoid()[0].numpy()[: len(pair[1][1])], atol=2e-3)


def test_a_few_steps_teach_something(words: Words) -> None:
    torch.manual_seed(0)
    net, rng = Net(words, []), random.Random(0)
    row = {"question": "梯度下降有什么用？", "expected": NOTE, "given": SAME, "label": "right"}
    groups = grouped(words, [row, {**row, "given": "参数更新变慢，靠梯度", "label": "wrong"}])
    batch = [one for _ in range(6) for one in epoch(words, groups, [], rng)]
    assert {one.label for one in batch} >= {RIGHT, WRONG}
    assert {bool(one.question) for one in batch} == {True, False}
    net.eval()
    before = step(net, batch, 0.2, 0.0).item()
    train(net, repeat(batch), 25, 1e-3, 5, doubts=0.2, smooth=0.0)
    net.eval()
    assert step(net, batch, 0.2, 0.0).item() < 0.7 * before


@given(st.sampled_from([NOTE, SAME, OTHER, "深层网络不容易训练，浅层网络容易训练，共 12 层"]), st.integers(0, 500))
def test_what_is_turned_round_is_marked_and_what_is_cut_is_shorter(words: Words, text: str, seed: int) -> None:
    said, maker = marked(words.sequence(text)), Maker(words, random.Random(seed))
    turned = maker.contradicted(said)
    assert turned is None or (
        any(m.doubted for m in turned) and [m.identity for m in turned] != [m.identity for m in said]
    )
    less = maker.shortened(said)
    assert less is None or sum(map(maker.content, less)) < sum(map(maker.content, said))
    assert not any(m.doubted for m in maker.reworded(said, mono=True))
    if turned:
        assert any(m.doubted for m in maker.around(turned))
        assert sum(m.doubted for m in maker.reworded(turned, mono=True)) == sum(m.doubted for m in turned)


def test_sequences_end_clauses_and_members() -> None:
    surfaces, ids = sequence(fold("梯度、权重，参数。"), meaning())
    assert surfaces == ["梯度", "", "权重", "", "参数"]
    assert ids[1::2] == [JOINT, BREAK]
    assert sequence("", meaning()) == ([""], [BREAK])
    assert len(clauses(marked(list(zip(surfaces, ids, strict=True))))) == 2
    assert example([("梯度", 5)], marked([("权重", 7)]), RIGHT, known=False).doubted == (-1,)


def test_opposites_have_sides() -> None:
    axis, side = pole_of("增大")
    assert pole_of("减小") == (axis, 1 - side)
    assert pole_of("梯度") == pole_of("") == ("", 0)


@given(st.text(max_size=120), st.text(max_size=120), st.text(max_size=120))
def test_any_texts_get_signals(note: str, answer: str, question: str) -> None:
    found = Entailment(weights(), meaning()).signals(fold(note), fold(answer), fold(question))
    assert tuple(found) == SIGNALS
    assert all(map(np.isfinite, found.values()))
    assert len(sequence(fold(note), meaning())[1]) <= LONGEST


def test_the_shipped_network_tells_a_turn_from_another_way_of_saying() -> None:
    reads = Entailment(weights(), meaning())
    note = fold("学习率太大，损失会震荡。")
    same = reads.signals(note, fold("learning rate too large, the loss oscillates"))
    turned = reads.signals(note, fold("learning rate too small, the loss oscillates"))
    assert same["entails_right"] > turned["entails_right"]
    assert same["entails_wrong"] < turned["entails_wrong"]
