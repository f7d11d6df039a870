"""编程与数据结构"""

from __future__ import annotations

import random
from bisect import bisect_left
from collections import Counter
from itertools import combinations_with_replacement, permutations, product
from typing import Any

import numpy as np

from corpus_checks.registry import Numbers, check, worked

NOTE = "编程与数据结构"


@worked(NOTE, "哈希冲突怎么解决？")
def _() -> Numbers:
    buckets, limit = 8, 0.75
    first = next(n for n in range(1, 100) if n / buckets > limit)
    return [buckets, limit, first, first, buckets, first / buckets, 2 * buckets]


@worked(NOTE, "快速排序怎么手写？")
def _() -> Numbers:
    a = [3, 1, 4, 1, 5]
    less, equal, more = ([v for v in a if test(v)] for test in (lambda v: v < 3, lambda v: v == 3, lambda v: v > 3))
    return [*a, 3, *less, *equal, *more, *sorted(a)]


@worked(NOTE, "怎么反转链表？")
def _() -> Numbers:
    nodes = [1, 2, 3]
    return [*nodes, 1, nodes[0], 2, nodes[1], nodes[0], 3, nodes[2], nodes[1], nodes[-1]]


@worked(NOTE, "怎么求最大子数组和？")
def _() -> Numbers:
    a = [-2, 3, -1, 4, -5, 2]
    ending = [max(sum(a[start : end + 1]) for start in range(end + 1)) for end in range(len(a))]
    best = max((sum(a[i:j]), i, j) for i in range(len(a)) for j in range(i + 1, len(a) + 1))
    return [*a, *ending, best[0], *a[best[1] : best[2]]]


@worked(NOTE, "怎么重排字符串，让相同字符的距离至少为 k？")
def _() -> Numbers:
    numbers: list[float] = []
    for text, k in [("aabbcc", 3), ("aaab", 2)]:
        counts = Counter(text).values()
        top, ties = max(counts), list(counts).count(max(counts))
        need = (top - 1) * k + ties
        numbers += [k, top, ties, top, 1, k, ties, need, len(text)] if text == "aabbcc" else [k, top, 1, k, ties, need]
    return [*numbers, len("aaab")]


@worked(NOTE, "怎么判断两个方阵旋转后是否一致？")
def _() -> Numbers:
    a = np.array([[1, 2], [3, 4]])
    return [*a.flat, 90, *np.rot90(a, -1).flat, 180, *np.rot90(a, 2).flat]


