"""Markdown: bytes in, Document out. markdown-it finds the blocks; what it takes for paragraphs is looked at like plain text,
because Chinese notes number their headings by hand.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from tutor.reading.codeblocks import looks_like_code, rows_of
from tutor.reading.decode import decode
from tutor.reading.finish import finish
from tutor.reading.flat import Line
from tutor.reading.markers import Marker
from tutor.reading.outline import blocks_from
from tutor.reading.plaintext import kind_of, lines_from
from tutor.reading.signs import is_link, is_picture, is_title, is_todo
from tutor.records import Block, BlockKind, Document
from tutor.text.wrapping import hard_wraps, soft_breaks

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
