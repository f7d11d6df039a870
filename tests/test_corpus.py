"""The shipped notes: every worked number recomputed, every code block run, links, punctuation and formulas checked.

How a note is written: `#` its title; each `##` heading is a question; under it a short answer (one paragraph that can be
quoted alone), the explanation, **算例** (one line), **易错** (one line), **追问** (a list of links). A link's text is the
heading that it leads to, its target GitHub's anchor of that heading, with the file in front when it is another note.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import Any

import corpus_checks
import pytest
from corpus_checks.registry import CHECKS, WORKED
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from tutor.reading.formats import read
from tutor.splitting import split

for _module in pkgutil.iter_modules(corpus_checks.__path__):
    importlib.import_module(f"corpus_checks.{_module.name}")

CORPUS = Path(__file__).parents[1] / "corpus"
INDEX = "目录"
"""The note that holds links only."""
NOTES = {path.stem: path.read_text(encoding="utf-8") for path in CORPUS.glob("*.md") if path.stem != INDEX}
CODE = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)
LINK = re.compile(r"^- \[(.+)\]\(([^)]*)\)$")


def sections() -> dict[tuple[str, str], str]:
    """(note, heading) -> text under it."""
    found = {}
    for note, text in NOTES.items():
        _, *parts = re.split(r"^## (.+)$", text, flags=re.M)
        found.update({(note, parts[i]): parts[i + 1] for i in range(0, len(parts), 2)})
    return found


SECTIONS = sections()
every_note = pytest.mark.parametrize("note", sorted(NOTES))
every_section = pytest.mark.parametrize("key", sorted(SECTIONS), ids="-".join)


def anchor(heading: str) -> str:
    """GitHub's anchor: lower case, punctuation dropped, spaces become hyphens."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def labelled(key: tuple[str, str], label: str) -> list[str]:
    return re.findall(rf"^\*\*{label}\*\*：(.*)$", SECTIONS[key], flags=re.M)


def statements(text: str) -> list[str]:
    return [part for part in re.split(r"[。！？；]", text) if part.strip()]


# ---- form


def test_there_are_notes() -> None:
    assert {"归一化", "正则化与过拟合", "卷积计算", "检测评价"} <= set(NOTES)


def test_the_index_leads_to_every_section_and_can_never_be_quoted() -> None:
    text = (CORPUS / f"{INDEX}.md").read_text(encoding="utf-8")
    links = re.findall(r"^- \[(.+)\]\(([^)#]+)(?:#([^)]*))?\)$", text, flags=re.M)
    listed = {(file.removesuffix(".md"), words): place for words, file, place in links if file.endswith(".md")}
    assert listed == {(note, heading): anchor(heading) for note, heading in SECTIONS}
    assert all((CORPUS / file).is_file() for _, file, _ in links)
    assert split(read(PurePosixPath(f"{INDEX}.md"), text.encode())) == []


def test_no_heading_twice() -> None:
    counts = Counter(heading for _, heading in SECTIONS)
    counts.update(re.findall(r"^# (.+)$", "\n".join(CODE.sub("", text) for text in NOTES.values()), flags=re.M))
    assert {heading for heading, count in counts.items() if count > 1} == set()


@every_note
def test_note_has_a_title_and_a_length_that_one_can_read(note: str) -> None:
    text = NOTES[note]
    assert text.startswith(f"# {note}\n\n## ")
    assert 8 <= sum(name == note for name, _ in SECTIONS) <= 16
    assert 6_000 <= len(text) <= 12_600
    assert re.search(r"[ \t]$|\n{4}", text, flags=re.M) is None


@every_section
def test_short_answer_can_be_quoted_alone(key: tuple[str, str]) -> None:
    answer = SECTIONS[key].strip().split("\n\n")[0]
    assert "\n" not in answer
    assert len(answer) <= 160
    assert len(statements(answer)) <= 2
    assert not answer.startswith(("它", "这", "其", "该", "此", "**", "-", "|", "$"))
    assert answer.endswith("。")


