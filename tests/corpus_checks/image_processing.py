"""图像处理, which is a PDF: heading -> all numbers of its 算例, in order. `test_corpus_pdf.py` compares them."""

from __future__ import annotations

import colorsys
import math
from collections.abc import Callable

import numpy as np

from corpus_checks.registry import Numbers

IN_PDF: dict[str, Callable[[], Numbers]] = {}


def _worked(heading: str) -> Callable[[Callable[[], Numbers]], Callable[[], Numbers]]:
    def register(numbers: Callable[[], Numbers]) -> Callable[[], Numbers]:
        assert heading not in IN_PDF
        IN_PDF[heading] = numbers
        return numbers

    return register


@_worked("OpenCV 有哪些常用模块，Mat 是什么？")
def _() -> Numbers:
    width, height = 640, 480
    image = np.zeros((height, width, 3), np.uint8)
    return [width, height, 8, 3, *image.shape[:2], *image.shape, image.nbytes]


@_worked("RGB、HSV、YUV 颜色空间有什么区别？")
def _() -> Numbers:
    red = (255, 0, 0)
    hue, saturation, value = colorsys.rgb_to_hsv(*(part / 255 for part in red))
    grey = 0.299 * red[0]
    return [*red, 0.299, red[0], grey, round(grey), 8, 180 * hue, 255 * saturation, 255 * value]


@_worked("cvtColor 怎么转换颜色空间，怎么按颜色分割？")
def _() -> Numbers:
    degrees = 360 * colorsys.rgb_to_hsv(0, 1, 0)[0]
    return [degrees, degrees / 2, 15, degrees / 2 - 15, degrees / 2 + 15]


def _slid(row: list[int], choose: Callable[[list[int]], int]) -> list[int]:
    return [choose(row[max(i - 1, 0) : i + 2]) for i in range(len(row))]


@_worked("腐蚀和膨胀有什么区别，开运算和闭运算呢？")
def _() -> Numbers:
    row = [0, 1, 1, 1, 0, 1, 0]
    eroded = _slid(row, min)
    return [*row, 3, *eroded, *_slid(row, max), *_slid(eroded, max)]


@_worked("图像插值（interpolation）方法有哪些？")
def _() -> Numbers:
    corners, a, b = [10, 20, 30, 40], 0.25, 0.5
    above, below = np.interp(a, [0, 1], corners[:2]), np.interp(a, [0, 1], corners[2:])
    weights = [(1 - a) * (1 - b), a * (1 - b), (1 - a) * b, a * b]
    result = float(np.dot(weights, corners))
    assert math.isclose(result, np.interp(b, [0, 1], [above, below]))
    return [*corners, a, b, above, below, result]


@_worked("常见的边缘检测算子（edge detector）有哪些？")
def _() -> Numbers:
    patch = np.array([[10, 10, 50]] * 3)
    across = np.outer([1, 2, 1], [-1, 0, 1])
    laplacian = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])
    low, high = patch[0, 0], patch[0, 2]
    return [
        *(3, 3, *patch[0], high, low, 1, 2, 1, (across * patch).sum(), (across.T * patch).sum()),
        *(low, low, low, high, 4, low, (laplacian * patch).sum()),
    ]


@_worked("Canny 边缘检测（Canny edge detector）有哪四步？")
def _() -> Numbers:
    gx, gy, low, high = 30, 40, 50, 150
    strong, weak, none = 180, 100, 30
    assert none < low <= weak <= high < strong
    return [gx, gy, math.hypot(gx, gy), math.degrees(math.atan2(gy, gx)), low, high, strong, weak, none]


@_worked("高斯滤波和均值滤波有什么区别？")
def _() -> Numbers:
    bright = 90
    patch = np.zeros((3, 3))
    patch[1, 1] = bright
    kernel = np.outer([1, 2, 1], [1, 2, 1])
    mean, gauss = patch.mean(), (patch * kernel).sum() / kernel.sum()
    return [bright, 3, 3, bright, 9, mean, 1, 2, 1, 3, 3, kernel[1, 1], kernel.sum(), gauss, 5, 5, 5 * 5, 5 + 5]


