"""Words in pictures and scanned pages through rapidocr (the extra `ocr`), whose models lie in its package.

Called in a child process with limits (see `conversion.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from tutor.errors import ReadingError

_MAX_PIXELS = 40_000_000
_LEAST_SURE = 0.5
"""Of 1; what was recognised with less is noise."""
_SCALE = 200 / 72
"""Of a page when it is drawn: 200 dots per inch."""
_SAME_LINE = 0.6
"""Share of a line's height by which boxes of one line may differ."""
_PARAGRAPH = 1.1
"""Share of a line's height of white that begins a paragraph."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Recognised words and their box, in pixels from the top left."""

    text: str
    left: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        """Pixels."""
        return self.bottom - self.top


def picture_text(data: bytes, job: dict[str, Any]) -> dict[str, Any]:
    """The words of a picture. Raises ReadingError `ocr.picture` when it cannot be opened or is far too large."""
    from PIL import Image, UnidentifiedImageError

    path = PurePosixPath(job["file"])
    try:
        with Image.open(BytesIO(data)) as image:
            if image.width * image.height > _MAX_PIXELS:
                raise ReadingError("ocr.picture", file=str(path))
            return {"pages": [_recognised(_engine(), image.convert("RGB"))]}
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError, SyntaxError) as error:
        raise ReadingError("ocr.picture", file=str(path)) from error


def scanned_text(data: bytes, job: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The words of each wanted page of a PDF as soon as it is done."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    engine = _engine()
    for number in job["wanted"]:
        page = document[number - 1]
        width, height = page.get_size()
        scale = min(_SCALE, (_MAX_PIXELS / max(1.0, width * height)) ** 0.5)
        yield {"scanned": {str(number): _recognised(engine, page.render(scale=scale).to_pil().convert("RGB"))}}
        page.close()


def _engine() -> Any:  # noqa: ANN401 - the library is imported late
    import logging

    from rapidocr import RapidOCR

    logging.disable(logging.CRITICAL)
    return RapidOCR(params={"EngineConfig.onnxruntime.intra_op_num_threads": 2})


def _recognised(engine: Any, image: Any) -> str:  # noqa: ANN401
    import numpy as np

    result = engine(np.asarray(image)[:, :, ::-1])
    if result.boxes is None or result.txts is None:
        return ""
    found = [
        Seen(text, float(box[:, 0].min()), float(box[:, 1].min()), float(box[:, 1].max()))
        for box, text, score in zip(result.boxes, result.txts, result.scores, strict=True)
        if score >= _LEAST_SURE and text.strip()
    ]
    return laid_out(found)


def laid_out(found: Iterable[Seen]) -> str:
    """Recognised words as lines from top to bottom, with a blank line where the page has one."""
    lines: list[list[Seen]] = []
    for seen in sorted(found, key=lambda seen: (seen.top + seen.bottom) / 2):
        middle = (seen.top + seen.bottom) / 2
        if lines and abs(middle - _middle(lines[-1])) <= _SAME_LINE * min(seen.height, lines[-1][0].height):
            lines[-1].append(seen)
        else:
            lines.append([seen])
    out = ""
    for i, line in enumerate(lines):
        if i:
            white = min(s.top for s in line) - max(s.bottom for s in lines[i - 1])
            out += "\n\n" if white > _PARAGRAPH * min(line[0].height, lines[i - 1][0].height) else "\n"
        out += "  ".join(seen.text.strip() for seen in sorted(line, key=lambda seen: seen.left))
    return out + "\n" if out else ""


def _middle(line: Sequence[Seen]) -> float:
    return sum((seen.top + seen.bottom) / 2 for seen in line) / len(line)
