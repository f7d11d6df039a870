"""Drilling on the page without a browser: what an act makes of a sitting, and how a card is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from drill_tools import Learner, Shelf, card, learner
from hostile import ATTACKS, NAMES
from markup import read

from tutor.drilling.asking import Asked
from tutor.drilling.choices import Choices
from tutor.drilling.session import Answered, Session, slot_of
from tutor.errors import Refused
from tutor.records import Span
from tutor.study import Anchor, Card, CardKind, CardStatus, Draft, Grade, Rating, Scope, Verdict
from tutor.ui import drill_desk, drill_hints, drill_pages, drill_summary, drill_view, plan_view, progress_view
from tutor.ui.addresses import note_address
from tutor.ui.drill_calls import next_card, review
from tutor.ui.drill_desk import DrillDesk, just_read
from tutor.ui.drill_pages import Offer
from tutor.ui.drill_sitting import HINTS, Sitting, Turn, Wish
from tutor.words import say

NOTE = """# 梯度

## 什么是梯度消失？

梯度消失是指很多层相乘之后梯度趋近于零。

## 梯度裁剪有哪几步？

1. 求范数：把所有梯度放在一起
2. 比阈值：超过了才缩
3. 同比例缩小：方向不变
"""
OTHER = """# 注意力

## 什么是自注意力？

自注意力让序列里的每个位置直接看到其他所有位置。

## 什么是交叉注意力？

交叉注意力用一个序列的查询去看另一个序列的键和值。

## 什么是位置编码？

