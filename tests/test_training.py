"""The trainer on tiny data of our own: its parts against other ways to the same number, and the whole against chance."""

from __future__ import annotations

import json
import random
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from training.card import Facts, card
from training.data import licences, read_pairs
from training.evaluation import load_set, score_set
from training.finish import evened, load, save
from training.leaks import Leak, Overlap
from training.packing import joined, pack, some
from training.pipeline import Pipeline
from training.questions import spoken, under_headings
from training.recipe import Recipe, fingerprint
from training.trainer import Batch, Plan, Trainer, batches
from training.vocabulary import VocabularyRecipe

# jieba compiles regular expressions with escapes that newer Pythons warn about
pytestmark = pytest.mark.filterwarnings("ignore")

WORDS = dict(
    line.split()
    for line in """
    苹果 apple,河流 river,老师 teacher,卷积 convolution,梯度 gradient,噪声 noise,相机 camera,标签 label,模型 model,天气 weather
    森林 forest,火车 train,医院 hospital,音乐 music,厨房 kitchen,窗户 window,雪山 mountain,海洋 ocean,邮件 mail,钥匙 key
    电影 movie,足球 football,冬天 winter,夏天 summer,桥梁 bridge,城市 city,农民 farmer,学生 student,图书 book,面包 bread
    牛奶 milk,咖啡 coffee,鸟类 bird,马匹 horse,星星 star,月亮 moon,机器 machine,网络 network,数据 data,像素 pixel
    """.replace(",", "\n")
    .strip()
    .splitlines()
)


def sentence(rng: random.Random) -> tuple[str, str]:
    chosen = rng.sample(sorted(WORDS), 4)
    return (
        f"the {WORDS[chosen[0]]} and the {WORDS[chosen[1]]} near a {WORDS[chosen[2]]} with {WORDS[chosen[3]]}",
        f"{chosen[0]}和{chosen[1]}在{chosen[2]}旁边还有{chosen[3]}",
    )


