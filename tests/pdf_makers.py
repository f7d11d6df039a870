"""PDFs made in code: ordinary ones, damaged ones and hostile ones. Small in memory; none lies in the repository."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence

FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def stream(data: bytes, extra: bytes = b"", packed: bool = True) -> bytes:
    """A stream object; `packed` by Flate."""
    body = zlib.compress(data, 9) if packed else data
    flate = b"/Filter /FlateDecode " if packed else b""
    return b"<< /Length %d %s%s >>\nstream\n%s\nendstream" % (len(body), flate, extra, body)


def build(objects: dict[int, bytes], root: int = 1, trailer: bytes = b"") -> bytes:
    """A file of numbered objects with its cross-reference table."""
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    offsets: dict[int, int] = {}
    for number, body in objects.items():
        offsets[number] = out.tell()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    size = max(objects) + 1
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
    for number in range(1, size):
        out.write(b"%010d 00000 n \n" % offsets[number] if number in offsets else b"0000000000 65535 f \n")
    out.write(b"trailer\n<< /Size %d /Root %d 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, root, trailer, start))
    return out.getvalue()


def shown(text: str, x: int = 72, y: int = 700) -> bytes:
    """Operators that show lines of ASCII text."""
    lines = b"".join(b"(%s) Tj T*\n" % line.encode("ascii") for line in text.split("\n"))
    return b"BT /F1 12 Tf 14 TL %d %d Td\n%sET" % (x, y, lines)


def from_contents(contents: Sequence[bytes], resources: bytes = b"", extra: dict[int, bytes] | None = None) -> bytes:
    """A page for each content stream object; `extra` objects are numbered from 1000."""
    count = len(contents)
    kids = b" ".join(b"%d 0 R" % (10 + 2 * i) for i in range(count))
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
        3: FONT,
    }
    for i, content in enumerate(contents):
        objects[10 + 2 * i] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> %s >> >>" % (11 + 2 * i, resources)
        )
        objects[11 + 2 * i] = content
    return build(objects | (extra or {}))


def text_pdf(pages: Sequence[str]) -> bytes:
    """An ordinary PDF of ASCII text."""
    return from_contents([stream(shown(page)) for page in pages])


def with_xref_page(pages: Sequence[str], content: bytes) -> bytes:
    """Ordinary pages and, after the first of them, one with the given content stream object."""
    ordinary = [stream(shown(page)) for page in pages]
    return from_contents([ordinary[0], content, *ordinary[1:]])


# --- Chinese with an embedded character map -----------------------------------------------------------------------


def _to_unicode(codes: dict[int, str]) -> bytes:
    pairs = "\n".join(f"<{code:04X}> <{text.encode('utf-16-be').hex()}>" for code, text in codes.items())
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def "
        "1 begincodespacerange <0000> <FFFF> endcodespacerange "
        f"{len(codes)} beginbfchar\n{pairs}\nendbfchar endcmap end end"
    ).encode()


def mapped_pdf(pages: Sequence[str], codes: dict[int, str] | None = None) -> bytes:
    """Pages of any characters, through a font whose /ToUnicode says what they are (no glyphs: nothing to see, all to
    read). With `codes`, the map that the file declares; characters' codes are their places in the sorted text."""
    letters = sorted({c for page in pages for c in page if c != "\n"})
    declared = codes if codes is not None else {i + 1: c for i, c in enumerate(letters)}
    place = {c: i + 1 for i, c in enumerate(letters)}
    contents = []
    for page in pages:
        rows = b"".join(
            b"<%s> Tj T*\n" % "".join(f"{place[c]:04X}" for c in line).encode() for line in page.split("\n")
        )
        contents.append(stream(b"BT /F2 12 Tf 16 TL 72 720 Td\n%sET" % rows))
    extra = {
        1000: b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [1001 0 R] /ToUnicode 1002 0 R >>",
        1001: b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
        b"/FontDescriptor 1003 0 R /DW 1000 >>",
        1002: stream(_to_unicode(declared)),
        1003: b"<< /Type /FontDescriptor /FontName /X /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 800 /Descent -200 "
        b"/CapHeight 700 /StemV 80 >>",
    }
    return from_contents(contents, extra=extra).replace(b"/F1 3 0 R", b"/F1 3 0 R /F2 1000 0 R")