@every_section
def test_pitfall_can_be_quoted_alone(key: tuple[str, str]) -> None:
    (pitfall,) = labelled(key, "易错")
    assert len(pitfall) <= 160
    assert len(statements(pitfall)) <= 2
    assert not pitfall.startswith(("它", "这", "其", "该", "此", "不要", "误"))


@every_section
def test_follow_ups_lead_to_other_sections(key: tuple[str, str]) -> None:
    note, heading = key
    body, _, tail = SECTIONS[key].partition("**追问**：\n\n")
    links = [LINK.match(line) for line in tail.strip().splitlines()]
    assert 2 <= len(links) <= 4
    for link in links:
        assert link is not None
        words, target = link.groups()
        file, _, place = target.partition("#")
        assert (file.removesuffix(".md") or note, words) in SECTIONS
        assert place == anchor(words)
        assert words != heading
    assert "](" not in body


def test_comparisons_have_a_table() -> None:
    assert [heading for (_, heading), body in SECTIONS.items() if "区别" in heading and "|---|" not in body] == []


def test_every_section_is_a_follow_up_of_another() -> None:
    linked = {match[1] for text in NOTES.values() for line in text.splitlines() if (match := LINK.match(line))}
    assert {heading for _, heading in SECTIONS} - linked == set()


@every_note
def test_chinese_punctuation(note: str) -> None:
    text = re.sub(r"^```.*?^```$|\$\$.*?\$\$", "", NOTES[note], flags=re.M | re.S)
    text = re.sub(r"^\d+\. |\]\([^)]*\)", "", text, flags=re.M)  # numbers of lists, targets of links
    text = re.sub(r"`[^`\n]*`|\$[^$\n]*\$|mAP@\.5:\.95", "x", text)
    half = r"""[,;:!?"']|\((?![\d(])|(?<![\d)])\)|(?<=[一-鿿])\.|\.(?!\w)"""  # parentheses of sums may stay
    assert [text[max(0, m.start() - 8) : m.end() + 8] for m in re.finditer(half, text)] == []
    assert re.findall(r"[一-鿿] [，。；：、]|[，。；：、] [一-鿿]", text) == []


def _inline(tokens: list[Any]) -> list[Any]:
    return [leaf for token in tokens for leaf in (token.children or [token])]


COMMANDS = set(
    re.findall(
        r"\w+",
        """
    alpha approx arctan ast bar begin beta binom bmod cap cdot cos cup delta Delta dots end epsilon eta frac gamma
    ge hat in inf infty lambda lceil le left leftarrow lfloor ll ln log lvert lVert mathbb mathbf mathcal mathrm max
    mid min mu nabla ne odot Omega otimes partial phi Phi Pi pi prod propto qquad quad rceil rfloor rho right
    Rightarrow rvert rVert Sigma sigma sim sin sqrt sum sup tanh tau text theta tilde times to top underset
    varepsilon varnothing Vert xi
    """,
    )
)
"""Commands that were rendered with KaTeX 0.16 in its strict mode."""


@every_note
def test_formulas_and_marks_are_complete(note: str) -> None:
    parser = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, allow_digits=False, double_inline=False)
    leaves = _inline(parser.parse(NOTES[note]))
    for leaf in leaves:
        if leaf.type == "text":
            assert re.search(r"\$|\*\*|`|(?<!\S)#", leaf.content) is None, leaf.content
    formulas = [leaf.content for leaf in leaves if leaf.type.startswith("math")]
    bare = re.sub(r"^```.*?^```$|`[^`\n]*`", "", NOTES[note], flags=re.M | re.S)
    assert len(formulas) == bare.count("$$") // 2 + bare.replace("$$", "").count("$") // 2
    for formula in formulas:
        depth = 0
        for mark in re.findall(r"(?<!\\)[{}]", formula):
            depth += 1 if mark == "{" else -1
            assert depth >= 0, formula
        assert depth == 0, formula
        assert formula.count(r"\left") - formula.count(r"\leftarrow") == formula.count(r"\right"), formula
        assert set(re.findall(r"\\([A-Za-z]+)", formula)) <= COMMANDS, formula


