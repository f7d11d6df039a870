"""One card: what is known of it, what was done with it, and where none is found."""

WORDS: dict[str, tuple[str, str]] = {
    "error.card.unknown": ("没有编号为 {card} 的卡片，或者有几张。", "There is no card {card}, or several begin so."),
    "error.card.unknown.hint": (
        "运行 tutor cards --json 查看编号，开头几位就够，只要不重复。",
        "tutor cards --json lists the ids; a beginning that no other card has is enough.",
    ),
    "error.topic.unknown": ("没有讲“{topic}”的卡片。", "No card is about “{topic}”."),
    "error.topic.unknown.hint": (
        "换个说法试试，例如笔记里的标题；tutor cards 列出所有卡片和主题。",
        "Try other words, such as a heading of your notes; tutor cards lists all cards and topics.",
    ),
    "error.drill.read": (
        "还没有读过什么，所以没有“刚读到的”可练。",
        "Nothing has been read yet, so there is nothing to drill.",
    ),
    "error.drill.read.hint": (
        "先在问答里（页面或 tutor chat）问几个问题，再回来练引用过的地方。",
        "Ask something first, on the page or in tutor chat, then come back to drill what was quoted.",
    ),
    "error.drill.read.cards": (
        "刚才读到的地方没有卡片。",
        "What you just read has no cards.",
    ),
    "error.drill.read.cards.hint": (
        "再问几个问题，或者用 --topic 选一个主题。",
        "Ask something more, or choose a topic with --topic.",
    ),
    "error.card.report": ("没有写哪里不对。", "Nothing says what is wrong."),
    "error.card.report.hint": (
        "用一句话写出问题，例如：答案不全。",
        "Say it in a sentence, for instance: the answer lacks a point.",
    ),
    "error.card.orphaned": (
        "{file} 里已经没有这张卡片的出处，拿不回来。",
        "{file} no longer has the place that this card was made of.",
    ),
    "error.card.orphaned.hint": (
        "把那段话写回笔记，卡片会带着记录自己回来。",
        "Write it into the note again: the card comes back by itself, with its history.",
    ),
    "card.one_thing": (
        "一次只做一件事：修改、停用、删除、报告、认可或拿回。",
        "One thing at a time: edit, suspend, delete, report, accept or restore.",
    ),
    "card.done.edited": ("卡片 {id} 已改好，复习记录不变。", "Card {id} is changed; its history stays."),
    "card.done.suspended": ("卡片 {id} 已停用。", "Card {id} is suspended."),
    "card.done.deleted": (
        "卡片 {id} 不再出现；--restore 拿回来。",
        "Card {id} is not asked again; --restore brings it back.",
    ),
    "card.done.reported": ("已记下，卡片 {id} 先停用。", "Noted; card {id} is suspended."),
    "card.done.accepted": (
        "已认可卡片 {id}：没学过就先学，出处还在就一直留着。",
        "Card {id} is accepted: it comes before other new ones, and stays as long as its place in the note.",
    ),
    "card.done.restored": ("卡片 {id} 和原来一样了。", "Card {id} is as it was."),
    "card.status.active": ("在用", "in use"),
    "card.status.suspended": ("已停用", "suspended"),
    "card.status.deleted": ("已删除", "deleted"),
    "card.status.orphaned": ("笔记里已没有出处", "its place in the note is gone"),
    "card.is_accepted": ("已认可", "accepted"),
    "card.is_edited": ("自己改过", "edited by you"),
    "card.reported": ("报告的问题：{why}", "Reported: {why}"),
    "card.never_seen": ("还没有学过。", "Never seen yet."),
    "card.schedule": (
        "下次 {when}，现在大约记得 {share}；答过 {reviews} 次，忘过 {lapses} 次：",
        "Next on {when}, recalled now at about {share}; answered {reviews} {reviews:time|times}, forgotten {lapses} {lapses:time|times}:",
    ),
    "error.card.empty": ("卡片的问题是空的。", "The card asks nothing."),
    "error.card.empty.hint": ("写上问题再保存。", "Write a question, then save."),
}
