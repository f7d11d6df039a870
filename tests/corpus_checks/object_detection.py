"""目标检测"""

from __future__ import annotations

import math

from corpus_checks.registry import Numbers, worked


def centred(width: float, height: float, wide: float, high: float) -> float:
    """IoU of two upright boxes with the same centre (or the same corner)."""
    inter = min(width, wide) * min(height, high)
    return inter / (width * height + wide * high - inter)


@worked("目标检测", "R-CNN 的步骤和缺点是什么？")
def _() -> Numbers:
    (px, py, pw, ph), (gx, gy, gw, gh) = (50, 50, 20, 40), (54, 46, 40, 40)
    targets = [(gx - px) / pw, (gy - py) / ph, math.log(gw / pw), math.log(gh / ph)]
    return [px, py, pw, ph, gx, gy, gw, gh, *targets]


def smooth_l1(x: float) -> float:
    return x * x / 2 if abs(x) < 1 else abs(x) - 0.5


@worked("目标检测", "Fast R-CNN 比 R-CNN 改进了什么？")
def _() -> Numbers:
    near, far = 0.5, 2
    return [near, 0.5, near, near, smooth_l1(near), far, far, 0.5, smooth_l1(far), far**2 / 2]


@worked("目标检测", "ROI Pooling 和 ROI Align 有什么区别？")
def _() -> Numbers:
    stride, left = 16, 198
    exact = left / stride
    assert round(exact) == math.floor(exact)  # whichever way an implementation rounds
    back = stride * round(exact)
    return [stride, left, left, stride, exact, round(exact), back, left - back, exact]


@worked("目标检测", "Faster R-CNN 的 RPN 怎么工作？")
def _() -> Numbers:
    width, height, anchors = 60, 40, len([(area, ratio) for area in range(3) for ratio in range(3)])
    return [width, height, anchors, width, height, anchors, width * height * anchors, 2 * anchors, 4 * anchors]


@worked("目标检测", "YOLO 各版本有什么区别？")
def _() -> Numbers:
    grid, boxes, classes = 7, 2, 20
    sides = [416 // stride for stride in (32, 16, 8)]
    return [
        *(classes, grid, grid, boxes, 5, classes, grid * grid * (boxes * 5 + classes)),
        *(416, *sides, 3, 3 * sum(side * side for side in sides)),
    ]


@worked("目标检测", "YOLOv6 的结构是什么？")
def _() -> Numbers:
    c = 64
    square, point = 9 * c * c, c * c
    return [c, 3, 3, 1, 1, square, point, square + point, 3, 3, square, c]


@worked("目标检测", "anchor-based 和 anchor-free 有什么区别？")
def _() -> Numbers:
    left, top, right, bottom = 20, 10, 20, 40
    ratio = min(left, right) / max(left, right) * min(top, bottom) / max(top, bottom)
    return [left, top, right, bottom, math.sqrt(ratio)]


@worked("目标检测", "小目标检测（small object detection）为什么难，怎么改进？")
def _() -> Numbers:
    def shifted(side: int, by: int) -> tuple[int, int, float]:
        inter = len(range(by, side)) ** 2
        union = 2 * side**2 - inter
        return inter, union, inter / union

    return [16, 16, 4, *shifted(16, 4), 64, 64, *shifted(64, 4)]


@worked("目标检测", "狭长（elongated）和尺度不一的目标怎么检测？")
def _() -> Numbers:
    side, long, high = 32, 128, 8
    inter, area = side * high, side * side
    assert area == long * high
    union = area + area - inter
    assert inter / union == centred(side, side, long, high)
    return [side, side, long, high, side, high, inter, area, area, inter, union, centred(side, side, long, high)]


@worked("目标检测", "旋转框检测（oriented bounding box）怎么做？")
def _() -> Numbers:
    long, high, degrees = 100, 10, 45
    turn = math.radians(degrees)
    corners = [
        (x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn))
        for x in (0, long)
        for y in (0, high)
    ]
    side, other = (max(c[axis] for c in corners) - min(c[axis] for c in corners) for axis in (0, 1))
    assert math.isclose(side, other)
    box, own = side * other, long * high
    return [long, high, degrees, long + high, math.cos(turn), side, box, own, 100 * own / box]


@worked("目标检测", "anchor 怎么设计？")
def _() -> Numbers:
    iou = centred(10, 20, 20, 20)
    return [10, 20, 20, 20, 10 * 20, 20 * 20, iou, 1 - iou]


@worked("目标检测", "FPN（feature pyramid network）怎么融合特征？")
def _() -> Numbers:
    sides = (224, 112, 448)
    assert [math.floor(4 + math.log2(side / 224)) for side in sides] == [4, 3, 5]  # the levels, which P hides
    return [side for side in sides for _ in range(2)]


@worked("目标检测", "multi-crop 推理（inference）是什么？")
def _() -> Numbers:
    width, window, overlap = 1600, 640, 160
    step = window - overlap
    starts = range(0, width - window + 1, step)
    assert starts[-1] + window == width
    crops = 4 + 1
    return [crops, 2 * crops, 2 * crops, width, window, overlap, step, width, window, step, 1, len(starts)]