def test_the_notes_do_not_speak_of_networks_between_machines() -> None:
    assert re.search(r"TCP|UDP|(?<!双)三次|握手|报文|端口", "".join(NOTES.values())) is None


# ---- numbers

NUMBER = re.compile(r"(?<![A-Za-z0-9_.^@)])-?\d+(?:\.\d+)?")


def test_every_worked_example_is_recomputed() -> None:
    shown = {key for key in SECTIONS if labelled(key, "算例")}
    assert shown == set(WORKED)
    assert all(len(labelled(key, "算例")) == 1 for key in shown)


@pytest.mark.parametrize("key", sorted(WORKED), ids="-".join)
def test_worked_numbers(key: tuple[str, str]) -> None:
    shown = NUMBER.findall(labelled(key, "算例")[0])
    expected = WORKED[key]()
    assert len(shown) == len(expected), f"{shown}\n{list(expected)}"
    for text, value in zip(shown, expected, strict=True):
        decimals = len(text.partition(".")[2])
        assert abs(float(text) - value) <= 0.5 * 10**-decimals + 1e-9, f"{text} should be {value}\n{shown}"


# ---- code


def run(key: tuple[str, str]) -> dict[str, Any]:
    """The names that the code of a section defines."""
    (code,) = CODE.findall(SECTIONS[key])
    names: dict[str, Any] = {"__name__": "note"}
    exec(compile(code, f"{key[0]}.md", "exec"), names)
    return names


def test_every_code_block_is_checked() -> None:
    assert {key for key, body in SECTIONS.items() if "```" in body} == set(CHECKS)
    assert all(body.count("```") in (0, 2) for body in SECTIONS.values())


def _needs_torch(key: tuple[str, str]) -> bool:
    return "torch" in CHECKS[key].__code__.co_names or "import torch" in SECTIONS[key]


@pytest.mark.parametrize(
    "key",
    [pytest.param(key, marks=pytest.mark.slow if _needs_torch(key) else ()) for key in sorted(CHECKS)],
    ids="-".join,
)
def test_code_of_the_notes(key: tuple[str, str]) -> None:
    CHECKS[key](run(key))


# ---- what the notes say about PyTorch


@pytest.mark.slow
def test_batch_norm_in_pytorch_is_as_the_note_says() -> None:
    import torch
    from torch import nn

    bn = nn.BatchNorm1d(1)
    assert bn.momentum == 0.1
    y = bn(torch.tensor([[2.0], [4.0], [6.0], [8.0]]))
    assert y.flatten().tolist() == pytest.approx([-1.342, -0.447, 0.447, 1.342], abs=1e-3)  # biased variance
    assert bn.running_mean.item() == pytest.approx(0.5)
    assert bn.running_var.item() == pytest.approx(0.9 + 0.1 * 20 / 3)  # unbiased variance
    with torch.no_grad():  # does not switch the mode
        assert bn.training
        before = bn.running_mean.clone()
        bn(torch.tensor([[1.0], [2.0]]))
        assert not torch.equal(before, bn.running_mean)
    bn.eval()
    alone, together = bn(torch.tensor([[3.0]])), bn(torch.tensor([[3.0], [9.0]]))
    torch.testing.assert_close(alone, together[:1])

    wide = nn.BatchNorm2d(64)
    assert sum(p.numel() for p in wide.parameters()) == 128
    assert sum(b.numel() for b in wide.buffers()) - 1 == 128  # one more counts the batches
    assert bool((wide.weight == 1).all())
    assert bool((wide.bias == 0).all())


