"""The command line."""

WORDS: dict[str, tuple[str, str]] = {
    "selftest.trial": (
        "在空文件夹里试一遍：读、找、答、出卡、复习、撤销、备份",
        "a trial in an empty folder: read, find, answer, review, undo, back up",
    ),
    "selftest.notes": ("你的笔记：每篇的文本都在", "your notes: the text of each is there"),
    "selftest.index": (
        "索引：笔记能用自己的话找到，位置对得上",
        "the index: notes are found by their own words, in their places",
    ),
    "selftest.history": (
        "学习记录：数据库完好，复习记录重放后与日程一致",
        "your history: the database is whole, and the log gives the schedules",
    ),
    "selftest.passed": ("通过  {what}（{detail}）", "passed  {what} ({detail})"),
    "selftest.failed": ("失败  {what}：{detail}", "FAILED  {what}: {detail}"),
    "error.mcp.missing": ("没有安装 mcp 这个包。", "The package mcp is not installed."),
    "error.mcp.missing.hint": (
        '运行 pip install "notes-tutor[mcp]"，再试一次。',
        'Run pip install "notes-tutor[mcp]" and try again.',
    ),
    "cli.understood_as": ("理解为：{question}", "Understood as: {question}"),
    "cli.not_found": ("你的笔记里没有找到答案。", "Your notes do not say."),
    "cli.nearest": ("最接近的标题：", "The nearest headings:"),
    "cli.follow_ups": ("可以接着问：", "You could ask next:"),
    "cli.no_hits": ("没有找到相关的段落。", "No passage found."),
    "cli.no_notes": (
        "{folder} 里还没有笔记：放入 Markdown、纯文本、PDF 等文件，再问一次。",
        "There are no notes in {folder} yet: put Markdown, text, PDF or other files there and ask again.",
    ),
    "cli.page": ("第 {page} 页", "p. {page}"),
    "cli.also_in": ("也见于：{places}", "also in: {places}"),
    "cli.indexed": (
        "共 {files} 个文件，{passages} 个段落（{seconds} 秒）。",
        "{files} {files:file|files}, {passages} {passages:passage|passages} ({seconds} s).",
    ),
    "cli.added": ("新增 {count} 个：", "Added: {count}"),
    "cli.changed": ("更新 {count} 个：", "Changed: {count}"),
    "cli.removed": ("移除 {count} 个：", "Removed: {count}"),
    "cli.moved": ("移动 {count} 个：", "Moved: {count}"),
    "cli.ignored": ("跳过 {count} 个：", "Passed over: {count}"),
    "cli.failed": ("{count} 个文件无法读取：", "Could not be read: {count}"),
    "cli.vanished": (
        "{count} 个笔记一下子不见了，索引还保留着它们。如果是你删的，运行 tutor index --forget；否则检查笔记文件夹（是否已挂载、同步完成）。",
        "{count} {count:note is|notes are} missing all at once; the index still keeps {count:it|them}. If you deleted {count:it|them}, run tutor index --forget; if not, check the notes folder (mounted? synchronised?).",
    ),
    "cli.file_reason": ("{file}：{reason}", "{file}: {reason}"),
    "cli.some_failed": (
        "有 {count} 个文件无法读取；运行 tutor index 查看原因。",
        "{count} {count:file|files} could not be read; `tutor index` says why.",
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
}
