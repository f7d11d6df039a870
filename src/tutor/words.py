"""Every sentence that the learner sees, in Chinese and English. One table; a test finds gaps."""

from __future__ import annotations

LANGUAGES = ("zh", "en")

# key: (Chinese, English). Values in braces are filled in by `say`.
WORDS: dict[str, tuple[str, str]] = {
    # --- errors: reading (text) -------------------------------------------------------------------------------
    "error.file.empty": ("文件是空的（{file}）。", "The file is empty ({file})."),
    "error.file.empty.hint": ("写入内容后会自动重新读取。", "Add text to it; it is read again by itself."),
    # --- errors: reading (pdf) --------------------------------------------------------------------------------
    # --- errors: library --------------------------------------------------------------------------------------
    # --- errors: index and model ------------------------------------------------------------------------------
    "error.index.busy": (
        "另一个 tutor 正在更新索引（{folder}）。",
        "Another tutor is updating the index ({folder}).",
    ),
    "error.index.busy.hint": (
        "稍等片刻再试；加上 --no-refresh 可先用现有索引回答。",
        "Try again in a moment, or answer from the index as it is with --no-refresh.",
    ),
    "error.index.damaged": ("索引文件已损坏或被删除（{folder}）。", "The index file is damaged or gone ({folder})."),
    "error.index.damaged.hint": (
        "运行 tutor index 即可由笔记重建；笔记和学习记录不受影响。",
        "Run tutor index to make it again from your notes; notes and progress are not affected.",
    ),
    "error.index.full": (
        "磁盘已满，索引没有写入（{folder}）。",
        "The disk is full; the index was not written ({folder}).",
    ),
    "error.index.full.hint": (
        "清理磁盘后再运行 tutor index；此前的索引仍可回答。",
        "Free some space and run tutor index again; the index as it was still answers.",
    ),
    "error.index.readonly": (
        "没有写入索引文件夹的权限（{folder}）。",
        "The index folder cannot be written ({folder}).",
    ),
    "error.index.readonly.hint": (
        "检查文件夹权限，或用 --index 指定另一个文件夹；加上 --no-refresh 可先用现有索引回答。",
        "Check the folder's permissions or name another one with --index; --no-refresh answers from the index as it is.",
    ),
    "error.index.disk": (
        "读写索引时磁盘出错（{folder}）：{problem}",
        "The disk failed while using the index ({folder}): {problem}",
    ),
    "error.index.disk.hint": (
        "检查磁盘，或用 --index 指定另一个文件夹。",
        "Check the disk, or name another folder with --index.",
    ),
    "error.model.missing": ("找不到模型 {model}。", "The model {model} cannot be found."),
    "error.model.missing.hint": (
        "检查 TUTOR_MODEL 的名称或路径，并确认网络可用；留空则使用自带的模型。",
        "Check the name or path in TUTOR_MODEL and the network; leave it empty to use the bundled model.",
    ),
    "error.model.damaged": (
        "模型文件已损坏：{model}（{problem}）",
        "The model's files are damaged: {model} ({problem})",
    ),
    "error.model.damaged.hint": (
        "重新安装 notes-tutor，或重新下载该模型。",
        "Install notes-tutor again, or download the model again.",
    ),
    # --- command line -----------------------------------------------------------------------------------------
    "cli.understood_as": ("理解为：{question}", "Understood as: {question}"),
    "cli.not_found": ("你的笔记里没有找到答案。", "Your notes do not say."),
    "cli.nearest": ("最接近的标题：", "The nearest headings:"),
    "cli.follow_ups": ("可以接着问：", "You could ask next:"),
    "cli.no_hits": ("没有找到相关的段落。", "No passage found."),
    "cli.no_notes": (
        "{folder} 里还没有笔记：放入 .md、.txt 或 .pdf 文件，再问一次。",
        "There are no notes in {folder} yet: put .md, .txt or .pdf files there and ask again.",
    ),
    "cli.page": ("第 {page} 页", "p. {page}"),
    "cli.also_in": ("也见于：{places}", "also in: {places}"),
    "cli.indexed": (
        "共 {files} 个文件，{passages} 个段落（{seconds} 秒）。",
        "{files} files, {passages} passages ({seconds} s).",
    ),
    "cli.added": ("新增 {count} 个：", "Added: {count}"),
    "cli.changed": ("更新 {count} 个：", "Changed: {count}"),
    "cli.removed": ("移除 {count} 个：", "Removed: {count}"),
    "cli.moved": ("移动 {count} 个：", "Moved: {count}"),
    "cli.ignored": ("跳过 {count} 个：", "Passed over: {count}"),
    "cli.failed": ("{count} 个文件无法读取：", "Could not be read: {count}"),
    "cli.file_reason": ("{file}：{reason}", "{file}: {reason}"),
    "cli.some_failed": (
        "有 {count} 个文件无法读取；运行 tutor index 查看原因。",
        "{count} files could not be read; `tutor index` says why.",
    ),
    "cli.index_busy": (
        "另一个 tutor 正在更新索引；先用现有的索引回答。",
        "Another tutor is updating the index; answering from what is there.",
    ),
    "cli.reading": ("正在读取 {file}", "Reading {file}"),
    "cli.error": ("错误：{reason}", "Error: {reason}"),
    "cli.next_step": ("下一步：{hint}", "Next step: {hint}"),
    "cli.chat": (
        "问你的笔记。空行开始新的对话，Ctrl+D 结束。",
        "Ask your notes. An empty line starts a new conversation, Ctrl+D ends.",
    ),
    "cli.new_conversation": ("新的对话。", "A new conversation."),
    "error.settings.invalid": ("设置 {name} 的值“{value}”无效。", "The setting {name} cannot be “{value}”."),
    "error.settings.invalid.hint": ("可用的值：{allowed}。", "What it can be: {allowed}."),
    "error.folder.unusable": ("无法使用文件夹 {folder}：{reason}。", "The folder {folder} cannot be used: {reason}."),
    "error.folder.unusable.hint": (
        "换一个文件夹（--corpus、--index、--progress），或检查权限。",
        "Name another one (--corpus, --index, --progress) or check its permissions.",
    ),
    "error.page.absent": ("{file} 没有第 {page} 页（共 {pages} 页）。", "{file} has no page {page} (it has {pages})."),
    "error.page.absent.hint": (
        "给出 1 到 {pages} 之间的页码，或去掉 --page 查看全文。",
        "Give a page from 1 to {pages}, or leave --page out for the whole text.",
    ),
    "error.page.none": ("{file} 不分页。", "{file} has no pages."),
    "error.page.none.hint": ("去掉 --page 查看全文。", "Leave --page out for the whole text."),
    "error.port.taken": (
        "地址 {host}:{port} 无法使用：{reason}。",
        "The address {host}:{port} cannot be used: {reason}.",
    ),
    "error.port.taken.hint": (
        "可能已有一个 tutor 在运行；或换一个端口：tutor serve --port {other}。",
        "A tutor may be running already; or take another port: tutor serve --port {other}.",
    ),
    "error.internal": (
        "tutor 内部出错：{what}。你的笔记没有改动。",
        "A fault inside tutor: {what}. Your notes are untouched.",
    ),
    "error.internal.hint": (
        "请带上 TUTOR_DEBUG=1 再运行一次，并报告输出。",
        "Please run it again with TUTOR_DEBUG=1 and report what it prints.",
    ),
    # --- page -------------------------------------------------------------------------------------------------
    "page.name": ("笔记助教", "Notes Tutor"),
    "page.serving": ("打开 {address}（Ctrl+C 结束）", "Open {address} (Ctrl+C ends)"),
    "page.tab.ask": ("问答", "Ask"),
    "page.tab.notes": ("笔记", "Notes"),
    "page.language": ("Switch to English", "切换到中文"),
    "page.language.short": ("EN", "中文"),
    "page.theme": ("浅色或深色", "Light or dark"),
    "page.loading": ("正在读笔记", "Reading your notes"),
    "page.loading.count": ("正在读笔记 {done}/{total}", "Reading your notes {done}/{total}"),
    "page.loading.model": ("马上就好", "Nearly ready"),
    "page.ready": ("{files} 篇笔记", "{files} notes"),
    "page.ready.none": ("还没有笔记", "No notes yet"),
    "page.ready.failed": ("{files} 篇笔记，{failed} 个读不了", "{files} notes, {failed} unreadable"),
    "page.trouble": ("笔记没有更新", "Notes not updated"),
    "page.ask": ("问你的笔记", "Ask your notes"),
    "page.ask.placeholder": ("问你的笔记，按 Enter 发送", "Ask your notes, Enter to send"),
    "page.send": ("发送", "Send"),
    "page.conversation": ("对话", "Conversation"),
    "page.welcome": ("从你自己的笔记里找答案", "Answers from your own notes"),
    "page.welcome.how": (
        "每一句都是笔记原文，带着出处；点编号，旁边就翻到那一处。",
        "Every sentence is quoted from a note, with its place. Click a number and the note opens there.",
    ),
    "page.welcome.examples": ("试试这样问", "Try asking"),
    "page.welcome.none": (
        "把 .md、.txt 或 .pdf 文件放进这个文件夹，然后直接提问：",
        "Put .md, .txt or .pdf files into this folder, then just ask:",
    ),
    "page.example": ("什么是{topic}？", "What is {topic}?"),
    "page.thinking": ("正在翻笔记", "Looking through your notes"),
    "page.waiting": ("还在读笔记，读完马上回答", "Still reading your notes; the answer follows at once"),
    "page.understood_as": ("按“{question}”来找", "Understood as “{question}”"),
    "page.sure.high": ("很有把握", "Sure"),
    "page.sure.fair": ("比较有把握", "Fairly sure"),
    "page.sure.low": ("不太确定，请核对原文", "Unsure: check the note"),
    "page.lead.definition": ("笔记里是这样说的", "How your notes put it"),
    "page.lead.list": ("笔记里列出的", "What your notes list"),
    "page.lead.compare": ("笔记里的比较", "How your notes compare them"),
    "page.lead.reason": ("笔记里给出的原因", "The reason your notes give"),
    "page.lead.howto": ("笔记里的做法", "How to do it, in your notes"),
    "page.lead.formula": ("笔记里的公式", "The formula in your notes"),
    "page.lead.code": ("笔记里的代码", "The code in your notes"),
    "page.lead.other": ("笔记里的相关内容", "What your notes say"),
    "page.page": ("第 {page} 页", "p. {page}"),
    "page.comma": ("，", ", "),
    "page.also": ("也见于", "Also in"),
    "page.open": ("打开原文", "Open the note here"),
    "page.copy": ("复制", "Copy"),
    "page.copied": ("已复制", "Copied"),
    "page.not_found": ("你的笔记里没有写到这个。", "Your notes do not say."),
    "page.not_found.near": ("最接近的内容，点一下就问：", "The nearest headings; click one to ask:"),
    "page.not_found.nothing": (
        "换个说法，或者把讲到它的笔记放进来。",
        "Try other words, or add a note that covers it.",
    ),
    "page.follow_ups": ("接着问", "Ask next"),
    "page.reader": ("原文", "The note"),
    "page.reader.empty": ("点一个编号，就在这里翻到原文", "Click a number and the note opens here"),
    "page.reader.cut": ("前后还有内容，这里只显示附近的部分", "Only the part around the passage is shown"),
    "page.reader.moved": (
        "这篇笔记后来改过，原来引用的那句话已经找不到了。下面是它现在的内容。",
        "This note has changed since, and the quoted words are no longer in it. This is how it reads now.",
    ),
    "page.reader.back": ("回到回答", "Back to the answer"),
    "page.notes.where": ("笔记文件夹", "Your notes are in"),
    "page.notes.drop": (
        "把 Markdown、TXT 或 PDF 文件放进这个文件夹就行，提问前会自动重读。笔记本身不会被改动。",
        "Put Markdown, TXT or PDF files there; they are read again before each question. Your notes are never changed.",
    ),
    "page.notes.reread": ("重新读取笔记", "Re-read notes"),
    "page.notes.rereading": ("正在重新读取…", "Reading again…"),
    "page.notes.summary": ("{read} 篇已读，共 {passages} 段", "{read} read, {passages} passages"),
    "page.notes.summary.failed": ("{count} 个读不了", "{count} unreadable"),
    "page.notes.summary.ignored": ("{count} 个略过", "{count} passed over"),
    "page.notes.file": ("文件", "File"),
    "page.notes.passages": ("段落", "Passages"),
    "page.notes.state": ("状态", "State"),
    "page.notes.read": ("已读", "Read"),
    "page.notes.failed": ("读不了", "Unreadable"),
    "page.notes.ignored": ("略过", "Passed over"),
    "page.notes.none": ("文件夹里还没有笔记。", "There are no notes in the folder yet."),
    "page.notes.more": ("还有 {count} 个文件没有列出", "{count} more files are not listed"),
    "page.unlisted": ("这个文件没有读成（{code}）。", "This file could not be read ({code})."),
    "error.question.empty": ("问题是空的。", "The question is empty."),
    "error.question.empty.hint": ("写几个字再发送。", "Write a few words and send them."),
    "error.question.long": (
        "问题太长了：{length} 个字，最多 {most} 个。",
        "The question is too long: {length} characters; {most} is the most.",
    ),
    "error.question.long.hint": ("只留下要问的那一句。", "Keep only what you want to ask."),
    "error.unexpected": ("出了点意外，这一次没有回答成。", "Something went wrong; this one was not answered."),
    "error.unexpected.hint": (
        "再问一次；如果还是这样，运行程序的窗口里有详细原因。",
        "Ask again; if it happens once more, the window that runs the program says why.",
    ),
    # --- answers ----------------------------------------------------------------------------------------------
}


def say(key: str, lang: str, **values: object) -> str:
    """The sentence `key` in `lang` (`zh` or `en`; anything else is English). Raises KeyError for an unknown key."""
    sentence = WORDS[key][0 if lang == "zh" else 1]
    return sentence.format(**values) if values else sentence
