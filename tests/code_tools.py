"""Code that the tests of code cards ask for, of our own writing."""

from __future__ import annotations

from datetime import timedelta

from drill_tools import NOW, Learner

from tutor.study import Card, CardKind, Rating

IOU = '''def iou(a, b):
    """a 和 b: (x1, y1, x2, y2)。"""
    width = min(a[2], b[2]) - max(a[0], b[0])  # 交集的宽
    height = min(a[3], b[3]) - max(a[1], b[1])
    inter = max(width, 0) * max(height, 0)
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - inter
    return inter / union if union > 0 else 0.0'''
NORM = '''import numpy as np


def batch_norm(x, gamma, beta, eps=1e-5):
    """训练时的前向计算。"""
    mean = x.mean(axis=(0, 2, 3), keepdims=True)  # 每个通道一个
    var = x.var(axis=(0, 2, 3), keepdims=True)
    x_hat = (x - mean) / np.sqrt(var + eps)
    return gamma[None, :, None, None] * x_hat + beta[None, :, None, None]'''
SEARCH = """def lower_bound(a, target):
    low, high = 0, len(a)
    while low < high:
        middle = (low + high) // 2
        if a[middle] < target:
            low = middle + 1
        else:
            high = middle
    return low"""
C = """#include <vector>
int partition(std::vector<int>& a, int low, int high) {
    int pivot = a[high];  // the last one
    int i = low - 1;
    for (int j = low; j < high; j++) {
        if (a[j] <= pivot) {
            i++;
            std::swap(a[i], a[j]);
        }
    }
    std::swap(a[i + 1], a[high]);
    return i + 1;
}"""
NOTE = f"""# 检测

## IoU 怎么计算？

IoU 等于两个框交集的面积除以并集的面积。

```python
{IOU}
```

检查：

```python
assert iou((0, 0, 4, 4), (2, 2, 6, 6)) == 4 / 28
assert iou((0, 0, 1, 1), (2, 2, 3, 3)) == 0
```

## 二分查找怎么写？

左闭右开的区间最不容易出错。

```python
{SEARCH}
```
"""


def code_card(learner: Learner, name: str = "def iou") -> Card:
    """The card that asks for a function of the shelf."""
    return next(c for c in learner.drills.cards.all() if c.draft.kind is CardKind.CODE and name in c.draft.expected)


def learnt(learner: Learner, card: Card) -> None:
    """Answers a card until its whole is asked."""
    for days in (0.0, 0.02, 3.0, 15.0):
        learner.drills.review(card.id, Rating.GOOD, now=NOW + timedelta(days=days - 16))
