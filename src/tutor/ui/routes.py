"""What the page asks for besides Gradio's own: pages and pictures of notes, whether something is new, files dropped, a
conversation to take away. All under `/tutor/`, behind the guard.
"""

from __future__ import annotations

import tempfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from tutor.errors import TutorError
from tutor.ui.addresses import decoded
from tutor.ui.frame import spoken_language
from tutor.ui.pdf_pages import NotDrawn
from tutor.ui.views import friendly
from tutor.words import say

if TYPE_CHECKING:
    from tutor.ui.desk import Desk

KEPT = {"Cache-Control": "private, max-age=86400"}
"""For what has the digest of its file in its address."""
BRIEF = {"Cache-Control": "private, max-age=30"}
NEVER = {"Cache-Control": "no-store"}
MOST_NAMES = 2000


def add_routes(app: FastAPI, desk: Desk, lang: str) -> None:
    """Adds the routes. Most are ordinary functions, so that each runs in a thread and holds up nobody."""

    @app.get("/tutor/page/{code}/{page}")  # type: ignore[untyped-decorator]
    def page(code: str, page: int) -> Response:
        path = decoded(code)
        try:
            drawn = desk.shelf.page(path, page) if path else None
        except (TutorError, NotDrawn):
            drawn = None
        return Response(drawn, media_type="image/png", headers=KEPT) if drawn else _absent()

    @app.get("/tutor/picture/{code}")  # type: ignore[untyped-decorator]
    def picture(code: str) -> Response:
        path = decoded(code)
        found = desk.shelf.picture(path) if path else None
        return Response(found[1], media_type=found[0], headers=BRIEF) if found else _absent()

    @app.get("/tutor/news")  # type: ignore[untyped-decorator]
    def news() -> Response:
        state = desk.freshness.state
        told = {"revision": state.revision, "busy": state.busy, "records": _stamp(desk.tutor.progress)}
        return JSONResponse(told, headers=NEVER)

    @app.get("/tutor/conversation/{name}.md")  # type: ignore[untyped-decorator]
    def conversation(name: str, lang: str = lang) -> Response:
        try:
            written = desk.talks.written(name, spoken_language(lang, "en"))
        except TutorError:
            return _absent()
        headers = {**NEVER, "Content-Disposition": f'attachment; filename="conversation-{name[:8]}.md"'}
        return Response(written.encode("utf-8", "replace"), media_type="text/markdown; charset=utf-8", headers=headers)

    @app.put("/tutor/drop")  # type: ignore[untyped-decorator]
    async def drop(request: Request, name: str, lang: str = lang) -> Response:
        with tempfile.TemporaryDirectory(prefix="tutor-drop-") as folder:
            kept = Path(folder, "file")
            try:
                with kept.open("wb") as file:
                    async for piece in request.stream():
                        file.write(piece)
            except ClientDisconnect:
                return Response("too large", status_code=413, media_type="text/plain")
            said = await run_in_threadpool(_dropped, desk, name, kept, spoken_language(lang, "en"))
        return JSONResponse(said, headers=NEVER)

    @app.post("/tutor/dropped")  # type: ignore[untyped-decorator]
    def dropped(files: list[str], lang: str = lang) -> Response:
        return JSONResponse(desk.read_now(files[:MOST_NAMES], spoken_language(lang, "en")), headers=NEVER)


def _dropped(desk: Desk, name: str, source: Path, lang: str) -> dict[str, Any]:
    """What became of a file, in words."""
    from tutor.dropping import drop

    (done,) = drop(desk.tutor.corpus, [(name, source)])
    words = " ".join(friendly(done.error, lang)) if done.error else ""
    words = say("page.drop.there", lang) if done.status == "there" else words
    if done.file and PurePosixPath(done.file).name != PurePosixPath(name.replace("\\", "/")).name:
        renamed = say("page.drop.renamed", lang, file=PurePosixPath(done.file).name)
        words = f"{renamed}{say('page.comma', lang)}{words}" if words else renamed
    return {"status": done.status, "file": done.file, "words": words}


def _stamp(progress: Path) -> str:
    """Another one whenever something was written to the learner's records, by whichever process."""
    found = []
    for name in ("progress.db", "progress.db-wal"):
        try:
            status = (progress / name).stat()
        except OSError:  # nothing was written yet, or the log was just taken in
            continue
        found.append(f"{name} {status.st_mtime_ns} {status.st_size}")
    return " ".join(found)


def _absent() -> Response:
    return Response("absent", status_code=404, media_type="text/plain")
