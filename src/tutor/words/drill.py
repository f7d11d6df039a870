"""Cards, grades and schedules."""

WORDS: dict[str, tuple[str, str]] = {
    "card.define": ("什么是 {name}？", "What is {name}?"),
    "card.why": ("为什么{effect}？", "Why {effect}?"),
    "card.items": ("{prompt}（{count} 点）", "{prompt} ({count} points)"),
    "card.keyed": ("{topic}：{name}", "{topic}: {name}"),
    "card.row": ("{topic}｜{row}：{wanted}？", "{topic} | {row}: {wanted}?"),
    "card.formula": ("写出公式：{topic}", "Write the formula: {topic}"),
    "card.code": ("写出代码：{topic}", "Write the code: {topic}"),
}
