"""How programming languages write comments and begin functions: a table. Every pattern is bounded or possessive."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = r"[\w$~]+"
_MODIFIERS = (
    r"(?:(?:public|private|protected|internal|static|final|abstract|export|default|async|const|inline|virtual|explicit"
    r"|override|open|sealed|partial|unsafe|extern|pub(?:\([\w: ]{1,20}\))?"
    r"|data|case|local|suspend|declare|readonly)\s+)*+"
)
_KINDS = (
    rf"{_MODIFIERS}(?:class|interface|enum(?:\s+class)?|struct|record|trait|union|namespace|object|protocol|extension"
    rf"|module|impl(?:<[^<>]{{0,60}}>)?)\s+{_NAME}(?![^{{]*;\s*$)"
)
_KEYWORD = rf"{_MODIFIERS}(?:func|fn|fun|function\s*\*?|def|proc|sub|sub\s)\s+(?:\([^()]{{0,80}}\)\s*)?{_NAME}"
_ARROW = (
    rf"(?:export\s+)?(?:default\s+)?(?:const|let|var)\s+{_NAME}\s*(?::[^=]{{1,80}})?=\s*(?:async\s+)?"
    rf"(?:function\b|\(.{{0,200}}\).{{0,60}}=>|{_NAME}\s*=>)"
)
_TYPED = (
    r"(?!(?:return|else|if|for|while|switch|case|throw|new|delete|using|typedef|goto|do|import|package|include|print|echo)\b)"
    r"(?:[\w:<>,~\[\].?@]++[\s*&]++)++(?:[~\w:]+|operator\s?\S{1,3})\s*\([^;{}=]*+\)?[^;{}=]*+\{?\s*$"
)
_METHOD = (
    r"(?!(?:if|for|while|switch|catch|return|function)\b)(?:(?:static|async|get|set)\s+)*+"
    r"#?\w+\s*\([^;{}]*+\)\s*(?::[^;{}]{1,80})?\{\s*$"
)


@dataclass(frozen=True, slots=True)
class Language:
    """`name`: for the fence; `line`: what begins a comment; `block`: what encloses one; `kind` and `function`: lines
    that begin a class and a function; `strings`: whether a string below the head of a function documents it;
    `indents`: whether the body of a function stands deeper than its head.
    """

    name: str
    extensions: tuple[str, ...]
    line: tuple[str, ...]
    block: tuple[str, str] | None
    kind: re.Pattern[str] | None
    function: re.Pattern[str]
    strings: bool = False
    indents: bool = True


def _language(
    name: str,
    extensions: str,
    line: str,
    block: tuple[str, str] | None,
    kind: str,
    *functions: str,
    strings: bool = False,
) -> Language:
    pattern = re.compile("|".join(f"(?:{f})" for f in functions), re.IGNORECASE if name == "sql" else 0)
    return Language(
        name,
        tuple(extensions.split()),
        tuple(line.split()),
        block,
        re.compile(kind) if kind else None,
        pattern,
        strings,
        name not in ("matlab", "sql"),
    )


_C = ("/*", "*/")
LANGUAGES: tuple[Language, ...] = (
    _language("python", ".py .pyw .pyi .pyx", "#", None, r"class\s+\w+", r"(?:async\s+)?def\s+\w+", strings=True),
    _language("cpp", ".cpp .cc .cxx .hpp .hh .hxx .h .cu .cuh .inl", "//", _C, _KINDS, _TYPED),
    _language("c", ".c", "//", _C, _KINDS, _TYPED),
    _language("java", ".java", "//", _C, _KINDS, _TYPED),
    _language("csharp", ".cs", "//", _C, _KINDS, _TYPED),
    _language("javascript", ".js .jsx .mjs .cjs", "//", _C, _KINDS, _KEYWORD, _ARROW, _METHOD),
    _language("typescript", ".ts .tsx", "//", _C, _KINDS, _KEYWORD, _ARROW, _METHOD),
    _language("go", ".go", "//", _C, r"type\s+\w+\s+(?:struct|interface)", _KEYWORD),
    _language("rust", ".rs", "//", _C, _KINDS, _KEYWORD),
    _language("kotlin", ".kt .kts", "//", _C, _KINDS, _KEYWORD),
    _language("swift", ".swift", "//", _C, _KINDS, _KEYWORD),
    _language("scala", ".scala", "//", _C, _KINDS, _KEYWORD),
    _language("php", ".php", "// #", _C, _KINDS, _KEYWORD),
    _language("ruby", ".rb", "#", None, r"(?:class|module)\s+\w+", r"def\s+\S+"),
    _language("lua", ".lua", "--", ("--[[", "]]"), "", r"(?:local\s+)?function\s+[\w.:]+"),
    _language("julia", ".jl", "#", ("#=", "=#"), r"(?:mutable\s+)?struct\s+\w+", r"function\s+[\w.!]+"),
    _language("r", ".r", "#", None, "", r"[\w.]+\s*(?:<-|=)\s*function\b"),
    _language("bash", ".sh .bash .zsh", "#", None, "", r"(?:function\s+[\w-]+|[\w-]+\s*\(\))\s*(?:\(\))?\s*\{?\s*$"),
    _language(
        "sql",
        ".sql",
        "-- #",
        _C,
        "",
        r"CREATE\s+(?:OR\s+REPLACE\s+)?(?:TEMP(?:ORARY)?\s+)?(?:TABLE|VIEW|FUNCTION|PROCEDURE|TRIGGER)\s+\S+",
    ),
    _language("matlab", ".m", "% //", ("%{", "%}"), "", r"function\b.{0,80}"),
)
BY_EXTENSION = {extension: language for language in LANGUAGES for extension in language.extensions}