@_worked("高斯噪声和椒盐噪声分别用什么滤波？")
def _() -> Numbers:
    values = [10, 12, 11, 255, 10, 13, 12, 11, 10]
    return [len(values), *values, np.median(values), sum(values), len(values), np.mean(values)]


@_worked("Hough 变换怎么检测直线和圆？")
def _() -> Numbers:
    points, degrees = [(1, 1), (2, 0), (0, 2)], 45
    turn = math.radians(degrees)
    distances = [x * math.cos(turn) + y * math.sin(turn) for x, y in points]
    assert max(distances) - min(distances) < 1e-9
    return [*(n for point in points for n in point), degrees, distances[0]]


@_worked("HOG 的步骤是什么，维数怎么算？")
def _() -> Numbers:
    block, step, window = 16, 8, (64, 128)
    across, down = (len(range(0, side - block + 1, step)) for side in window)
    per_block = (block // 8) ** 2 * 9
    return [
        *(block, block, step, *window, window[0], block, step, 1, across, window[1], block, step, 1, down),
        *(across, down, per_block, across * down * per_block),
    ]


@_worked("SIFT 的步骤是什么，描述子为什么是 128 维？")
def _() -> Numbers:
    neighbours = [3 * 3 - 1, 3 * 3, 3 * 3]
    return [4, 4, 8, np.zeros((4, 4, 8)).size, *neighbours, sum(neighbours)]


@_worked("LBP 怎么计算，有哪些改进？")
def _() -> Numbers:
    centre, around = 6, [6, 5, 2, 1, 7, 8, 9, 7]
    code = "".join("1" if value >= centre else "0" for value in around)
    return [centre, *around, int(code), int(code, 2)]


@_worked("图像分割（image segmentation）有哪些方法？")
def _() -> Numbers:
    pixels, cut = np.array([10, 10, 20, 80, 90, 90]), 50
    low, high = pixels[pixels < cut], pixels[pixels >= cut]

    def between(a: np.ndarray, b: np.ndarray) -> float:
        return a.size * b.size / pixels.size**2 * (a.mean() - b.mean()) ** 2

    assert between(low, high) == max(between(pixels[:i], pixels[i:]) for i in range(1, pixels.size))
    share = low.size / pixels.size
    return [pixels.size, *pixels, cut, share, low.mean(), high.mean(), between(low, high)]


@_worked("图像配准（image registration）的步骤是什么？")
def _() -> Numbers:
    affine, homography, inliers, pairs, sure = 2 * 3, 3 * 3 - 1, 0.5, 4, 0.99
    draws = next(n for n in range(1, 1000) if 1 - (1 - inliers**pairs) ** n >= sure)
    return [affine, affine // 2, homography, homography // 2, inliers, pairs, sure, draws]


@_worked("光流法（optical flow）怎么求运动？")
def _() -> Numbers:
    slope, change = 10, -20
    speed = -change / slope
    signal = [slope * x for x in range(5)]
    moved = [slope * (x - speed) for x in range(5)]
    assert moved[2] - signal[2] == change
    return [slope, change, -change, slope, speed]


@_worked("背景建模（background subtraction）有哪些方法？")
def _() -> Numbers:
    rate, background, frame = 0.05, 100, 120
    return [rate, background, frame, (1 - rate) * background + rate * frame]


@_worked("人脸识别的经典方法 Eigenfaces、Fisherfaces、LBPH 有什么区别？")
def _() -> Numbers:
    few = np.random.default_rng(0).normal(size=(7, 30))  # 7 faces of 30 pixels: one direction fewer than faces
    assert np.linalg.matrix_rank(few - few.mean(axis=0)) == len(few) - 1
    faces, side, people = 400, 100, 40
    return [faces, side, side, side * side, faces - 1, people, people - 1]


@_worked("SAR 图像有什么特点，怎么处理？")
def _() -> Numbers:
    light, band, antenna, looks = 300, 150, 2, 4  # metres in a microsecond, megahertz, metres
    return [light, band, light, 2, band, light / (2 * band), antenna, antenna / 2, looks, 1 / math.sqrt(looks)]


@_worked("雷达干扰信号有哪些类型？")
def _() -> Numbers:
    light, delay = 300, 2
    return [light, delay, light, delay, 2, light * delay / 2]
