"""Words that ask rather than mean: they carry no weight when a question is matched with a note."""

from __future__ import annotations

ASKING = frozenset(
    """
    的 了 是 在 和 与 跟 及 或 对 把 被 给 从 到 为 中 里 上 下 有 没 没有 会 能 可以 可 该 应该 应 要 需要 需
    用 使用 时 时候 吗 呢 吧 啊 呀 么 什么 啥 怎么 怎么样 怎样 如何 为什么 为何 为啥 哪些 哪个 哪 哪几个 几个 几
    多少 谁 何 是什么 什么是 有什么 有哪些 怎么办 请 请问 问 一下 介绍 解释 说说 说 谈谈 谈 讲讲 讲 简述 描述
    说明 列举 告诉 我 你 您 它 这 那 这个 那个 一个 一些 一种 意思 含义 回事 做 进行 都 也 又 就 还 很 更 最 各
    各自 分别 之间 指 指的 叫 叫做 所谓 通常 一般 具体 a an the of to in on at for from by with without and or
    as is are was were be been being do does did done can could should would will may might must have has had
    what which who whom whose how why when where that this these those it its there their than then i you we
    they me my your our please tell explain describe give list define mean means meaning about into between main
    one use used using during if so not s t
    """.split()
)
"""Surfaces as the tokenizer cuts them (lower case, Simplified)."""

FRAMING = frozenset(
    """
    作用 用处 用途 好处 优点 缺点 优缺点 优势 劣势 特点 特性 性质 原理 机制 思想 定义 概念 含义 原因 目的 意义
    方法 办法 方式 手段 步骤 流程 过程 公式 表达式 代码 实现 区别 不同 异同 差异 差别 对比 比较 联系 关系 种类
    类型 例子 情况 问题 计算 算 手写 role purpose benefit benefits advantage advantages disadvantage
    disadvantages pros cons principle definition concept reason reasons cause goal method methods way ways step
    steps procedure process formula equation code implementation difference differences comparison relation
    relationship types kinds example examples work works behave behaves compute calculate
    """.split()
)
"""Words that say what sort of answer is wanted; that a note has them too is weak evidence."""
