"""What is offered under an answer: from the notes, answered by them, nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tutor.conversing import Conversing
from tutor.progress.moments import now
from tutor.study import Rating
from tutor.talking.offers import MOST, same
from tutor.talking.quiz import Quiz
from tutor.talking.state import State, from_json, to_json
from tutor.text.aliases import Aliases
from tutor.tutor import Tutor

CORPUS = Path(__file__).parents[1] / "corpus"
FIRST = (
    "BN 训练和推理有什么区别？",
    "NMS 的步骤是什么？",
    "什么是过拟合？",
    "交叉熵的公式是什么？",
    "dropout 的原理是什么？",
    "K-Means 的步骤是什么？",
    "What is label smoothing?",
    "how does early stopping work",
)

NOTES = """# 归一化

## BN 的原理是什么？

批归一化（batch normalization，BN）沿通道把一批激活值标准化，再缩放和平移。

追问：

- BN 推理时怎么做？
- 明朝的首都在哪里？

## BN 推理时怎么做？

推理时 BN 使用训练中累积的滑动平均均值和方差，不再依赖当前的一批。

## BN 有什么缺点？

BN 的统计量依赖批的大小，批很小时均值和方差估计不准，效果变差。

## BN 和 LN 有什么区别？

BN 在一批样本上逐通道统计，LN 在单个样本的特征上统计，所以 LN 不依赖批的大小。

## LN 的原理是什么？

层归一化（layer normalization，LN）在单个样本的特征维上计算均值和方差，再标准化。
"""


@pytest.fixture
def talking(tmp_path: Path) -> Conversing:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "归一化.md").write_text(NOTES, encoding="utf-8")
    tutor = Tutor.open(tmp_path / "corpus", tmp_path / "index", tmp_path / "progress")
    tutor.refresh()
    return Conversing(tutor, "zh")


def test_what_is_missing_of_a_thing_and_its_counterpart(talking: Conversing) -> None:
    offers = talking.reply("BN 的原理是什么？", State()).answer.follow_ups
    assert {"BN 有什么缺点？", "BN 和 LN 有什么区别？"} & set(offers)
    assert "BN 推理时怎么做？" in offers
    assert "明朝的首都在哪里？" not in offers, "the notes ask it and do not answer"
    assert len(offers) <= MOST


def test_the_other_side_is_asked_the_same(talking: Conversing) -> None:
    state = talking.reply("BN 和 LN 有什么区别？", State()).state
    state = talking.reply("BN 有什么缺点？", state).state
    offers = talking.reply("BN 的原理是什么？", state).answer.follow_ups
    assert "LN 的原理是什么？" in offers


def test_nothing_is_offered_twice_in_a_conversation(talking: Conversing) -> None:
    state = State()
    asked = ["BN 的原理是什么？"]
    for _ in range(4):
        reply = talking.reply(asked[-1], state)
        state = reply.state
        assert not {same(question, talking.aliases) for question in asked} & {
            same(offer, talking.aliases) for offer in reply.answer.follow_ups
        }
        if not reply.answer.follow_ups:
            break
        asked.append(reply.answer.follow_ups[0])
    assert len(asked) > 3


def test_an_offer_is_taken_up(talking: Conversing) -> None:
    reply = talking.reply("BN 的原理是什么？", State())
    taken = talking.reply("好的", from_json(to_json(reply.state)))
    assert taken.answer.understood_as == reply.answer.follow_ups[0]
    assert taken.answer.found


def test_what_was_forgotten_is_offered_as_a_quiz(talking: Conversing) -> None:
    drills = talking.drills
    drills.update()
    assert not any(o.startswith("考考我") for o in talking.reply("LN 的原理是什么？", State()).answer.follow_ups)
    card = next(c for c in drills.cards.all() if c.draft.anchor.headings[-1] == "LN 的原理是什么？")
    for days, rating in ((60, Rating.GOOD), (59, Rating.GOOD), (50, Rating.AGAIN)):
        drills.review(card.id, rating, now=now() - timedelta(days=days))
    reply = talking.reply("LN 的原理是什么？", State())
    offer = next(o for o in reply.answer.follow_ups if o.startswith("考考我"))
    begun = talking.reply(offer, reply.state)
    assert isinstance(begun.state.quiz, Quiz)
    last = reply.state.turns[-1]
    first = replace(reply.state, turns=(replace(last, offers=(offer,)),))
    assert talking.reply("好的", first).state.quiz is not None


def test_questions_that_say_the_same() -> None:
    names = Aliases([frozenset({"bn", "批归一化"})])
    assert same("BN 的公式是什么？", names) == same("批归一化公式", names)
    assert same("BN 的公式", names) != same("BN 的缺点", names)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Conversing]:
    folder = tmp_path_factory.mktemp("shipped")
    tutor = Tutor.open(CORPUS, folder / "index", folder / "progress")
    tutor.refresh()
    yield Conversing(tutor, "zh")
    tutor.close()


@pytest.mark.parametrize("question", FIRST)
def test_every_offer_over_the_shipped_notes_is_answered(shipped: Conversing, question: str) -> None:
    offers = shipped.reply(question, State()).answer.follow_ups
    assert len(offers) >= 2
    assert len(set(offers)) == len(offers) <= MOST
    for offer in offers:
        assert shipped.reply(offer, State()).answer.found, offer


def test_names_are_read_once_without_a_database(talking: Conversing, monkeypatch: pytest.MonkeyPatch) -> None:
    from tutor.errors import TutorError
    from tutor.talking import mined

    reads = []
    true = mined.mine
    monkeypatch.setattr(mined, "mine", lambda texts, near: reads.append(1) or true(texts, near))
    tutor = talking._tutor
    monkeypatch.setattr(Tutor, "learner", property(lambda _: (_ for _ in ()).throw(TutorError("progress.broken"))))
    tutor.drills.names._found = None
    for _ in range(3):
        assert "bn" in Conversing(tutor, "zh").aliases.names
    assert len(reads) == 1
    path = tutor.corpus / "归一化.md"
    path.write_text(path.read_text("utf-8") + "\n组归一化（group normalization，GN）把通道分组。\n", "utf-8")
    tutor.refresh()
    assert "group normalization" in Conversing(tutor, "zh").aliases.names
    assert len(reads) == 2