# --- damaged and hostile ------------------------------------------------------------------------------------------


def flate_bomb(megabytes: int) -> bytes:
    """A page whose stream unpacks to so many megabytes."""
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(bytes(2**20)) for _ in range(megabytes)) + packer.flush()
    return b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(body), body)


def form_graph(levels: int, fan: int, leaf: bytes) -> bytes:
    """Forms that each draw the next one `fan` times: fan ** levels leaves."""
    extra = {}
    for level in range(levels):
        body = b"/X Do\n" * fan
        link = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> /Font << /F1 3 0 R >> >>"
        extra[1000 + level] = stream(body, link % (1001 + level))
    extra[1000 + levels] = stream(
        leaf, b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /F1 3 0 R >> >>"
    )
    return from_contents([stream(b"/X Do")], b"/XObject << /X 1000 0 R >>", extra)


def page_loop() -> bytes:
    """A page tree that contains itself."""
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [2 0 R 4 0 R] /Count 2 >>",
        3: FONT,
        4: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R /Resources << /Font << /F1 3 0 R >> >> >>",
        5: stream(shown("after the loop")),
    }
    return build(objects)


def many_pages(count: int) -> bytes:
    """So many references to one page."""
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b"4 0 R " * count, count),
        3: FONT,
        4: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R /Resources << /Font << /F1 3 0 R >> >> >>",
        5: stream(shown("again")),
    }
    return build(objects)


def repeated_stream(count: int, content: bytes) -> bytes:
    """`count` pages that share one content stream object."""
    kids = b" ".join(b"%d 0 R" % (10 + i) for i in range(count))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
        3: FONT,
    }
    return build(objects | {5: content} | {10 + i: page for i in range(count)})


def image_only(pages: int = 1) -> bytes:
    """Scanned pages: a picture each, no text."""
    image = stream(
        bytes(64), b"/Type /XObject /Subtype /Image /Width 8 /Height 8 /ColorSpace /DeviceGray /BitsPerComponent 8"
    )
    return from_contents(
        [stream(b"q 600 0 0 700 0 0 cm /I Do Q")] * pages, b"/XObject << /I 1000 0 R >>", {1000: image}
    )