def fillings(weights: list[int], capacity: int) -> list[tuple[int, ...]]:
    return [
        pick
        for count in range(capacity // min(weights) + 1)
        for pick in combinations_with_replacement(weights, count)
        if sum(pick) == capacity
    ]


@worked(NOTE, "完全背包怎么求最少物品数和方案数？")
def _() -> Numbers:
    coins, target = [1, 2, 5], 11
    all_ways = fillings(coins, target)
    fewest = min(all_ways, key=len)
    return [*coins, target, len(fewest), *sorted(fewest, reverse=True), len(all_ways)]


@worked(NOTE, "0-1 背包和完全背包有什么区别？")
def _() -> Numbers:
    items, capacity = [(3, 4), (4, 5)], 9

    def best(most: int) -> tuple[int, tuple[int, ...]]:
        counts = [
            c
            for c in product(range(most + 1), repeat=2)
            if sum(n * w for n, (w, _) in zip(c, items, strict=True)) <= capacity
        ]
        return max((sum(n * v for n, (_, v) in zip(c, items, strict=True)), c) for c in counts)

    once, many = best(1), best(9)
    assert once[1] == (1, 1)
    assert many[1] == (3, 0)
    flat = [number for item in items for number in item]
    return [*flat, capacity, 0, 1, once[0], many[1][0], items[0][0], many[0]]


@worked(NOTE, "二分查找怎么写才不出错？")
def _() -> Numbers:
    a = [1, 3, 3, 5]
    return [*a, *(number for target in (3, 4, 6) for number in (target, sum(v < target for v in a)))]


@worked(NOTE, "怎么找出最大的 k 个数（Top K）？")
def _() -> Numbers:
    a = [5, 1, 9, 3, 7]
    return [*a, 2, *a[:2], 9, min(a[:2]), 3, 7, min(5, 9), *sorted(a, reverse=True)[:2]]


@check(NOTE, "快速排序怎么手写？")
def _(names: dict[str, Any]) -> None:
    rng = random.Random(31)
    for _case in range(200):
        a = [rng.randint(0, 9) for _ in range(rng.randint(0, 30))]
        assert names["quick_sort"](a) is a
        assert a == sorted(a)
    for a in (list(range(3000)), list(range(3000, 0, -1)), [7] * 100_000):  # neither slow nor deep
        assert names["quick_sort"](list(a)) == sorted(a)


@check(NOTE, "快速排序和归并排序有什么区别？")
def _(names: dict[str, Any]) -> None:
    rng = random.Random(32)

    class Card(tuple[int, int]):
        def __le__(self, other: object) -> bool:
            assert isinstance(other, Card)
            return self[0] <= other[0]

    for _case in range(100):
        a = [Card((rng.randint(0, 3), i)) for i in range(rng.randint(0, 20))]
        assert names["merge_sort"](a) == sorted(a, key=lambda card: card[0])  # stable


@check(NOTE, "怎么反转链表？")
def _(names: dict[str, Any]) -> None:
    for n in (0, 1, 2, 5000):
        head = None
        for value in reversed(range(n)):
            head = names["Node"](value, head)
        node, seen = names["reverse"](head), []
        while node is not None:
            seen.append(node.value)
            node = node.next
        assert seen == list(range(n))[::-1]


@check(NOTE, "怎么求最大子数组和？")
def _(names: dict[str, Any]) -> None:
    rng = random.Random(33)
    for _case in range(300):
        a = [rng.randint(-9, 9) for _ in range(rng.randint(1, 12))]
        best, start, end = names["max_subarray"](a)
        assert best == max(sum(a[i:j]) for i in range(len(a)) for j in range(i + 1, len(a) + 1))
        assert best == sum(a[start : end + 1])
    assert names["max_subarray"]([-3, -1, -2]) == (-1, 1, 1)


@check(NOTE, "怎么重排字符串，让相同字符的距离至少为 k？")
def _(names: dict[str, Any]) -> None:
    def apart(text: str, k: int) -> bool:
        return all(text[i] != text[j] for j in range(len(text)) for i in range(max(0, j - k + 1), j))

    rearrange = names["rearrange"]
    assert rearrange("aabbcc", 3) == "abcabc"
    for n in range(1, 7):
        for letters in combinations_with_replacement("abc", n):
            for k in range(5):
                text = "".join(letters)
                possible = any(apart("".join(p), k) for p in permutations(text))
                counts = list(Counter(text).values())
                assert possible == ((max(counts) - 1) * k + counts.count(max(counts)) <= n)
                result = rearrange(text, k)
                assert bool(result) == possible
                assert not result or (sorted(result) == sorted(text) and apart(result, k))


@check(NOTE, "怎么判断两个方阵旋转后是否一致？")
def _(names: dict[str, Any]) -> None:
    a = np.arange(9).reshape(3, 3)
    b = names["rotate"](a.tolist())
    assert b == np.rot90(a, -1).tolist()
    assert all(b[i][j] == a[2 - j, i] for i in range(3) for j in range(3))  # the note's formula
    for turns in range(4):
        assert names["same_after_rotation"](a.tolist(), np.rot90(a, -turns).tolist()) == 90 * turns
    assert names["same_after_rotation"](a.tolist(), a[::-1].tolist()) is None
    assert names["same_after_rotation"]([[1]], [[1, 1], [1, 1]]) is None
    assert a.T[:, ::-1].tolist() == b  # transposing and then mirroring left to right


@check(NOTE, "完全背包怎么求最少物品数和方案数？")
def _(names: dict[str, Any]) -> None:
    for weights in ([1, 2, 5], [2, 3], [5, 7], [4]):
        for capacity in range(16):
            found = fillings(weights, capacity)
            assert names["ways"](weights, capacity) == len(found)
            assert names["fewest"](weights, capacity) == (min(map(len, found)) if found else -1)


@check(NOTE, "0-1 背包和完全背包有什么区别？")
def _(names: dict[str, Any]) -> None:
    rng = random.Random(34)
    for _case in range(60):
        items = [(rng.randint(1, 5), rng.randint(0, 9)) for _ in range(3)]
        capacity = rng.randint(0, 10)
        for unlimited in (False, True):
            best = max(
                sum(n * v for n, (_, v) in zip(counts, items, strict=True))
                for counts in product(range(11 if unlimited else 2), repeat=3)
                if sum(n * w for n, (w, _) in zip(counts, items, strict=True)) <= capacity
            )
            assert names["knapsack"](items, capacity, unlimited) == best


@check(NOTE, "二分查找怎么写才不出错？")
def _(names: dict[str, Any]) -> None:
    rng = random.Random(35)
    for _case in range(200):
        a = sorted(rng.randint(0, 9) for _ in range(rng.randint(0, 12)))
        for target in range(-1, 11):
            assert names["lower_bound"](a, target) == bisect_left(a, target)


@check(NOTE, "怎么找出最大的 k 个数（Top K）？")
def _(names: dict[str, Any]) -> None:
    rng = random.Random(36)
    for _case in range(100):
        a = [rng.randint(0, 20) for _ in range(rng.randint(0, 30))]
        k = rng.randint(1, 8)
        assert names["top_k"](iter(a), k) == sorted(a, reverse=True)[:k]
