"""One spelling for the same characters: exchange keeps offsets, folding is a fixed point."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.text.normalise import fold, repair_radicals, simplify

EVERY_CHARACTER = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("過擬合與梯度爆炸", "过拟合与梯度爆炸"),
        ("這裡的參數決定訓練後的結果", "这里的参数决定训练后的结果"),
        ("特徵於頭髮發現", "特征于头发发现"),
    ],
)
def test_traditional_becomes_simplified(traditional: str, simplified: str) -> None:
    assert simplify(traditional) == simplified


@pytest.mark.parametrize("text", ["著名的覆盖率", "慰藉", "了解瞭望", "plain ASCII", "", "カタカナ한국어"])
def test_what_is_already_simplified_stays(text: str) -> None:
    assert simplify(text) == text


def test_every_character_of_the_simplified_standard_that_is_common_stays() -> None:
    rows = bytes(b for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF) for b in (high, low))
    common = rows.decode("gb2312", "ignore")
    assert len(common) == 3755
    assert [c for c in common if simplify(c) != c] == []


def test_exchange_is_character_for_character_and_final() -> None:
    for exchange in (simplify, repair_radicals):
        changed = {c: exchange(c) for c in EVERY_CHARACTER if exchange(c) != c}
        assert all(len(new) == 1 for new in changed.values())
        assert [c for c, new in changed.items() if exchange(new) != new] == []
    assert sum(simplify(c) != c for c in EVERY_CHARACTER) > 3000


@given(st.text())
def test_exchange_keeps_the_length_and_works_character_by_character(text: str) -> None:
    for exchange in (simplify, repair_radicals):
        assert len(exchange(text)) == len(text)
        assert exchange(text) == "".join(map(exchange, text))


def test_all_radicals_that_print_programs_were_seen_to_write() -> None:
    assert repair_radicals("⻅⻓⻉⻬⻄⻛⻋⻮⻢⻩⻚⻜⺟⻳") == "见长贝齐西风车齿马黄页飞母龟"
    assert repair_radicals("⼀⽤⽅⼤⽣⾼⽹") == "一用方大生高网"


def test_every_kangxi_radical_is_repaired_as_unicode_says() -> None:
    for code in range(0x2F00, 0x2FD6):
        assert repair_radicals(chr(code)) == unicodedata.normalize("NFKC", chr(code))
    assert sum(repair_radicals(chr(code)) != chr(code) for code in range(0x2E80, 0x2F00)) == 101


def test_folding() -> None:
    assert fold("ＢＮ 層：過擬合 ⾼⻛ ½") == "bn 层:过拟合 高风 1⁄2"


def test_folding_twice_is_folding_once_for_every_character() -> None:
    assert [c for c in EVERY_CHARACTER if fold(fold(c)) != fold(c)] == []


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
