"""生成模型与对抗"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from corpus_checks.registry import Numbers, check, worked

NOTE = "生成模型与对抗"


@worked(NOTE, "GAN（生成对抗网络）的原理和极大极小目标是什么？")
def _() -> Numbers:
    real, made = 0.6, 0.2
    outputs = np.linspace(0.001, 0.999, 999)  # maximised by trying, not by the formula
    best = outputs[np.argmax(real * np.log(outputs) + made * np.log(1 - outputs))]
    return [real, made, best, 0.5, 2, 0.5, math.log(0.5) + math.log(1 - 0.5)]


@worked(NOTE, "DCGAN 做了哪些改进？")
def _() -> Numbers:
    k, s, p = 4, 2, 1
    sizes = [4]
    for _ in range(4):
        sizes.append(s * (sizes[-1] - 1) + k - 2 * p)
    return [4, 4, k, s, p, s, sizes[0], 1, k, 2 * p, *sizes[1:]]


@worked(NOTE, "GAN 为什么难训练，什么是模式崩溃？")
def _() -> Numbers:
    (m, s), (n, t) = (0, 1), (2, 3)
    return [m, s, n, t, (m - n) ** 2, s * s, t * t, 2 * s * t, (m - n) ** 2 + (s - t) ** 2]


@worked(NOTE, "WGAN 和推土机距离是什么？")
def _() -> Numbers:
    p, q = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    middle = (p + q) / 2
    js = sum(v * math.log(v / w) for side in (p, q) for v, w in zip(side, middle, strict=True) if v) / 2
    return [0, 2, abs(2 - 0), 1, abs(1 - 0), 0, 2, js]


@worked(NOTE, "GAN、VAE、扩散模型有什么区别？")
def _() -> Numbers:
    mean, variance = 1, 1
    x = np.linspace(-12, 14, 200_001)
    q = np.exp(-((x - mean) ** 2) / 2) / math.sqrt(2 * math.pi)
    p = np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    kl = np.trapezoid(q * np.log(q / p), x)
    return [mean, variance, mean**2, variance, 1, variance, 2, kl]


@worked(NOTE, "扩散模型（diffusion model）的思路是什么？")
def _() -> Numbers:
    betas, x, noise = [0.1, 0.2], 1, 0.5
    kept = math.prod(1 - b for b in betas)
    signal, spread = math.sqrt(kept), math.sqrt(1 - kept)
    assert spread**2 == pytest.approx((1 - betas[1]) * betas[0] + betas[1])  # two steps add up to this variance
    return [*betas, *(1 - b for b in betas), kept, x, noise, signal, x, spread, noise, signal * x + spread * noise]


@worked(NOTE, "DDPM 的训练和采样步骤是什么？")
def _() -> Numbers:
    beta, x, noise = 0.1, 2, 1
    signal, spread = math.sqrt(1 - beta), math.sqrt(beta)
    noisy = signal * x + spread * noise
    back = (noisy - beta / math.sqrt(beta) * noise) / signal
    return [beta, x, noise, signal, x, spread, noise, noisy, back]


@worked(NOTE, "LDM 和 Stable Diffusion 是什么？")
def _() -> Numbers:
    image, latent = np.zeros((512, 512, 3), np.int8), np.zeros((64, 64, 4))
    s, with_text, without = 7.5, 0.2, 0.1
    return [
        *(*image.shape, image.size, *latent.shape, latent.size, 1, image.size / latent.size),
        *(s, with_text, without, without, s, with_text - without, without + s * (with_text - without)),
    ]


@worked(NOTE, "FGSM 和 PGD 有什么区别？")
def _() -> Numbers:
    x, epsilon, step = 0.5, 0.03, 0.02
    first = np.clip(x + step, x - epsilon, x + epsilon)
    return [x, epsilon, x + epsilon, step, x, first, first + step, np.clip(first + step, x - epsilon, x + epsilon)]


@worked(NOTE, "PGD 怎么计算？")
def _() -> Numbers:
    return [8, 255, 8 / 255, 2, 255, 2 / 255, 10, 2 * 10, 255, 20 / 255]


@worked(NOTE, "对抗训练（adversarial training）能缓解过拟合吗？")
def _() -> Numbers:
    passes = [1] * 7
    return [7, sum(passes), 1, sum(passes) + 1]


@worked(NOTE, "异常分割（anomaly segmentation）有哪些方法？")
def _() -> Numbers:
    truth = np.arange(10_000) < 50
    nothing = np.zeros_like(truth)
    return [truth.size, truth.sum(), (truth == nothing).mean(), nothing[truth].mean()]


@check(NOTE, "DDPM 的训练和采样步骤是什么？")
def _(names: dict[str, Any]) -> None:
    rng = np.random.default_rng(7)
    betas = np.linspace(0.01, 0.2, 5)
    x0 = rng.normal(size=100_000)
    stepwise = x0
    for t, beta in enumerate(betas, 1):
        stepwise = np.sqrt(1 - beta) * stepwise + np.sqrt(beta) * rng.normal(size=x0.size)
        at_once = names["add_noise"](x0, t, betas, rng.normal(size=x0.size))
        assert (at_once * x0).mean() == pytest.approx((stepwise * x0).mean(), abs=0.02)
        assert at_once.var() == pytest.approx(stepwise.var(), abs=0.02)
    noise = rng.normal(size=x0.size)
    x1 = names["add_noise"](x0, 1, betas, noise)
    np.testing.assert_allclose(names["denoise"](x1, 1, betas, noise, rng.normal(size=x0.size)), x0, atol=1e-9)
    x5 = names["add_noise"](x0, 5, betas, noise)
    mean = names["denoise"](x5, 5, betas, noise, np.zeros_like(x0))
    kept = np.cumprod(1 - betas)  # the posterior's mean, written with x_0 and x_t
    posterior = (np.sqrt(kept[3]) * betas[4] * x0 + np.sqrt(1 - betas[4]) * (1 - kept[3]) * x5) / (1 - kept[4])
    np.testing.assert_allclose(mean, posterior, atol=1e-9)
    spread = names["denoise"](x5, 5, betas, noise, np.ones_like(x0)) - mean
    np.testing.assert_allclose(spread, math.sqrt(betas[4]))


@check(NOTE, "PGD 怎么计算？")
def _(names: dict[str, Any]) -> None:
    import torch
    from torch import nn

    torch.manual_seed(8)
    model = nn.Sequential(nn.Flatten(), nn.Linear(12, 16), nn.Tanh(), nn.Linear(16, 3)).eval()
    x, y = torch.rand(6, 3, 2, 2), torch.tensor([0, 1, 2, 0, 1, 2])
    x[0] = 0.0  # at the edge of the legal range
    adv = names["pgd"](model, x, y, epsilon=0.1, alpha=0.03, steps=10)
    assert (adv - x).abs().max().item() <= 0.1 + 1e-6
    assert 0 <= adv.min().item() <= adv.max().item() <= 1
    loss = nn.CrossEntropyLoss()
    noise = (x + 0.1 * torch.randn_like(x).sign()).clamp(0, 1)
    assert loss(model(adv), y).item() > loss(model(noise), y).item()
    assert loss(model(adv), y).item() > loss(model(x), y).item()
    assert not adv.requires_grad
    assert all(p.grad is None for p in model.parameters())