@pytest.mark.slow
def test_layer_norm_in_pytorch_is_as_the_note_says() -> None:
    import torch
    from torch import nn

    ln = nn.LayerNorm(4)
    assert sum(p.numel() for p in ln.parameters()) == 8
    token = torch.tensor([[1.0, 2.0, 3.0, 6.0]])
    assert ln(token).flatten().tolist() == pytest.approx([-1.069, -0.535, 0, 1.604], abs=1e-3)
    sentence = torch.cat([token, torch.randn(3, 4, generator=torch.Generator().manual_seed(9))])
    torch.testing.assert_close(ln(sentence)[:1], ln(token))  # per token, not per sentence
    torch.testing.assert_close(ln(100 * token), ln(token), rtol=1e-3, atol=1e-3)


@pytest.mark.slow
def test_weight_decay_in_pytorch_is_as_the_note_says() -> None:
    import torch

    def step(optimizer: type[torch.optim.Optimizer], decay: float) -> float:
        w = torch.tensor([1.0], dtype=torch.float64, requires_grad=True)
        w.grad = torch.tensor([2.0], dtype=torch.float64)
        optimizer([w], lr=0.1, weight_decay=decay).step()
        return w.item()

    assert step(torch.optim.SGD, 0.01) == pytest.approx(0.799)
    assert step(torch.optim.Adam, 0.01) == pytest.approx(0.9)
    assert step(torch.optim.Adam, 0.0) == pytest.approx(0.9)
    assert step(torch.optim.AdamW, 0.01) == pytest.approx(0.899)


@pytest.mark.slow
def test_dropout_in_pytorch_takes_the_probability_of_dropping() -> None:
    import torch
    from torch import nn

    torch.manual_seed(10)
    y = nn.Dropout(0.2)(torch.ones(100_000))
    assert (y == 0).double().mean().item() == pytest.approx(0.2, abs=0.01)
    assert y.max().item() == pytest.approx(1.25)


@pytest.mark.slow
def test_convolutions_in_pytorch_are_as_the_note_says() -> None:
    import torch
    from torch import nn

    def size(layer: nn.Module, width: int) -> int:
        return layer(torch.zeros(1, 1, width, width)).shape[-1]

    def parameters(*layers: nn.Module) -> int:
        return sum(p.numel() for layer in layers for p in layer.parameters())

    def plain(c_in: int, c_out: int, k: int, groups: int = 1) -> nn.Conv2d:
        return nn.Conv2d(c_in, c_out, k, groups=groups, bias=False)

    assert size(nn.Conv2d(1, 1, 7, 2, 3), 224) == 112
    assert size(nn.Conv2d(1, 1, 3, 1, 1), 32) == 32
    assert [size(nn.Conv2d(1, 1, 3, padding=d, dilation=d), 32) for d in (2, 4)] == [32, 32]
    assert [size(nn.Conv2d(1, 1, 3, 2, 1), w) for w in (5, 6)] == [3, 3]
    assert [size(nn.ConvTranspose2d(1, 1, 3, 2, 1, output_padding=a), 3) for a in (0, 1)] == [5, 6]
    assert parameters(nn.Conv2d(64, 128, 3)) == 73856
    assert parameters(plain(64, 128, 3, groups=4)) == 18432
    assert parameters(plain(64, 64, 3, groups=64), plain(64, 128, 1)) == 8768
    assert parameters(plain(256, 64, 1), plain(64, 64, 3), plain(64, 256, 1)) == 69632
    assert [parameters(plain(64, 64, k)) for k in (5, 7)] == [102400, 200704]

    one_by_one, linear = nn.Conv2d(5, 7, 1), nn.Linear(5, 7)
    linear.weight.data, linear.bias.data = one_by_one.weight.data[:, :, 0, 0], one_by_one.bias.data
    x = torch.randn(2, 5, 3, 3, generator=torch.Generator().manual_seed(11))
    torch.testing.assert_close(linear(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2), one_by_one(x))
