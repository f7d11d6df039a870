"""The conversation: small talk, and how a follow-up was understood."""

WORDS: dict[str, tuple[str, str]] = {
    "talk.hello": (
        "你好！直接问就行，比如“BN 训练和推理有什么区别？”，我用你笔记里的原文回答。",
        "Hello! Just ask, for example “how does BN differ between training and inference?”; I answer by quoting your notes.",
    ),
    "talk.thanks": ("不客气。还想问什么，或者到“练习”里背一会儿。", "You are welcome. Ask on, or drill for a while."),
    "talk.bye": (
        "再见。对话已经保存，下次可以接着问。",
        "Goodbye. The conversation is kept; you can go on with it next time.",
    ),
    "talk.help": (
        "可以这样用我：直接提问；接着问“公式呢”“那 LN 呢”“第二点为什么”“还有吗”；问“今天复习什么”“你有哪些笔记”。"
        "把 Markdown、PDF 等文件放进笔记文件夹，就能马上问到。我只引用你的笔记，笔记里没有的会直说。",
        "How to use me: ask a question; go on with “and the formula?”, “what about LN?”, “why the second point?”, “more”; "
        "ask “what is due today?” or “what notes do I have?”. Drop Markdown, PDF and other files into the notes and ask at once. "
        "I only quote your notes and say so when they do not answer.",
    ),
    "talk.who": (
        "我是你的笔记导师：只引用你自己的笔记来回答和出题，不联网，也不编造。",
        "I am the tutor of your notes: I answer and quiz by quoting them, offline, and make nothing up.",
    ),
    "talk.notes": ("一共 {count} 篇笔记：{notes}", "{count} notes: {notes}"),
    "talk.today": (
        "今天有 {reviews} 张要复习，{new} 张新卡可以学。到“练习”里开始，或运行 tutor drill。",
        "{reviews} cards are due today and {new} new ones can be learnt. Start in the Drill tab, or run tutor drill.",
    ),
    "talk.quiz.none": (
        "这里没有可以考的卡片。换个主题，或者先读一段。",
        "There is no card to ask here. Name a topic, or read something first.",
    ),
    "talk.quiz.opening": (
        "共 {count} 题，用自己的话回答；说“停”就结束。",
        "{count} questions; answer in your own words, say “stop” to end.",
    ),
    "talk.quiz.question": ("**问：{prompt}**", "**Question: {prompt}**"),
    "talk.quiz.right": ("对。", "Right."),
    "talk.quiz.partial": ("对了一部分。", "Partly right."),
    "talk.quiz.wrong": ("不对，或者没说到点上。笔记里是这样写的：", "Not right, or beside the point. Your notes say:"),
    "talk.quiz.unsure": ("我拿不准，请你对照笔记自己判断：", "I cannot tell for sure; compare with your notes:"),
    "talk.quiz.missed": ("还没说到：{points}", "Not said yet: {points}"),
    "talk.quiz.probe": (
        "**追问：{prompt}，刚才漏掉的那一点是什么？**",
        "**Follow-up: {prompt}: what was the point you left out?**",
    ),
    "talk.quiz.summary": ("结束：{count} 题里答对 {right} 题。", "Done: {right} of {count} right."),
    "talk.quiz.over": ("好，不考了。", "All right, no more questions."),
}
