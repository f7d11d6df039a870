"""The notes over the Model Context Protocol: a real client talks to the real command."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

NOTE = "# 池化\n\n## 最大池化是什么？\n\n最大池化在每个窗口里只留下最大的那个值，所以对小的平移不敏感。\n"


def test_an_assistant_asks_searches_and_drills(tmp_path: Path) -> None:
    pytest.importorskip("mcp", reason="the extra [mcp] is not installed")
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "池化.md").write_text(NOTE, encoding="utf-8")
    told = asyncio.run(talked(tmp_path))
    assert told["tools"] == ["ask", "next_card", "review", "search"]
    quote = told["ask"]["quotes"][0]
    assert quote["file"] == "池化.md"
    assert NOTE[quote["start"] : quote["end"]] == quote["text"]
    assert told["search"]["hits"][0]["file"] == "池化.md"
    assert told["next_card"]["card"]["prompt"]
    assert told["review"]["review"]["rating"] == "good"
    assert told["refused"] == "问题是空的。 写几个字再发送。"


async def talked(folder: Path) -> dict[str, Any]:
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    folders = [word for name in ("corpus", "index", "progress") for word in (f"--{name}", str(folder / name))]
    folders[1] = str(folder / "notes")
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "tutor", "mcp", *folders, "--lang", "zh"], env=dict(os.environ)
    )
    async with stdio_client(command) as (reading, writing), ClientSession(reading, writing) as session:
        await session.initialize()
        told: dict[str, Any] = {"tools": sorted(tool.name for tool in (await session.list_tools()).tools)}
        told["ask"] = await said(session, "ask", question="最大池化是什么？")
        told["search"] = await said(session, "search", query="最大池化")
        told["next_card"] = await said(session, "next_card")
        card = told["next_card"]["card"]["id"]
        told["review"] = await said(session, "review", card=card, rating="good")
        refused = await session.call_tool("ask", {"question": " "})
        assert refused.isError
        told["refused"] = str(getattr(refused.content[0], "text", "")).partition(": ")[2]
        return told


async def said(session: Any, tool: str, **arguments: str) -> dict[str, Any]:
    answer = await session.call_tool(tool, arguments)
    assert not answer.isError, answer.content
    return dict(json.loads(answer.content[0].text))


def test_without_the_package_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from tutor.cli import app
    from tutor.commands import mcp

    monkeypatch.setattr(mcp, "find_spec", lambda _: None)
    folders = ["--corpus", str(tmp_path), "--index", str(tmp_path / "i"), "--progress", str(tmp_path / "p")]
    done = CliRunner().invoke(app, ["mcp", *folders, "--lang", "en"])
    assert done.exit_code == 1
    assert "notes-tutor[mcp]" in done.stderr
