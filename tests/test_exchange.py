"""Out into plain files and back: nothing is lost, nothing is there twice, nothing runs in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from drill_tools import Learner, Shelf, card, history, learner, pairs

from tutor.drilling import export_text
from tutor.drilling.export_anki import as_html, package
from tutor.errors import Refused
from tutor.study import CardKind, CardStatus, Rating


def notes_of(apkg: bytes, folder: Path) -> list[tuple[str, str]]:
    """(guid, fields) of the notes of a package."""
    with zipfile.ZipFile(io.BytesIO(apkg)) as archive:
        path = folder / "collection.anki2"
        path.write_bytes(archive.read("collection.anki2"))
    with sqlite3.connect(path) as connection:
        found = connection.execute("SELECT guid, flds FROM notes ORDER BY guid").fetchall()
    connection.close()
    return found


def studied(one: Learner) -> None:
    for rating in (Rating.GOOD, Rating.AGAIN, Rating.EASY):
        one.answer(rating, given="答", elapsed_ms=900, sure=True)
        one.clock.wait(minutes=11)
    one.drills.undo()
    one.clock.wait(days=2)
    one.answer(Rating.GOOD)


def test_everything_comes_back_on_another_machine(tmp_path: Path) -> None:
    shelf = Shelf(a=pairs(4))
    with learner(tmp_path / "old", shelf) as old:
        studied(old)
        (first, *_) = old.drills.cards.all()
        old.drills.edit(first.id, "改过？", "改过")
        old.shelf.texts["b.md"] = pairs(2, first=50)
        old.drills.update()
        text = old.drills.export("drills", "zh").decode()
        prompts = {c.id: c.draft.prompt for c in old.drills.cards.all()}
        kept = {prompts[c]: m for c, m in history(old).items()}
    with learner(tmp_path / "new", Shelf(a=pairs(4)), old.clock()) as new:
        found = new.drills.bring_in(text)
        assert (found.known, found.skipped) == (3, 0)
        assert found.cards == 3, "the edited card, and those of a note that is not here"
        assert found.reviews == 3
        cards = {c.id: c for c in new.drills.cards.all(None)}
        assert {cards[c].draft.prompt: m for c, m in history(new).items()} == kept
        assert sum(c.status is CardStatus.ORPHANED for c in cards.values()) == 2
        again = new.drills.bring_in(text)
        assert (again.cards, again.reviews) == (0, 0)
        new.shelf.texts["b.md"] = pairs(2, first=50)
        assert new.drills.update().added == 0


def test_what_was_judged_of_a_card_comes_along(tmp_path: Path) -> None:
    with learner(tmp_path / "old", Shelf(a=pairs(2))) as old:
        good, bad = old.drills.cards.all()
        old.drills.accept(good.id)
        old.drills.put(bad.id, CardStatus.SUSPENDED, report="=答案不全")
        text = old.drills.export("drills", "zh").decode()
        row = next(csv.DictReader(io.StringIO(old.drills.export("csv", "zh").decode("utf-8-sig"))))
        assert (row["accepted"], row["report"]) == ("True", "")
    with learner(tmp_path / "new", Shelf(b="# 空\n"), old.clock()) as new:
        new.drills.bring_in(text)
        assert new.drills.cards.get(good.id).accepted
        assert new.drills.cards.get(bad.id).report == "=答案不全"
        before = [
            {k: v for k, v in one.items() if k not in ("accepted", "report")} for one in json.loads(text)["cards"]
        ]
        assert len(export_text.read_json(json.dumps({**json.loads(text), "cards": before})).cards) == 2


def test_choices_come_along_where_nothing_else_was_chosen(tmp_path: Path) -> None:
    shelf = Shelf(a=pairs(2))
    with learner(tmp_path / "old", shelf) as old:
        for name, value in (("retention", "0.95"), ("buttons", "4"), ("minutes", "25"), ("run_code", "yes")):
            old.drills.choose(name, value)
        for _ in range(2):
            old.answer(Rating.EASY)
        old.clock.wait(days=30)
        old.answer(Rating.GOOD)
        text, kept = old.drills.export("drills", "zh").decode(), history(old)
    with learner(tmp_path / "new", Shelf(a=pairs(2)), old.clock()) as new:
        new.drills.choose("minutes", "60")
        found = new.drills.bring_in(text)
        assert (found.choices, found.kept) == (("retention", "buttons"), ("minutes",))
        chosen = new.drills.choices
        assert (chosen.retention, chosen.buttons, chosen.minutes) == (0.95, 4, 60)
        assert not chosen.run_code, "a file never turns on that code is run"
        assert sorted(m.due for m in history(new).values()) == sorted(m.due for m in kept.values())
        assert new.drills.bring_in(text).choices == ()
        value = json.loads(text)
        value["choices"] = {"buttons": "9", "nonsense": "1", "new_per_day": "5"}
        assert new.drills.bring_in(json.dumps(value)).choices == ("new_per_day",)


def test_reviews_made_here_since_are_not_overtaken(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf(a=pairs(2))) as one:
        one.answer(Rating.GOOD)
        one.clock.wait(days=1)
        text = one.drills.export("drills", "zh").decode()
        one.answer(Rating.GOOD)
        kept = history(one)
        value = json.loads(text)
        value["reviews"].append({**value["reviews"][0], "at": "2020-01-01T00:00:00+00:00"})
        found = one.drills.bring_in(json.dumps(value))
        assert (found.reviews, found.skipped) == (0, 2)
        assert history(one) == kept


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format":"tutor-drills","version":99}', "[" * 100_000, '{"format":"tutor-drills","version":1,"cards":[{}],"reviews":[],"choices":{}}']
)  # fmt: skip
def test_what_is_not_an_export_is_refused(tmp_path: Path, text: str) -> None:
    with learner(tmp_path, Shelf(a=pairs(1))) as one, pytest.raises(Refused):
        one.drills.bring_in(text)


def test_a_table_for_spreadsheets(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf(a=pairs(3))) as one:
        studied(one)
        one.drills.edit(one.drills.cards.all()[0].id, "=HYPERLINK(1)", 'a\nb,"c"')
        raw = one.drills.export("csv", "zh")
        assert raw.startswith(b"\xef\xbb\xbf")
        rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
        assert len(rows) == 3
        assert rows[0]["prompt"] == "'=HYPERLINK(1)"
        assert rows[0]["expected"] == 'a\nb,"c"'
        assert sum(bool(row["due"]) for row in rows) == len(history(one))
        log = list(csv.DictReader(io.StringIO(one.drills.export("reviews", "zh").decode("utf-8-sig"), newline="")))
        assert [row["rating"] for row in log] == ["good", "again", "good"]
        assert log[0]["sure"] == "True"


def test_a_text_to_read(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf(a=pairs(2))) as one:
        text = one.drills.export("cards", "zh").decode()
    assert text.count("**第") == 2
    assert "它问的是第 1 件事情的来历" in text


def test_a_newer_package_changes_anki_cards_in_place(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf(a=pairs(3))) as one:
        first = notes_of(one.drills.export("anki", "zh"), tmp_path)
        one.shelf.texts["a.md"] = pairs(4).replace("第 1 件事情的来历", "第 1 件事情的来源")
        one.clock.wait(days=1)
        one.drills.update()
        second = notes_of(one.drills.export("anki", "zh"), tmp_path)
    assert len(first) == 3
    assert len(second) == 4
    assert {guid for guid, _ in first} < {guid for guid, _ in second}


def test_an_empty_package_can_be_made(tmp_path: Path) -> None:
    assert notes_of(package([], 0.0), tmp_path) == []


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("损失 $a<b$ 与 $$\\frac{1}{2}$$", r"\(a&lt;b\)"),
        ("$$\n\\sum_i x_i\n$$", r"\[" + "\n\\sum_i x_i\n" + r"\]"),
        ("```python\nif a < b:\n    return\n```", '<pre><code class="language-python">if a &lt; b:\n    return\n</code></pre>'),
        ("用 `x < y`", "<code>x &lt; y</code>"),
        ("<script>alert(1)</script>", "&lt;script&gt;"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "<td>1</td>"),
        ("价格是 $5 和 $6", "价格是 $5 和 $6"),
    ],
    ids=["inline", "display", "code", "word of code", "html", "table", "money"],
)  # fmt: skip
def test_formulas_and_code_in_anki(markdown: str, shown: str) -> None:
    assert shown in as_html(markdown)


def test_code_without_a_fence_keeps_its_lines_in_anki(tmp_path: Path) -> None:
    code = "class Net:\n    def __init__(self):\n        self.a = 1 < 2"
    one = replace(card("甲"), draft=replace(card("甲").draft, kind=CardKind.CODE, expected=code))
    (found,) = notes_of(package([one], 0.0), tmp_path)
    assert "<pre><code>class Net:\n    def __init__(self):\n        self.a = 1 &lt; 2</code></pre>" in found[1]


def test_the_card_record_is_complete() -> None:
    one = card("甲", edited=True, status=CardStatus.DELETED)
    everything = export_text.Everything((one,), (), {})
    assert export_text.read_json(export_text.everything_json(everything, one.created or None)).cards == (one,)  # type: ignore[arg-type]
