"""A topic in the learner's words: which cards it means, and that none fit where the notes say nothing about it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from drill_tools import Shelf, learner

from tutor.drills.naming import pattern
from tutor.study import Card, Scope
from tutor.tutor import Tutor

CORPUS = Path(__file__).parent.parent / "corpus"
FOREIGN = """
asdfqwer|qwertyuiop|zzzz|xyz123|!!!???|哈哈哈哈|lorem ipsum dolor|量子色动力学 asdf|扩散模型 asdf|cooking pasta|红烧肉的做法
how to bake bread|世界杯冠军|Premier League table|天气预报|weather in Paris|股票交易策略|stock market crash|唐诗宋词
Shakespeare sonnets|区块链|blockchain mining|Kubernetes|Dockerfile|React hooks|PostgreSQL 索引|TCP 三次握手|操作系统死锁
法国大革命|French Revolution|光合作用|photosynthesis|有机化学|organic chemistry|钢琴曲|piano lessons|汽车保养|car insurance
猫粮推荐|dog training tips|宇宙大爆炸|black holes|税务筹划|民法典|牛顿第二定律|Kafka|Redis|怎么|的|what is
"""
"""Words without a sense, words that only ask, and subjects that our notes say nothing about."""
NAMES = """
YOLO|BN|NMS|IoU|SVM|PCA|LSTM|ReLU|Adam|dropout|GAN|VAE|mAP|ROC|L1|K-Means|kmeans|rcnn|CutMix|RLHF|感受野|卷积|过拟合|量化|贝叶斯
attention|transformer|softmax|anchor|focal loss|batch normalization|learning rate|梯度消失|残差连接|双线性插值|交叉熵
"""
IN_OTHER_WORDS = """
防止过拟合的方法|how to prevent overfitting|receptive field|knowledge distillation|class imbalance|loss functions
vanishing gradients|非极大值抑制|non maximum suppression|object detection metrics|卷积输出尺寸怎么算|convolution output size
BN vs LN|difference between BN and LN|学习率调整策略|learning rate schedule|data augmentation|decision trees|clustering
dimensionality reduction|adversarial attacks|两阶段检测器|anchor free detectors|multi-head attention|positional encoding
fine-tuning large models|image denoising|edge detection|sorting algorithms|int8 量化|weight initialization|transfer learning
"""


def words(text: str) -> list[str]:
    return [one for line in text.split("\n") for one in line.split("|") if one]


@pytest.fixture(scope="module")
def tutor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tutor]:
    folder = tmp_path_factory.mktemp("topics")
    opened = Tutor.open(CORPUS, folder / "index", folder / "progress")
    opened.refresh()
    opened.drills.update()
    yield opened
    opened.close()


def of(tutor: Tutor, topic: str) -> list[Card]:
    return tutor.drills.cards.all(scope=tutor.drills.scope(topic))


def test_words_that_no_note_has_fit_no_card(tutor: Tutor) -> None:
    assert len(words(FOREIGN)) >= 40
    assert [topic for topic in words(FOREIGN) if not tutor.drills.scope(topic).unfit] == []


def test_every_heading_is_a_topic(tutor: Tutor) -> None:
    slots = tutor.drills.cards.sections()
    assert len(slots) > 250, "one in nine is tried"
    for slot in slots[::9]:
        found = tutor.drills.scope(slot.headings[-1]).sections
        assert found is not None
        assert slot.section in found


@pytest.mark.parametrize("topics", [NAMES, IN_OTHER_WORDS], ids=["names", "in other words"])
def test_what_the_notes_treat_has_cards(tutor: Tutor, topics: str) -> None:
    assert [topic for topic in words(topics) if not of(tutor, topic)] == []


@pytest.mark.parametrize(
    ("topic", "headings"),
    [
        ("YOLO", {"YOLO 各版本有什么区别？", "YOLOv6 的结构是什么？", "YOLOv6 和 YOLOv7 有什么区别？", "anchor-based 和 anchor-free 有什么区别？"}),
        ("nms", {"NMS 的步骤是什么？"}),
        ("非极大值抑制", {"NMS 的步骤是什么？"}),
        ("kmeans", {"K-Means 的步骤是什么？", "KNN 和 K-Means 有什么区别？"}),
        ("how to prevent overfitting", {"过拟合怎么处理？"}),
    ],
)  # fmt: skip
def test_all_sections_that_treat_a_topic_belong_to_it(tutor: Tutor, topic: str, headings: set[str]) -> None:
    found = {card.draft.anchor.headings[-1] for card in of(tutor, topic)}
    assert headings <= found
    assert len(found) <= 12, "and not all the others"


def test_a_short_name_is_not_found_inside_words(tutor: Tutor) -> None:
    sections = {card.draft.anchor.headings[-1] for card in of(tutor, "GAN")}
    assert all("GAN" in heading for heading in sections)
    assert {card.draft.anchor.headings[-1] for card in of(tutor, "IoU")} > {"IoU 怎么计算？"}


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("yolo", "yolov6 的结构", True),
        ("yolo", "yolov8.1n", True),
        ("yolo", "yolofoo", False),
        ("bn", "bn2 层", False),
        ("bn", "bn、ln", True),
        ("rnn", "pattern", False),
        ("rnn", "many rnns", True),
        ("iou", "giou 损失", False),
        ("kmeans", "k-means 的步骤", True),
        ("k-means", "kmeans++", True),
        ("k means", "k-means", True),
        ("focal loss", "focal-loss 解决什么", True),
        ("resnet", "resnet50", True),
        ("感受野", "怎么增大感受野", True),
        ("l1", "l12", False),
        ("c++", "c++ 和 c", True),
        ("c++", "c 语言", False),
    ],
)
def test_a_name_in_a_text(name: str, text: str, found: bool) -> None:
    assert bool(pattern(name).search(text)) is found


def test_a_long_name_is_no_trap() -> None:
    assert pattern("a" * 120 + "b").search("a-" * 20_000) is None


def test_what_fits_nothing_is_not_everything(tmp_path: Path) -> None:
    with learner(tmp_path, Shelf(a="# 甲\n\n## 什么是梯度裁剪？\n\n梯度裁剪把梯度的范数限制在阈值以内。\n")) as one:
        assert one.drills.cards.all(scope=one.drills.scope(read=())) == []
        assert one.drills.scope(read=()).unfit
        assert one.drills.scope("没有这个").unfit
        assert not one.drills.scope("梯度裁剪").unfit
        assert not Scope(paths=("a.md",)).unfit
        assert not one.drills.scope().unfit
