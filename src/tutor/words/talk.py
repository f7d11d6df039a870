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
    "talk.notes": ("一共 {count} 篇笔记：{notes}", "{count} {count:note|notes}: {notes}"),
    "talk.plan.more": (
        "每天的安排在“进展”页的面试计划里，按一下就照着练；命令行是 tutor plan --date {date} --minutes {minutes} --keep。",
        "The days one by one are on the Progress tab, in the plan to the interview, where one press lets the drills follow it; on the command line: tutor plan --date {date} --minutes {minutes} --keep.",
    ),
    "talk.steer": (
        "现在没有在提问。说“考考我”或“模拟面试”就开始。",
        "No questions are being asked just now. Say “quiz me” or “mock interview” to begin.",
    ),
    "talk.today": (
        "今天有 {reviews} 张要复习，{new} 张新卡可以学。到“练习”里开始，或运行 tutor drill。",
        "{reviews} {reviews:card is|cards are} due today and {new} new {new:one|ones} can be learnt. Start in the Drill tab, or run tutor drill.",
    ),
    "talk.quiz.none": (
        "这里没有可以考的卡片。换个主题，或者先读一段。",
        "There is no card to ask here. Name a topic, or read something first.",
    ),
    "talk.quiz.unknown": ("笔记里没有关于“{topics}”的卡片。", "No card of your notes is about “{topics}”."),
    "talk.quiz.opening": (
        "共 {count} 题，用自己的话回答。说“换一题”跳过，“不知道”看答案，“停”结束。",
        "{count} {count:question|questions}; answer in your own words. Say “skip” for another one, “I don't know” for the answer, “stop” to end.",
    ),
    "talk.interview.topics": ("主题：{topics}。", "Topics: {topics}."),
    "talk.interview.opening": (
        "模拟面试，共 {count} 题。像面试时那样用自己的话回答；漏掉的点我会追问，原文留到最后的总结。"
        "说“换一题”跳过（不记录），“不知道”算没答上，“结束”看总结。",
        "Mock interview, {count} {count:question|questions}. Answer in your own words; I ask on about what you leave out, and quote your notes "
        "in the summary. Say “skip” for another question (not logged), “I don't know” to give up, “stop” for the summary.",
    ),
    "talk.quiz.question": (
        "**问 {number}/{total}{topic}：{prompt}**",
        "**Question {number}/{total}{topic}: {prompt}**",
    ),
    "talk.quiz.right": ("对。", "Right."),
    "talk.quiz.partial": ("对了一部分。", "Partly right."),
    "talk.quiz.wrong": ("不对，或者没说到点上。笔记里是这样写的：", "Not right, or beside the point. Your notes say:"),
    "talk.quiz.unsure": ("我拿不准，请你对照笔记自己判断：", "I cannot tell for sure; compare with your notes:"),
    "talk.interview.hint": ("还没说到点上，再想想。", "Not to the point yet; think again."),
    "talk.interview.partial": ("对了一部分，最后一起看原文。", "Partly right; we look at the notes at the end."),
    "talk.interview.wrong": ("这题没答上，记下了，最后一起看原文。", "Not answered; noted for the summary."),
    "talk.interview.unsure": (
        "这题我拿不准，最后请你对照原文。",
        "I cannot tell for sure; compare with your notes at the end.",
    ),
    "talk.quiz.hit": ("说到了：{points}", "You said: {points}"),
    "talk.quiz.missed": ("还没说到：{points}", "Not said yet: {points}"),
    "talk.quiz.probe": ("**追问：还漏了一点，是什么？**", "**Follow-up: you left out one point. Which?**"),
    "talk.quiz.probe.cue": (
        "**追问：还漏了一点，和“{cue}”有关，是什么？**",
        "**Follow-up: you left out one point, about “{cue}”. Which?**",
    ),
    "talk.quiz.made_good": ("对，补上了。", "Right, that was it."),
    "talk.quiz.point": ("漏掉的是：{point}", "It was: {point}"),
    "talk.quiz.skipped": ("跳过，不记录。", "Skipped, nothing is logged."),
    "talk.quiz.summary": ("结束：{count} 题里答对 {right} 题。", "Done: {right} of {count} right."),
    "talk.interview.summary": (
        "**面试总结**：答了 {count} 题，对 {right}，部分对 {partial}，没答上 {wrong}，拿不准 {unsure}；跳过 {skipped}。",
        "**Summary**: {count} answered: {right} right, {partial} partly, {wrong} not, {unsure} unsure; {skipped} skipped.",
    ),
    "talk.interview.topic": ("**{topic}**：{right}/{count}", "**{topic}**: {right}/{count}"),
    "talk.quiz.looked_back": ("{verdict}：**{prompt}**", "{verdict}: **{prompt}**"),
    "talk.verdict.partial": ("△ 部分对", "△ Partly"),
    "talk.verdict.wrong": ("✗ 没答上", "✗ Not answered"),
    "talk.verdict.unsure": ("? 待对照", "? To compare"),
    "talk.quiz.over": ("好，不考了。", "All right, no more questions."),
    "talk.offer.quiz": ("考考我 {topic}", "Quiz me on {topic}"),
    "talk.offer.quiz.this": ("考考我这个", "Quiz me on this"),
    "talk.quiz.resume": ("继续答题", "Resume the quiz"),
    "talk.interview.resume": ("继续面试", "Resume the interview"),
}