def no_pages() -> bytes:
    return build({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Kids [] /Count 0 >>"})


def lying_count() -> bytes:
    return text_pdf(["only page"]).replace(b"/Count 1 ", b"/Count 999999999 ")


def encrypted(pages: Sequence[str], password: str, algorithm: str = "AES-256") -> bytes:
    """Encrypted, with a password to open it (empty: none is asked for) and an owner's password."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(text_pdf(pages))))
    writer.encrypt(user_password=password, owner_password="owner", algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def glyphs(count: int) -> bytes:
    """Content of so many text-showing operators."""
    return b"BT /F1 1 Tf " + b"(a) Tj " * count + b"ET"


def bad_map() -> bytes:
    """A font whose map makes 120 characters of each one."""
    return mapped_pdf(["a" * 60_000], {1: "x" * 120})


# --- layouts and fonts that engines stumble over ------------------------------------------------------------------


def drawn_pdf(pages: Sequence[Sequence[tuple[float, float, str]]], own_coding: bool = False, size: int = 12) -> bytes:
    """Pages of texts, each at its place (x, y), in the order of drawing. `own_coding`: the font's codes go through a
    character map inside the file, as some programs write for Chinese fonts; else they are glyph numbers (Identity-H).
    """
    letters = sorted({c for page in pages for _, _, text in page for c in text})
    code = {c: (0x4141 if own_coding else 1) + i for i, c in enumerate(letters)}
    contents = []
    for page in pages:
        shown = [
            b"BT /F2 %d Tf 1 0 0 1 %.2f %.2f Tm <%s> Tj ET\n"
            % (size, x, y, "".join(f"{code[c]:04X}" for c in text).encode())
            for x, y, text in page
        ]
        contents.append(stream(b"".join(shown)))
    wide = " ".join(f"{code[c] - min(code.values()) + 1} [{500 if c.isascii() else 1000}]" for c in letters).encode()
    extra = {
        1000: b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding %s /DescendantFonts [1001 0 R] /ToUnicode 1002 0 R >>"
        % (b"1004 0 R" if own_coding else b"/Identity-H"),
        1001: b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) "
        b"/Supplement 0 >> /FontDescriptor 1003 0 R /DW 1000 /W [%s] >>" % wide,
        1002: stream(_to_unicode({code[c]: c for c in letters})),
        1003: b"<< /Type /FontDescriptor /FontName /X /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 800 "
        b"/Descent -200 /CapHeight 700 /StemV 80 >>",
    }
    if own_coding:
        extra[1004] = stream(_to_glyphs(min(code.values()), len(letters)), b"/Type /CMap /CMapName /X ")
    return from_contents(contents, extra=extra).replace(b"/F1 3 0 R", b"/F1 3 0 R /F2 1000 0 R")


def _to_glyphs(first: int, count: int) -> bytes:
    """A character map from codes to glyph numbers from 1 on."""
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CIDSystemInfo << /Registry (Adobe) "
        "/Ordering (Identity) /Supplement 0 >> def /CMapName /X def /CMapType 1 def 1 begincodespacerange <0000> <FFFF> "
        f"endcodespacerange 1 begincidrange <{first:04X}> <{first + count - 1:04X}> 1 endcidrange endcmap end end"
    ).encode()


def two_columns(
    left: Sequence[str], right: Sequence[str], by_row: bool, head: str = ""
) -> list[tuple[float, float, str]]:
    """A page in two columns, drawn row by row or column by column, below a line over its whole width."""
    places = [[(x, 700.0 - 18 * i, line) for i, line in enumerate(lines)] for x, lines in ((72, left), (320, right))]
    rows = [place for pair in zip(*places, strict=True) for place in pair] if by_row else places[0] + places[1]
    return ([(72.0, 730.0, head)] if head else []) + rows


# --- more that is hostile -----------------------------------------------------------------------------------------


def table_loop(pages: Sequence[str]) -> bytes:
    """The cross-reference table names itself as the one before it."""
    data = from_contents([stream(shown(page)) for page in pages]).replace(b"/Size", b"/Prev 0000000 /Size", 1)
    start = data.rindex(b"startxref\n") + len(b"startxref\n")
    offset = int(data[start:].split()[0])
    return data.replace(b"/Prev 0000000", b"/Prev %07d" % offset)


def tree_of(fan: int, levels: int) -> bytes:
    """A page tree in which every node has the next one `fan` times: fan ** levels pages."""
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>", 3: FONT}
    for level in range(levels):
        number, below = (2 if level == 0 else 9 + level), 10 + level
        objects[number] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (
            b"%d 0 R " % below * fan,
            fan ** (levels - level),
        )
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
    return build(objects | {9 + levels: page, 5: stream(shown("leaf"))})


def outline_loop(pages: Sequence[str]) -> bytes:
    """Bookmarks that follow themselves."""
    data = from_contents(
        [stream(shown(page)) for page in pages],
        extra={1000: b"<< /First 1001 0 R /Last 1001 0 R >>", 1001: b"<< /Title (a) /Next 1001 0 R /First 1001 0 R >>"},
    )
    return data.replace(b"/Type /Catalog", b"/Type /Catalog /Outlines 1000 0 R")


def form_of_itself() -> bytes:
    """A form that draws itself, and no text."""
    form = stream(
        b"/X Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 1000 0 R >> >>"
    )
    return from_contents([stream(b"/X Do")], b"/XObject << /X 1000 0 R >>", {1000: form})


def rootless() -> bytes:
    """The document's root is missing."""
    return text_pdf(["text"]).replace(b"/Type /Catalog", b"/Tipe /Catalug").replace(b"/Pages 2 0 R", b"/Pegas 2 0 R")
