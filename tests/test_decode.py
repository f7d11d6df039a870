"""Bytes to text: every encoding that notes come in, damage that is mended and said, and what is no text at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.errors import ReadingError
from tutor.reading.decode import Decoded, decode

PATH = PurePosixPath("notes/a.md")

SIMPLIFIED = {
    "prose": "过拟合是指模型在训练集上表现很好，在没有见过的数据上却很差。常用的办法有正则化、提前停止和增加数据。",
    "mixed": "# BN 和 LN 的区别\r\n\r\n- BatchNorm 对一个 batch 里的同一个特征求均值;\r\n- LayerNorm 对一个样本的所有特征求均值.\r\n",
    "one line": "梯度消失怎么办?",
    "title": "机器学习笔记",
    "table of rare words": "| 坩埚 | 镊子 | 烧杯 |\n| 蒸馏 | 萃取 | 漏斗 |",
    "formula": "softmax(x)ᵢ = eˣ⁄∑eˣ，其中 α≤0.1 且 β≥2；误差 ±3 %",
    "English with a dash": "The gradient – that is, the slope – points uphill; we walk downhill.",
}
TRADITIONAL = {
    "prose": "過擬合是指模型在訓練集上表現很好，在沒有見過的資料上卻很差。常用的辦法有正則化、提前停止和增加資料。",
    "mixed": "# BN 與 LN 的區別\n\n- BatchNorm 對一個 batch 裡的同一個特徵求平均值；\n- LayerNorm 對一個樣本的所有特徵求平均值。\n",
    "one line": "梯度消失怎麼辦？",
    "title": "機器學習筆記",
}
NO_MARK = ("utf-16-le", "utf-16-be")  # not told without a single line end or ASCII character
WIDE = (*NO_MARK, "utf-16", "utf-32")


def cases() -> Iterator[tuple[str, str, str]]:
    for name, text in SIMPLIFIED.items():
        for encoding in ("utf-8", "utf-8-sig", "gb18030", "gbk", *WIDE):
            if name != "title" or encoding not in NO_MARK:
                yield name, text, encoding
    for name, text in TRADITIONAL.items():
        for encoding in ("utf-8", "gb18030", "big5", "cp950", *WIDE):
            if name != "title" or encoding not in NO_MARK:
                yield f"traditional {name}", text, encoding


@pytest.mark.parametrize(
    ("name", "text", "encoding"), list(cases()), ids=lambda value: value if len(value) < 30 else ""
)
def test_every_encoding_gives_the_same_text(name: str, text: str, encoding: str) -> None:
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError:
        pytest.skip(f"{name} cannot be written in {encoding}")
    assert decode(data, PATH) == Decoded(text, decode(data, PATH).encoding)
    for repeat in (2, 400):
        assert decode((text * repeat).encode(encoding), PATH).text == text * repeat


@pytest.mark.data
def test_the_seed_notes_in_every_encoding(data: Path) -> None:
    for note in sorted((data / "seeds").glob("*.txt")):
        whole = note.read_bytes().decode("utf-8")
        for text in (whole, whole[:60]):
            for encoding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be"):
                assert decode(text.encode(encoding), PATH).text == text, (note.name, encoding)
            written = text.encode("gbk", "ignore")
            assert decode(written, PATH).text == written.decode("gbk")


@pytest.mark.parametrize("text", ["学习率\r\n损失\r梯度下降\n层\u2028数据\x0b训练\x0c", "a\r\nb\rc"])
def test_line_ends_stay(text: str) -> None:
    assert decode(text.encode(), PATH).text == text
    assert decode(text.encode("utf-16-le"), PATH).text == text


def test_a_mark_at_the_start_goes_and_one_inside_stays() -> None:
    assert decode("\ufeff甲\ufeff乙".encode(), PATH).text == "甲\ufeff乙"


def test_hong_kong_characters() -> None:
    text = "我哋喺度學緊機器學習，佢哋嘅模型好快就過擬合咗。"
    assert decode(text.encode("big5hkscs"), PATH).text == text


def test_western_text() -> None:
    assert (
        decode("A naïve “café” – résumé of the chapter".encode("cp1252"), PATH).text
        == "A naïve “café” – résumé of the chapter"
    )


@pytest.mark.parametrize("place", [0, 3, 40, 300])
def test_damaged_utf_8_is_mended_and_counted(place: int) -> None:
    data = (SIMPLIFIED["prose"] * 4).encode()
    result = decode(data[:place] + b"\xff\xfe\xfd" + data[place:], PATH) if place else decode(data[1:], PATH)
    assert result.encoding == "UTF-8"
    (remark,) = result.remarks
    assert remark.code == "text.replaced"
    assert int(remark.details["count"]) == result.text.count("\ufffd") > 0
    assert result.text.replace("\ufffd", "").count("过拟合") >= 3


def test_one_bad_byte_in_gb18030() -> None:
    data = (SIMPLIFIED["prose"] * 4).encode("gb18030")
    result = decode(data[:60] + b"\xff" + data[60:], PATH)
    assert result.encoding == "GB18030"
    assert result.text.startswith("过拟合是指模型")
    assert [remark.code for remark in result.remarks] == ["text.replaced"]


def test_odd_length_of_utf_16() -> None:
    result = decode("\ufeff提前停止 early stopping".encode("utf-16-le") + b"\x41", PATH)
    assert result.text == "提前停止 early stopping\ufffd"
    assert len(result.remarks) == 1


def test_an_english_note_with_one_bad_byte_is_read() -> None:
    result = decode(b"The loss falls quickly. " * 20 + b"\x81" + b"Then it stays. " * 20, PATH)
    assert result.text.count("\ufffd") == 1
    assert result.remarks


def test_half_a_surrogate_pair_cannot_get_in() -> None:
    result = decode("学习率".encode("utf-16-le") + b"\x00\xd8" + "和损失 loss".encode("utf-16-le"), PATH)
    result.text.encode()
    assert "\ufffd" in result.text


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "file.binary"),
        (b"PK\x03\x04" + bytes(40) + os.urandom(500), "file.binary"),
        ("过拟合是指\0模型".encode(), "file.binary"),
        (b"text with a \0 in it", "file.binary"),
        (bytes(100), "file.binary"),
        (b"\x01\x02\x03\x04\x05\x06" * 30, "file.binary"),
        ("日本語のテキストです。機械学習の勉強をしています。".encode("shift_jis"), "file.encoding"),
        (("이것은 기계 학습에 관한 한국어 노트입니다. " * 3).encode("euc_kr"), "file.encoding"),
    ],
    ids=["png", "zip", "NUL in Chinese", "NUL in English", "NULs", "control", "Shift JIS", "EUC-KR"],
)
def test_what_is_not_text_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(ReadingError) as caught:
        decode(data, PATH)
    assert caught.value.code == code
    assert "notes/a.md" in caught.value.reason("zh")
    assert caught.value.hint("en")


def test_nothing_is_nothing() -> None:
    assert decode(b"", PATH) == Decoded("", "UTF-8")


def test_the_encoding_is_told_from_the_first_foreign_part_of_a_long_file() -> None:
    text = "plain ASCII line\n" * 20_000 + SIMPLIFIED["prose"]
    assert decode(text.encode("gb18030"), PATH).text == text


@given(st.binary(max_size=300))
def test_whatever_comes_in_what_comes_out_is_text(data: bytes) -> None:
    try:
        text = decode(data, PATH).text
    except ReadingError as error:
        assert error.code in ("file.binary", "file.encoding")  # noqa: PT017
    else:
        assert "\0" not in text
        text.encode()


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=80))
def test_utf_8_always_comes_back(text: str) -> None:
    assert decode(text.encode(), PATH).text == text.removeprefix("\ufeff")


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "data", [b"a" * 10**7, "字".encode() * 3 * 10**6, b"\n" * 10**7], ids=["one line", "Chinese", "line ends"]
)
def test_ten_megabytes(data: bytes) -> None:
    assert len(decode(data, PATH).text) == len(data.decode())
