"""Web pages that somebody saved (HTML, MHTML): the article as Markdown, without the page around it.

Called in a child process with limits (see `conversion.py`). Nothing is ever fetched.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from tutor.errors import ReadingError
from tutor.reading.decode import decode
from tutor.records import Remark

_DATA_ADDRESS = re.compile(r"data:[\w/+.-]{1,80}(?:;[\w=-]{1,40}){0,3},[\w+/=%.~!*-]*+")
_DECLARED = re.compile(rb"<meta[^<>]{0,300}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w-]{2,20})", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^<>]{0,300}\?>")
_AS_GB18030 = frozenset({"gb2312", "gbk", "gb_2312-80", "x-gbk", "chinese"})
_HEAD = 4096
_HEADING = re.compile(r"^(#{1,6}) (.*)$", re.MULTILINE)
_FENCE = re.compile(r"^ {0,12}(`{3,})", re.MULTILINE)


def html_markdown(data: bytes, path: PurePosixPath) -> tuple[str, tuple[Remark, ...]]:
    """A page's article. Raises ReadingError `html.nothing` when it has no words, or that it is not text."""
    text, remarks = decode_html(data, path)
    return page_markdown(text, path), remarks


def mhtml_markdown(data: bytes, path: PurePosixPath) -> tuple[str, tuple[Remark, ...]]:
    """The article of a page saved as one file. Raises ReadingError `html.nothing` when there is no page in it."""
    import email
    from email import policy

    message = email.message_from_bytes(data, policy=policy.compat32)
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and content.strip():
                return html_markdown(content, path)
    raise ReadingError("html.nothing", file=str(path))


def decode_html(data: bytes, path: PurePosixPath) -> tuple[str, tuple[Remark, ...]]:
    """A page's characters: as UTF-8 where it is, else as the page declares when that fits, else as any text."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        declared = _DECLARED.search(data[:_HEAD])
        name = declared[1].decode("ascii", "replace").lower() if declared else ""
        try:
            if name and not data.startswith((b"\xff\xfe", b"\xfe\xff")) and not name.startswith("utf"):
                return data.decode("gb18030" if name in _AS_GB18030 else name), ()
        except (LookupError, UnicodeDecodeError):
            pass
    decoded = decode(data, path)
    return decoded.text, decoded.remarks


def page_markdown(text: str, path: PurePosixPath) -> str:
    """The article of a page as Markdown, its title first. Raises ReadingError `html.nothing`."""
    from lxml import etree, html

    from tutor.reading.article import article_of
    from tutor.reading.dom import to_markdown
    from tutor.reading.formulas import restore_formulas

    text = _DECLARATION.sub("", _DATA_ADDRESS.sub("data:,", text)).replace("\0", "")
    try:
        page = html.document_fromstring(
            text, parser=html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
        )
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ReadingError("html.nothing", file=str(path)) from error
    restore_formulas(page)
    article = article_of(page)
    body = "\n\n".join(filter(None, (to_markdown(part).strip() for part in article.parts)))
    if not body:
        raise ReadingError("html.nothing", file=str(path))
    return _titled(article.title, body)


def _titled(title: str, body: str) -> str:
    """The body below its title: the headings of the body are one level deeper where they would stand beside it."""
    levels, first = _levels(body)
    if not title or (levels and first == _bare(title) and levels.count(1) == 1):
        return body + "\n"
    if first == _bare(title):
        head = _HEADING.search(body)
        assert head
        body = body[: head.start()] + body[head.end() :].lstrip("\n")
        levels = levels[1:]
    if 1 in levels:
        body = _deeper(body)
    return f"# {title}\n\n{body}\n"


def _bare(title: str) -> str:
    return re.sub(r"[\s\W]+", "", title)


def _levels(body: str) -> tuple[list[int], str]:
    """The levels of the headings, and the words of the first one."""
    found = [match for match in _HEADING.finditer(_without_code(body))]
    return [len(match[1]) for match in found], _bare(found[0][2]) if found else ""


def _without_code(body: str) -> str:
    return "".join(part if i % 2 == 0 else re.sub(r"[^\n]", "x", part) for i, part in enumerate(_fenced(body)))


def _deeper(body: str) -> str:
    return "".join(
        part if i % 2 else _HEADING.sub(lambda match: f"{'#' * min(6, len(match[1]) + 1)} {match[2]}", part)
        for i, part in enumerate(_fenced(body))
    )


def _fenced(body: str) -> list[str]:
    """The body cut at its fences: words, code, words, code, …"""
    parts, at, fence = [], 0, ""
    for match in _FENCE.finditer(body):
        if not fence:
            parts.append(body[at : match.start()])
            at, fence = match.start(), match[1]
        elif match[1] == fence and body[match.end() : match.end() + 1] in ("", "\n"):
            parts.append(body[at : match.end()])
            at, fence = match.end(), ""
    parts.append(body[at:])
    return parts