def write(path: Path, rows: list[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1,600 aligned sentences, 400 headings with a body, a lexicon of a quarter of the words, an evaluation set."""
    home, rng = tmp_path_factory.mktemp("data"), random.Random(0)
    pytest.importorskip("jieba", reason="the [train] extra is not installed: pip install -e '.[train]'")
    about = {"source": "own", "license": "MIT"}
    pairs = home / "data" / "train"
    aligned = dict.fromkeys(sentence(rng) for _ in range(1650))
    write(pairs / "parallel.jsonl", [{"en": en, "zh": zh, **about} for en, zh in list(aligned)[:1600]])
    write(pairs / "lexicon.jsonl", [{"en": en, "zh": zh, **about} for zh, en in list(WORDS.items())[::4]])
    bodies = [
        (f"notes > {WORDS[zh]}", f"{sentence(rng)[0]}. A {WORDS[zh]} is here.") for zh in WORDS for _ in range(10)
    ]
    write(pairs / "pairs_en.jsonl", [{"query": q, "passage": p, **about} for q, p in bodies])
    files = {"parallel": {"sources": {"own": {"rows": 1600, "license": "MIT"}}}}
    (pairs / "manifest.json").write_text(json.dumps({"files": files}), encoding="utf-8")
    asked = [sentence(rng) for _ in range(200)]
    cross = home / "data" / "eval" / "sets" / "cross"
    write(cross / "corpus.jsonl", [{"id": f"p{i}", "text": en} for i, (en, _) in enumerate(asked)])
    write(cross / "queries.jsonl", [{"id": f"q{i}", "text": zh} for i, (_, zh) in enumerate(asked)])
    write(cross / "qrels.jsonl", [{"qid": f"q{i}", "did": f"p{i}"} for i in range(200)])
    return home


def hashed(texts) -> np.ndarray:
    """A stand-in for the teacher: every text its own random direction, the same in every run."""
    rows = [np.random.default_rng(zlib.crc32(text.encode())).standard_normal(64) for text in texts]
    return np.array(rows, dtype=np.float16)


def tiny(folder: Path, work: Path, **changes) -> Pipeline:
    steps = {"parallel": 60, "lexicon": 5, "pairs_en": 15, "mixture": 10}
    plan = Plan(steps=steps, batch=128, rate=0.02, widths=(32,), late=0.0, threads=1, **changes)
    recipe = Recipe(
        VocabularyRecipe(pieces=3_300, least_han=1, fragments=50), plan, dim=32, rates=(0.02,), mixtures=200
    )
    work.mkdir(exist_ok=True)
    return Pipeline(folder / "data" / "train", work, recipe, hashed, [], lambda line: None)


@pytest.fixture(scope="module")
def trained(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    pipeline = tiny(folder, tmp_path_factory.mktemp("work"))
    pipeline.finished()
    return pipeline


def test_training_beats_the_untrained_model(folder: Path, trained: Pipeline) -> None:
    given = load_set(folder / "data" / "eval" / "sets", "cross")
    before = score_set(given, trained.tokenizer, trained.initial)["dense"]
    after = score_set(given, trained.tokenizer, trained.finished())["dense"]
    assert after > max(0.9, before + 0.3), (before, after)


def test_late_interaction_alone_learns_too(folder: Path, trained: Pipeline) -> None:
    given = load_set(folder / "data" / "eval" / "sets", "cross")
    store, sources = trained.packed
    plan = replace(trained.recipe.plan, late=1.0, late_pairs=64, steps={"parallel": 40})
    trainer = Trainer(trained.initial, store, plan)
    trainer.run(sources, lambda line: None)
    scores = score_set(given, trained.tokenizer, trainer.vectors)
    assert scores["stack"] > max(0.9, score_set(given, trained.tokenizer, trained.initial)["stack"] + 0.2)


def test_a_run_that_was_interrupted_ends_where_it_would_have(folder: Path, trained: Pipeline, tmp_path: Path) -> None:
    store, sources = trained.packed
    plan = replace(trained.recipe.plan, steps={"parallel": 110})
    straight = Trainer(trained.initial, store, plan)
    straight.run(sources, lambda line: None)

    def interrupt(line: str) -> None:
        if line.startswith("step 110"):
            raise KeyboardInterrupt

    kept = tmp_path / "run.pt"
    with pytest.raises(KeyboardInterrupt):
        Trainer(trained.initial, store, plan).run(sources, interrupt, kept)
    again = Trainer(trained.initial, store, plan)
    again.run(sources, lambda line: None, kept)
    np.testing.assert_allclose(again.vectors, straight.vectors, atol=1e-5)


def test_the_same_seed_draws_the_same_batches_and_no_pair_twice(trained: Pipeline) -> None:
    _, sources = trained.packed
    plan = trained.recipe.plan
    first, second = list(batches(sources, plan)), list(batches(sources, plan))
    other = list(batches(sources, replace(plan, seed=1)))
    assert all((a.left == b.left).all() for a, b in zip(first, second, strict=True))
    assert any(a.source != b.source for a, b in zip(first, other, strict=True))
    pairs = [list(zip(b.left, b.right, strict=True)) for b in first if b.source == "parallel"]
    assert all(len(set(batch)) == len(batch) for batch in pairs)


def test_anchored_rows_keep_their_length(trained: Pipeline) -> None:
    store, sources = trained.packed
    trainer = Trainer(trained.initial, store, replace(trained.recipe.plan, anchor=1.0, steps={"parallel": 5}))
    trainer.run(sources, lambda line: None)
    np.testing.assert_allclose(
        np.linalg.norm(trainer.vectors, axis=1), np.linalg.norm(trained.initial, axis=1), atol=1e-4
    )
    assert np.abs(trainer.vectors - trained.initial).max() > 0.01


def test_a_loss_that_is_no_number_stops_the_run(trained: Pipeline) -> None:
    store, sources = trained.packed
    broken = trained.initial.copy()
    broken[:] = np.nan
    with pytest.raises(FloatingPointError, match="step 0"):
        Trainer(broken, store, trained.recipe.plan).run(sources, lambda line: None)


def test_pieces(trained: Pipeline) -> None:
    cut = trained.tokenizer.encode("1967年的苹果 apple, 12345 Ｃａｍｅｒａ").tokens
    assert cut[0] == "1967"
    assert {"苹果", "apple", "camera"} <= set(cut)
    assert "".join(token for token in cut if token.isdigit()) == "196712345"


def test_packed_texts_come_back(trained: Pipeline) -> None:
    texts = ["apple river", "", "河流", "apple 苹果"]
    store = pack(trained.tokenizer, texts)
    wanted = [trained.tokenizer.encode(text).ids for text in texts]
    ids, offsets = store.take(np.array([3, 1, 0]))
    assert [part.tolist() for part in np.split(ids, offsets[1:])] == [wanted[3], [], wanted[0]]
    both = joined(store, np.array([[0, 2]]))
    assert both.ids.tolist() == wanted[0] + wanted[2]


def test_a_text_of_unknown_pieces_only_does_no_harm(trained: Pipeline) -> None:
    store = pack(trained.tokenizer, ["ωωω", "apple", "苹果", "river"])
    trainer = Trainer(trained.initial, store, Plan(steps={}, batch=2, late=1.0))
    rows = np.array([0, 1])
    assert np.isfinite(trainer.step(Batch("parallel", rows, rows + 2), 0.01))


def test_the_folder_loads_in_both_libraries(trained: Pipeline, tmp_path: Path) -> None:
    from model2vec import StaticModel
    from sentence_transformers import SentenceTransformer

    vectors = trained.finished()
    save(trained.tokenizer, vectors, tmp_path / "model")
    texts = ["苹果和河流", "the camera near a window", "ωωω apple"]
    theirs = SentenceTransformer(str(tmp_path / "model"), device="cpu").encode(texts).astype(np.float32)
    fast = StaticModel.from_pretrained(tmp_path / "model").encode(texts)
    both = (theirs * fast).sum(1) / np.linalg.norm(theirs, axis=1) / np.linalg.norm(fast, axis=1)
    assert both.min() > 0.999
    tokenizer, halves = load(tmp_path / "model")
    assert tokenizer.get_vocab() == trained.tokenizer.get_vocab()
    np.testing.assert_allclose(halves[1:], vectors[1:], atol=2e-3)
    assert not halves[0].any()


def test_headings_are_spoken_in_their_language() -> None:
    rng = random.Random(0)
    chinese = {spoken("深度学习 > 2.1 梯度消失", rng) for _ in range(60)}
    assert "深度学习 2.1 梯度消失" in chinese
    assert "梯度消失" in chinese
    assert any("什么" in text for text in chinese)
    assert not any("what" in text for text in chinese)
    assert under_headings("深度学习 > 梯度消失", "正文") == "深度学习\n正文"


def test_traditional_rows_are_read_as_simplified(tmp_path: Path) -> None:
    write(tmp_path / "lexicon.jsonl", [{"en": "overfitting", "zh": "過擬合", "source": "own", "license": "MIT"}])
    assert read_pairs(tmp_path, "lexicon")[0].right == "过拟合"


def test_another_recipe_has_another_work_folder(folder: Path) -> None:
    data = folder / "data" / "train"
    plain = fingerprint(Recipe(), data)
    assert plain == fingerprint(Recipe(plan=replace(Recipe().plan, threads=7)), data)
    assert plain != fingerprint(Recipe(dim=64), data)


def test_the_pipeline_leaves_repeated_rows_out_and_names_its_work_after_the_sets(folder: Path, tmp_path: Path) -> None:
    sets = folder / "data" / "eval" / "sets"
    given = load_set(sets, "cross")
    data = tmp_path / "train"
    rows = [{"en": text, "zh": "苹果", "source": "own", "license": "MIT"} for text in ("an apple", given.passages[3])]
    write(data / "parallel.jsonl", rows)
    assert [p.left for p in replace(tiny(folder, tmp_path / "a"), data=data).pairs["parallel"]] == [
        "an apple",
        given.passages[3],
    ]
    pipeline = replace(tiny(folder, tmp_path / "b"), data=data, sets=sets)
    assert [p.left for p in pipeline.pairs["parallel"]] == ["an apple"]
    assert fingerprint(Recipe(), data) != fingerprint(Recipe(), data, sets)


def test_the_card_names_licences_scores_and_checksums(folder: Path, trained: Pipeline, tmp_path: Path) -> None:
    save(trained.tokenizer, trained.finished(), tmp_path)
    scores = {"cross": {"dense": 0.91, "lexical": 0.2, "fused": 0.9, "stack": 0.95}}
    before = {"cross": {"dense": 0.5, "lexical": 0.2, "fused": 0.4, "stack": 0.6}}
    shared = Overlap({"parallel": [4, 7], "lexicon": []}, [Leak("cross", "questions", 3, 200)])
    facts = Facts(
        trained.recipe, 3_300, scores, before, shared, licences(folder / "data" / "train"), {"parallel": 1600}
    )
    text = card(facts, tmp_path)
    for part in (
        "MIT: own",
        "parallel 1,600",
        "0.910 (0.500)",
        "CC BY-SA 4.0",
        "## Limits",
        "(parallel 2)",
        "| 3 | 200 |",
        "`model.safetensors` ",
    ):
        assert part in text


def test_evening_out_makes_directions_alike_and_can_be_undone(trained: Pipeline) -> None:
    vectors = trained.finished()
    store, sources = trained.packed
    texts = some(store, sources[0].right, 400)

    def spread(given: np.ndarray) -> float:
        means = np.stack([given[t].mean(0) for t in np.split(*(lambda i, o: (i, o[1:]))(*texts.take(np.arange(400))))])
        strength = np.linalg.eigvalsh(np.cov((means / np.linalg.norm(means, axis=1, keepdims=True)).T))
        return float(strength[-1] / strength[len(strength) // 2])

    np.testing.assert_allclose(evened(vectors, texts, 0.0), vectors, atol=1e-5)
    assert spread(evened(vectors, texts, 0.5)) < 0.8 * spread(vectors)