位置编码把每个词在序列里的位置写进它的向量，因为注意力本身不分先后。
"""
WINDOW = "w1"
UNTOUCHED = Turn()
PREVIEW = dict(zip(Rating, (timedelta(minutes=n) for n in (1, 6, 10, 11_520)), strict=True))


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Learner]:
    with learner(tmp_path, Shelf(a=NOTE, b=OTHER)) as found:
        yield found


@pytest.fixture
def desk(one: Learner) -> DrillDesk:
    return DrillDesk(SimpleNamespace(drills=one.drills))  # type: ignore[arg-type]


def act(desk: DrillDesk, what: str, **said: str | tuple[str, ...]) -> Sitting:
    """An act on the card that the window shows."""
    return desk.act(WINDOW, what, {"card": desk.sitting(WINDOW).mark, **said})


def begun(desk: DrillDesk, wish: str = "all", **said: str | tuple[str, ...]) -> Sitting:
    sitting = act(desk, "start", wish=wish, **said)
    assert (sitting.phase, sitting.error) == ("asking", None)
    return sitting


def answered(desk: DrillDesk, rating: str = "good", given: str = "") -> Sitting:
    act(desk, "reveal", given=given)
    return act(desk, "grade", rating=rating)


def logged(one: Learner) -> list[tuple[str, Rating]]:
    return [(entry.review.card, entry.review.rating) for entry in one.drills.log.log() if entry.review is not None]


# --- a sitting ----------------------------------------------------------------------------------------------------------


def test_an_answer_is_in_the_log_before_the_next_card_is_shown(one: Learner, desk: DrillDesk) -> None:
    first = begun(desk)
    assert first.asked is not None
    revealed = act(desk, "reveal", given="很多层相乘之后梯度趋近于零")
    assert (revealed.phase, revealed.mark) == ("revealed", first.mark)
    following = act(desk, "grade", rating="good")
    assert logged(one) == [(first.asked.card.id, Rating.GOOD)]
    assert (following.phase, following.answers) == ("asking", 1)
    assert following.mark != first.mark
    assert following.turn == Turn()
    again = one.again()
    assert [entry.review.given for entry in again.log.log() if entry.review] == ["很多层相乘之后梯度趋近于零"]


def test_the_second_half_of_a_double_click_changes_nothing(one: Learner, desk: DrillDesk) -> None:
    mark = begun(desk).mark
    act(desk, "reveal")
    after = act(desk, "grade", rating="good")
    late = desk.act(WINDOW, "grade", {"card": mark, "rating": "again"})
    late_hint = desk.act(WINDOW, "hint", {"card": mark})
    assert (late.mark, late.phase, late_hint.turn.hints) == (after.mark, "asking", 0)
    assert len(logged(one)) == 1


def test_nothing_is_graded_before_it_is_revealed(one: Learner, desk: DrillDesk) -> None:
    before = begun(desk)
    assert act(desk, "grade", rating="easy").mark == before.mark
    assert act(desk, "grade", rating="sideways").mark == before.mark
    assert logged(one) == []


def test_undo_shows_the_card_again_and_only_of_this_sitting(one: Learner, desk: DrillDesk) -> None:
    first = begun(desk)
    answered(desk, "again")
    back = act(desk, "undo")
    assert (back.mark, back.phase, back.answers, back.notice) == (first.mark, "asking", 0, "drill.undone")
    answered(desk)
    begun(desk)
    assert act(desk, "undo").notice == "drill.nothing_to_undo"
    assert len(one.drills.log.log()) == 3, "answer, undo, answer: the last one stands"


def test_the_end_names_what_was_missed_and_drills_it_again(one: Learner, desk: DrillDesk) -> None:
    missed = begun(desk).asked
    assert missed is not None
    answered(desk, "again")
    answered(desk, "good")
    done = act(desk, "end")
    assert done.phase == "done"
    assert done.session is not None
    html = drill_summary.summary_html(done, desk.cards(done.session.missed), datetime.now(UTC), "zh")
    assert missed.card.draft.prompt.split("｜")[-1] in read(html, frame=True).text
    assert 'data-wish="missed"' in drill_summary.ways_html(done, "zh")
    again = begun(desk, "missed")
    assert again.mark.partition(":")[0] == missed.card.id
    assert answered(desk, "easy").phase == "done", "only what was missed"


def test_the_end_gives_way_to_a_new_beginning_and_pauses_are_not_counted(
    desk: DrillDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(desk)
    answered(desk)
    done = act(desk, "end")
    assert act(desk, "look").phase == "done", "a glance elsewhere does not lose the summary"
    assert done.session is not None
    late = datetime.now(UTC) + timedelta(hours=5)
    html = drill_summary.summary_html(done, (), late, "zh")
    assert "<strong>1</strong><span>" + say("drill.tab.sum.minutes", "zh") in html
    was = drill_desk.time.monotonic()
    monkeypatch.setattr(drill_desk.time, "monotonic", lambda: was + drill_desk.OVER_S + 1)
    assert act(desk, "look").phase == "start"


def test_an_end_without_an_answer_is_the_beginning(desk: DrillDesk) -> None:
    begun(desk)
    assert act(desk, "end").phase == "start"


def test_a_card_put_away_can_be_taken_back(one: Learner, desk: DrillDesk) -> None:
    first = begun(desk)
    away = act(desk, "put", status="suspend", report="")
    assert away.mark != first.mark
    assert one.drills.cards.get(away.away).status is CardStatus.SUSPENDED
    assert "take-back" in drill_pages.notice_html(away, "zh")
    act(desk, "take back", id=away.away)
    assert one.drills.cards.get(first.mark.partition(":")[0]).status is CardStatus.ACTIVE
    reported = act(desk, "put", status="suspend", report="答案不对")
    assert reported.notice == "drill.reported"
    assert one.drills.cards.get(reported.away).report == "答案不对"
    act(desk, "take back", id=reported.away)
    assert one.drills.cards.get(reported.away).report == ""
    deleted = act(desk, "put", status="delete", report="")
    assert one.drills.cards.get(deleted.away).status is CardStatus.DELETED


def test_a_card_is_accepted_and_a_second_press_takes_it_back(one: Learner, desk: DrillDesk) -> None:
    first = begun(desk)
    assert first.asked is not None
    for accepted, notice, other in ((True, "drill.accepted", "unaccept"), (False, "drill.not_accepted", "accept")):
        after = act(desk, "put", status="accept", report="")
        assert (after.mark, after.phase, after.notice) == (first.mark, "asking", notice)
        assert one.drills.cards.get(first.asked.card.id).accepted is accepted
        assert say(f"drill.tab.{other}", "en") in drill_pages.bar_html(after, "en")


def test_edited_words_are_shown_at_once_and_an_empty_question_is_refused(desk: DrillDesk) -> None:
    begun(desk)
    edited = act(desk, "edit", prompt="换个问法？", expected="换个答案")
    assert edited.asked is not None
    assert (edited.asked.prompt, edited.asked.expected) == ("换个问法？", "换个答案")
    refused = act(desk, "edit", prompt="  ", expected="x")
    assert refused.error is not None
    assert refused.mark == edited.mark, "the card stays"
    assert say("error.card.empty", "zh") in drill_pages.bar_html(refused, "zh")


def test_a_card_answered_elsewhere_is_not_asked_twice(one: Learner, desk: DrillDesk) -> None:
    first = begun(desk)
    assert first.asked is not None
    act(desk, "reveal")
    one.drills.review(first.asked.card.id, Rating.GOOD)
    after = act(desk, "grade", rating="again")
    assert (after.notice, after.answers) == ("drill.tab.answered_elsewhere", 0)
    assert logged(one) == [(first.asked.card.id, Rating.GOOD)]
    shown = after.mark
    assert shown != first.mark
    one.drills.review(shown.partition(":")[0], Rating.GOOD)
    assert act(desk, "look").mark != shown, "a tab that is opened again shows what waits now"


def test_windows_do_not_disturb_each_other(desk: DrillDesk) -> None:
    begun(desk)
    act(desk, "reveal", given="甲")
    other = desk.act("w2", "start", {"wish": "weakest"})
    assert (other.phase, desk.sitting(WINDOW).turn.given) == ("done", "甲")


@pytest.mark.parametrize(
    ("wish", "said", "paths"),
    [
        ("notes", {"within": ("a.md",)}, {"a.md"}),
        ("topic", {"topic": "梯度裁剪"}, {"a.md"}),
        ("all", {}, {"a.md", "b.md"}),
    ],
)
def test_only_what_was_wished_for(
    desk: DrillDesk, wish: str, said: dict[str, str | tuple[str, ...]], paths: set[str]
) -> None:
    sitting, seen = begun(desk, wish, **said), set()
    while sitting.asked is not None:
        seen.add(sitting.asked.card.draft.anchor.path)
        sitting = answered(desk, "easy")
    assert seen == paths


def test_a_wish_for_nothing_says_why(desk: DrillDesk) -> None:
    for wish in ("weakest", "calculation"):
        done = act(desk, "start", wish=wish)
        assert done.phase == "done"
        assert (
            say(f"drill.tab.nothing.{wish}", "en")
            in read(drill_summary.summary_html(done, (), datetime.now(UTC), "en"), frame=True).text
        )
    for wish in ("topic", "notes", "sideways"):
        assert isinstance(act(desk, "start", wish=wish).error, Refused)


def test_what_fits_no_card_says_so(one: Learner) -> None:
    places: list[dict[str, object]] = []
    turns = SimpleNamespace(turns=(SimpleNamespace(answer={"quotes": places}),))
    kept = SimpleNamespace(latest=lambda: SimpleNamespace(id="c"), get=lambda _: turns)
    desk = DrillDesk(SimpleNamespace(drills=one.drills, conversations=kept))  # type: ignore[arg-type]
    refused = act(desk, "start", wish="read")
    assert (refused.phase, refused.error and refused.error.code) == ("start", "drill.read")
    assert say("error.drill.read", "en") in drill_pages.bar_html(refused, "en")
    places.append({"file": "a.md", "start": 0, "end": 1})
    for wish in ({"wish": "read"}, {"wish": "topic", "topic": "量子色动力学 asdf"}):
        done = act(desk, "start", **wish)
        assert (done.phase, done.scope.unfit) == ("done", True)
        words = say(f"drill.tab.nothing.{wish['wish']}.cards", "en", topic=wish.get("topic", ""))
        assert words in read(drill_summary.summary_html(done, (), datetime.now(UTC), "en"), frame=True).text
        assert "data-early" not in drill_summary.ways_html(done, "en")


def test_what_was_just_read_is_what_the_last_conversation_quoted(desk: DrillDesk) -> None:
    quote = {"file": "a.md", "start": 3, "end": 9}
    turns = (SimpleNamespace(answer={"quotes": [quote]}), SimpleNamespace(answer={}))
    kept = SimpleNamespace(
        latest=lambda: SimpleNamespace(id="c"), get=lambda identity: SimpleNamespace(turns=turns * (identity == "c"))
    )
    assert just_read(SimpleNamespace(conversations=kept)) == (("a.md", 3, 9),)  # type: ignore[arg-type]
    nothing = SimpleNamespace(conversations=SimpleNamespace(latest=lambda: None))
    assert just_read(nothing) == ()  # type: ignore[arg-type]


def test_an_unforeseen_fault_is_a_sentence_and_the_card_stays(
    desk: DrillDesk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    before = begun(desk)
    monkeypatch.setattr(desk.drills, "grade", lambda *_: 1 / 0)
    after = act(desk, "reveal", given="甲")
    assert after.error is not None
    assert (after.error.code, after.mark, after.phase) == ("unexpected", before.mark, "asking")
    assert "ZeroDivisionError" in caplog.text


# --- what is suggested --------------------------------------------------------------------------------------------------


def grade(verdict: Verdict = Verdict.RIGHT, rating: Rating = Rating.GOOD, **more: object) -> Grade:
    return Grade(verdict, rating, 1.0, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("turn", "suggested"),
    [
        (Turn(), None),
        (Turn(grade=grade()), Rating.GOOD),
        (Turn(grade=grade(), hints=1), Rating.HARD),
        (Turn(grade=grade(rating=Rating.EASY), hints=1), Rating.GOOD),
        (Turn(grade=grade(), hints=4), Rating.AGAIN),
        (Turn(hints=1), Rating.HARD),
        (Turn(grade=grade(unsure=True)), None),
        (Turn(grade=grade(unsure=True), right=True), Rating.GOOD),
        (Turn(grade=grade(), right=False), Rating.AGAIN),
        (Turn(grade=grade(Verdict.WRONG, Rating.AGAIN), right=True, hints=1), Rating.HARD),
    ],
)
def test_a_suggestion_follows_the_grade_the_hints_and_the_learner(turn: Turn, suggested: Rating | None) -> None:
    assert turn.suggested is suggested


def test_each_hint_suggests_no_more_than_the_one_before() -> None:
    ladder = [Turn(grade=grade(rating=Rating.EASY), hints=hints).suggested or 0 for hints in range(HINTS + 1)]
    assert ladder == sorted(ladder, reverse=True)
    assert ladder[:4] == [4, 3, 2, 1]


# --- a card -------------------------------------------------------------------------------------------------------------


def asked(kind: CardKind, prompt: str, expected: str, quote: str = "", **more: object) -> Asked:
    anchor = Anchor("笔记/梯度.md", ("梯度", "梯度消失"), 10, 20, quote or expected)
    made = Card("c1", Draft(kind, prompt, expected, anchor, **more))  # type: ignore[arg-type]
    return Asked(made, None, prompt, expected, PREVIEW, None)


def back(one: Asked, turn: Turn = UNTOUCHED, lang: str = "zh") -> str:
    return drill_view.card_html(Sitting("revealed", asked=one, turn=turn), lang)


def test_the_front_does_not_tell_the_back() -> None:
    one = asked(CardKind.DEFINITION, "什么是梯度消失？", "很多层相乘之后趋近于零")
    front = read(drill_view.card_html(Sitting("asking", asked=one), "zh"), frame=True)
    assert "趋近于零" not in front.text
    assert "梯度消失" not in front.text.replace("什么是梯度消失？", "")
    assert not front.of_class("source-link")
    behind = read(back(one), frame=True)
    assert "趋近于零" in behind.text
    (link,) = behind.of_class("source-link")
    assert link[1]["href"] == "#" + note_address("笔记/梯度.md", 10, 20)


def test_a_cloze_has_a_gap_and_says_where_it_stands() -> None:
    one = asked(CardKind.CLOZE, "循环引用怎么回收？｜它靠____器处理", "垃圾回收", "它靠垃圾回收器处理")
    front = read(drill_view.card_html(Sitting("asking", asked=one), "zh"), frame=True)
    assert len(front.of_class("blank")) == 1
    assert "____" not in front.text
    assert front.of_class("context")
    assert read(back(one), frame=True).text.count("垃圾回收") == 2, "the term, and the note's own sentence"


def test_what_the_note_says_is_said_once() -> None:
    same = asked(CardKind.DEFINITION, "什么是甲？", "甲是乙。", "甲是乙。\n")
    assert read(back(same), frame=True).text.count("甲是乙") == 1
    more = asked(CardKind.STEPS, "有哪几步？", "1. 求范数\n2. 缩小", "1. 求范数：全部\n2. 缩小：方向不变")
    assert say("drill.tab.answer", "zh") in back(more)
    assert "方向不变" in back(more)


def test_code_keeps_its_columns_and_formulas_are_formulas() -> None:
    code = asked(CardKind.CODE, "写出代码：f", "def f():\n    return 1", "```python\ndef f():\n    return 1\n```")
    assert "&#10;    return 1" in drill_hints.hints_html(code, 4, "zh")
    assert "return 1" in read(back(code), frame=True).text
    formula = asked(CardKind.FORMULA, "写出公式：f", "$$\nf=\\frac{a}{b}\n$$")
    assert read(back(formula), frame=True).of_class("formula")


def test_an_open_question_has_no_back_and_no_hints(desk: DrillDesk) -> None:
    one = asked(CardKind.OPEN, "为什么？", "", "- 为什么？")
    assert say("drill.open", "zh") in back(one)
    assert drill_hints.hints_html(one, 4, "zh") == ""
    assert desk._hint(Sitting("asking", asked=one), {}).turn.hints == 0


def test_a_calculation_shows_its_numbers_and_the_way(tmp_path: Path) -> None:
    note = "# 卷积\n\n## 卷积输出尺寸怎么计算？\n\n输出尺寸等于输入加两倍填充减卷积核，除以步幅，取整再加一。\n"
    with learner(tmp_path, Shelf(c=note)) as one:
        desk = DrillDesk(SimpleNamespace(drills=one.drills))  # type: ignore[arg-type]
        sitting = begun(desk, "calculation")
        assert sitting.asked is not None
        prompt, answers = sitting.asked.prompt, sitting.asked.answers
        revealed = act(desk, "reveal", given=answers)
        assert revealed.turn.grade is not None
        assert revealed.turn.grade.verdict is Verdict.RIGHT
        html = drill_view.card_html(revealed, "zh")
        assert say("drill.numbers", "zh", numbers=answers) in read(html, frame=True).text
        assert "worked" in html
        assert 'data-act="edit"' not in drill_pages.bar_html(revealed, "zh"), "its words are made anew each time"
        act(desk, "grade", rating="good")
        again = one.drills.show(sitting.mark.partition(":")[0])
        assert again.prompt != prompt, "fresh numbers"


def test_a_verdict_shows_points_flags_and_how_to_overrule_it() -> None:
    one = asked(CardKind.LIST, "有哪些？", "- 甲甲\n- 乙乙", points=("甲甲", "乙乙"))
    mixed = grade(Verdict.PARTIAL, Rating.HARD, hit=("甲甲",), missed=("乙乙",), flags=("direction", "unheard-of"))
    html = read(back(one, Turn(given="甲甲", grade=mixed)), frame=True)
    assert len(html.of_class("got")) == len(html.of_class("lacks")) == 1
    assert say("drill.tab.flag.direction", "zh") in html.text
    assert {"right", "wrong"} == {a["class"].split()[-1] for _, a in html.of_class("overrule")}
    wrong = read(
        back(one, Turn(given="丙", grade=grade(Verdict.WRONG, Rating.AGAIN, missed=("甲甲", "乙乙")))), frame=True
    )
    assert [a["class"].split()[-1] for _, a in wrong.of_class("overrule")] == ["right"]
    assert not wrong.of_class("points"), "the note's own words below say all"


def test_every_flag_of_the_grader_has_a_sentence() -> None:
    source = Path(drill_view.__file__).parents[1] / "drilling" / "grading"
    named = set(
        re.findall(
            r'"(number|negation|direction|term|order|swapped|salad|short|language|yours)"',
            "".join(p.read_text("utf-8") for p in source.glob("*.py")),
        )
    )
    assert named <= set(drill_view.FLAGS)
    for flag in drill_view.FLAGS:
        assert say(f"drill.tab.flag.{flag}", "zh") in drill_view.verdict_html(Turn(grade=grade(flags=(flag,))), "zh")


@pytest.mark.parametrize(("count", "ids"), [(2, ["again", "good"]), (4, ["again", "hard", "good", "easy"])])
def test_buttons_say_when_the_card_comes_again(count: int, ids: list[str]) -> None:
    sitting = Sitting("revealed", asked=asked(CardKind.QUESTION, "甲？", "乙"), turn=Turn(grade=grade(), hints=1))
    html = drill_view.grades_html(sitting, count, "zh")
    assert re.findall(r'id="grade-(\w+)"', html) == ids
    assert re.findall(r'id="grade-(\w+)" class="grade \w+ suggested"', html) == ["good" if count == 2 else "hard"]
    assert say("wait.minutes", "zh", count=10) in html
    assert drill_view.grades_html(replace(sitting, phase="asking"), count, "zh") == ""


# --- hints --------------------------------------------------------------------------------------------------------------


def test_the_ladder_tells_more_with_every_rung() -> None:
    one = asked(CardKind.DEFINITION, "什么是甲？", "很多层相乘之后梯度越来越小直到消失")
    length, first, half, whole = (
        read(rung(one, "zh")).text
        for rung in (drill_hints.length_html, drill_hints.first_html, drill_hints.half_html, drill_hints.whole_html)
    )
    assert "17" in length
    assert first == "很…"
    assert half == "很多层相乘之后梯…"
    assert whole == one.expected
    shown = [len(read(drill_hints.hints_html(one, n, "zh")).text) for n in range(HINTS + 1)]
    assert shown[0] == 0
    assert shown == sorted(shown)
    assert "越来越小" not in drill_hints.hints_html(one, 3, "zh")


def test_half_of_a_list_is_half_of_its_points() -> None:
    points = ("求范数", "比阈值", "缩小")
    one = asked(CardKind.STEPS, "哪几步？", "1. 求范数\n2. 比阈值\n3. 缩小", points=points)
    assert read(drill_hints.first_html(one, "zh")).text == "求…　比…　缩…"
    assert "缩小" not in drill_hints.half_html(one, "zh")
    assert "比阈值" in drill_hints.half_html(one, "zh")


@pytest.mark.parametrize(
    "tex", [r"\frac{a}{b}+\left(\sum_{i=1}^{n} x_i\right)^2", "e^{x^2}", r"\begin{cases}1\\0\end{cases}", "$" * 9]
)
def test_half_of_a_formula_can_be_drawn(tex: str) -> None:
    half = drill_hints._half(tex)
    assert tex.startswith(half)
    assert half.count("{") == half.count("}")
    assert half.count(r"\left") == half.count(r"\right")
    assert half.count(r"\begin") == half.count(r"\end")
    assert not half.endswith(("\\", "_", "^"))


# --- nothing of a note becomes part of the page -------------------------------------------------------------------------

FORM = re.compile(
    r"<(textarea|select|option|section)>|</(dialog|textarea)|(textarea|input|select|option|button) (rows|m\w+|step|selected|disabled)="
)


def unsafe(html: str) -> list[str]:
    """What only our own forms may have is left out."""
    return [one for one in read(html, frame=True).unsafe if not FORM.match(one)]


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_gets_out_of_a_card(attack: str) -> None:
    for kind in CardKind:
        one = asked(kind, f"{attack}｜____ {attack}", attack, attack + "甲", points=(attack, attack))
        mixed = grade(Verdict.PARTIAL, hit=(attack,), missed=(attack,), flags=(attack,))
        turn = Turn(given=attack, grade=mixed)
        pages = [
            back(one, turn),
            drill_view.card_html(Sitting("asking", asked=one, turn=Turn(hints=4)), "en"),
            drill_view.card_html(Sitting("asking", asked=one, turn=Turn(hints=3)), "en"),
            drill_view.card_html(Sitting("asking", asked=one, turn=Turn(hints=2)), "en"),
        ]
        for html in pages:
            assert unsafe(html) == []
    sitting = Sitting("revealed", Wish("topic", attack, (attack,)), asked=one, away=attack, notice="drill.suspended")
    assert unsafe(drill_pages.bar_html(sitting, "zh")) == []
    assert "<img" not in drill_pages.forms_html(sitting, "zh").replace("&#60;", "")
    assert unsafe(drill_pages.forms_html(sitting, "zh")) == []
    assert unsafe(drill_summary.ways_html(replace(sitting, phase="done", scope=Scope(paths=())), "zh")) == []


@pytest.mark.parametrize("name", [*NAMES, *ATTACKS])
def test_no_name_gets_out_of_the_pages(name: str) -> None:
    made = card("x", path=name, headings=(name,))
    session = Session(datetime.now(UTC)).answered(Answered(slot_of(made), Rating.AGAIN, datetime.now(UTC)))
    done = Sitting("done", Wish("topic", name), session=session)
    start = drill_pages.start_html(Sitting(), Offer(((name, name, 3),), 3), Choices(), "zh")
    plan = plan_view.plan_html(
        Choices(), Refused("plan.date", date=name, today=name), date(2026, 1, 1), "zh", (name, name)
    )
    for html in (start, drill_summary.summary_html(done, [made], datetime.now(UTC), "zh"), plan):
        assert unsafe(html) == []


# --- the pages around ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_start_says_what_waits_and_without_cards_what_to_do(desk: DrillDesk, lang: str) -> None:
    sitting = act(desk, "look")
    assert sitting.left is not None
    html = drill_pages.start_html(sitting, Offer((("a.md", "梯度", 3),), 3), Choices(), lang)
    assert say("drill.tab.today", lang, count=sitting.left.total) in html
    empty = drill_pages.start_html(sitting, Offer(), Choices(), lang)
    assert "to-notes" in empty
    assert "drill-go" not in empty


def test_choices_are_shown_as_they_are_and_changed(desk: DrillDesk) -> None:
    act(desk, "look")
    changed = act(desk, "choose", name="new_per_day", value="2")
    assert changed.left is not None
    assert changed.left.new == 2
    act(desk, "choose", name="buttons", value="4")
    html = drill_pages.choices_html(desk.choices, "zh")
    assert 'data-name="new_per_day" min="0" max="200" step="5" value="2"' in html
    assert 'data-name="buttons" data-yes="4" data-no="2" checked' in html
    assert act(desk, "choose", name="buttons", value="5").error is not None


def test_progress_before_and_after_the_first_answer(one: Learner, desk: DrillDesk) -> None:
    empty = progress_view.report_html(one.drills.report(), "zh")
    assert say("progress.none", "zh") in empty
    assert "<svg" not in empty
    begun(desk)
    for rating in ("good", "again", "good"):
        answered(desk, rating)
    report = one.drills.report()
    html = progress_view.report_html(report, "zh")
    assert html.count("<svg") == html.count('role="img"') >= 3
    assert f"{report.recall:.0%}".replace("%", "&#37;") in html
    assert html.count('data-wish="notes"') == len(report.topics)
    assert report.topics[0].known <= report.topics[-1].known


def test_a_plan_says_what_to_learn_when(one: Learner) -> None:
    today = one.clock.now.date()
    plan = one.drills.plan(today + timedelta(days=5), 1)
    html = plan_view.plan_html(Choices(), plan, today, "zh")
    assert html.count("<tr>") == 2 + len(plan.days) + len(plan.topics)
    assert "plan-keep" in html
    assert (say("plan.cut", "zh", count=plan.cut) in html) is bool(plan.cut)
    followed = Choices(interview=plan.interview.isoformat(), minutes=1)
    assert "plan-keep" not in plan_view.plan_html(followed, plan, today, "zh")
    assert "plan-end" in plan_view.plan_html(followed, plan, today, "zh")


# --- for programs -------------------------------------------------------------------------------------------------------


def test_a_program_drills_as_a_person_does(one: Learner) -> None:
    first = next_card(one.drills)
    assert next_card(one.drills)["card"]["id"] == first["card"]["id"], "the same until it is answered"
    shown = first["card"]
    done = review(one.drills, shown["id"], given=shown["expected"], seen=shown["reviews"])
    assert (done["grade"]["verdict"], done["review"]["rating"]) == ("right", "good")
    twice = review(one.drills, shown["id"], "again", seen=shown["reviews"])
    assert twice["review"]["logged"] is False
    following = next_card(one.drills)
    assert following["card"]["id"] != shown["id"]
    assert review(one.drills, following["card"]["id"], "1")["review"]["rating"] == "again"
    for wrong in ("", "sideways"):
        with pytest.raises(Refused):
            review(one.drills, shown["id"], wrong)
    assert next_card(one.drills, topic="没有这个")["card"] is None


def test_spans_are_not_needed_to_open_a_source() -> None:
    """The address alone names the stretch that the reader highlights."""
    from tutor.ui.cited import cited

    found = cited((), note_address("a.md", 3, 9))
    assert found is not None
    assert (found.path, found.spans) == ("a.md", (Span(3, 9),))
