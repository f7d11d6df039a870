"""Every sentence that the learner sees, in Chinese and English. One table; a test finds gaps."""

from __future__ import annotations

LANGUAGES = ("zh", "en")

# key: (Chinese, English). Values in braces are filled in by `say`.
WORDS: dict[str, tuple[str, str]] = {
    # --- errors: reading (text) -------------------------------------------------------------------------------
    "error.file.empty": ("文件是空的（{file}）。", "The file is empty ({file})."),
    "error.file.empty.hint": ("写入内容后会自动重新读取。", "Add text to it; it is read again by itself."),
    "error.file.binary": ("{file} 不是文本文件。", "{file} is not text."),
    "error.file.binary.hint": (
        "如果它是图片、压缩包或程序，请移出笔记文件夹；如果是文档，请导出为 PDF、Markdown 或纯文本。",
        "Move it out of the notes if it is a picture, an archive or a program; save it as PDF, Markdown or plain text if it is a document.",
    ),
    "error.file.encoding": ("看不出 {file} 用的是哪种文字编码。", "The encoding of {file} cannot be told."),
    "error.file.encoding.hint": (
        "在编辑器里另存为 UTF-8。",
        "Save it as UTF-8 in your editor.",
    ),
    "error.file.unexpected": ("读取 {file} 时出了意外：{problem}。", "Reading {file} went wrong: {problem}."),
    "error.file.unexpected.hint": (
        "其他笔记不受影响。这是程序的错误，请把这条信息报告给开发者。",
        "The other notes are not affected. This is a bug; please report this message.",
    ),
    "error.file.too_large": ("{file} 太大（上限 {limit}）。", "{file} is too large (the limit is {limit})."),
    "error.file.too_large.hint": ("拆成几个小文件。", "Split it into smaller files."),
    "error.file.unknown": ("{file} 的类型读不了。", "Files like {file} cannot be read."),
    "error.file.unknown.hint": (
        "可以读 Markdown（.md）、纯文本（.txt）和 PDF；其他格式请先导出为其中一种。",
        "Markdown (.md), plain text (.txt) and PDF can be read; export other kinds as one of these.",
    ),
    "remark.text.replaced": (
        "有 {count} 个字符无法按 {encoding} 解码，已用 � 代替。把文件另存为 UTF-8 可以避免。",
        "{count} characters are not valid {encoding} and are shown as �. Saving the file as UTF-8 avoids this.",
    ),
    # --- errors: reading (pdf) --------------------------------------------------------------------------------
    "error.pdf.not_pdf": ("{file} 名为 PDF，内容却不是 PDF。", "{file} is called a PDF but is not one."),
    "error.pdf.not_pdf.hint": (
        "可能是网页或压缩包改了名，或没有下载完。重新下载，或改回原来的扩展名。",
        "It may be a renamed web page or archive, or a failed download. Download it again, or give it its own extension.",
    ),
    "error.pdf.truncated": ("PDF 不完整（{file}）。", "The PDF is not complete ({file})."),
    "error.pdf.truncated.hint": ("重新下载或重新导出。", "Download or export it again."),
    "error.pdf.broken": ("PDF 已损坏，读不出来（{file}）。", "The PDF is damaged and cannot be read ({file})."),
    "error.pdf.broken.hint": (
        "用 PDF 阅读器打开并“另存为”或“打印为 PDF”，往往能修好。",
        "Opening it in a PDF viewer and saving or printing it as a PDF again often repairs it.",
    ),
    "error.pdf.no_pages": ("PDF 里没有页面（{file}）。", "The PDF has no pages ({file})."),
    "error.pdf.no_pages.hint": ("重新导出。", "Export it again."),
    "error.pdf.no_text": (
        "PDF 没有文字层：{pages} 页，0 个字符（{file}），多半是扫描件。",
        "The PDF has no text layer: {pages} pages, 0 characters ({file}); it is probably a scan.",
    ),
    "error.pdf.no_text.hint": (
        "先用文字识别（OCR）软件处理，再把得到的 PDF 或文本放进来。",
        "Run it through text recognition (OCR) and add the PDF or text that comes out.",
    ),
    "error.pdf.encrypted": (
        "PDF 有打开密码，已跳过（{file}）。",
        "The PDF asks for a password and was skipped ({file}).",
    ),
    "error.pdf.encrypted.hint": (
        "去掉密码后另存一份放进来。",
        "Save a copy without the password and add that.",
    ),
    "error.pdf.garbled": (
        "PDF 的字体没有文字对照表，取出的全是乱码（{file}）。",
        "The fonts of the PDF do not say what their characters are; the text comes out as nonsense ({file}).",
    ),
    "error.pdf.garbled.hint": (
        "用原来的软件重新导出，或先做文字识别（OCR）。",
        "Export it again from the program it came from, or run text recognition (OCR) on it.",
    ),
    "error.pdf.limit": (
        "读取 PDF 超出了时间或内存上限，已停止（{file}）。",
        "Reading the PDF took too much time or memory and was stopped ({file}).",
    ),
    "error.pdf.limit.hint": (
        "如果来源可靠，用 PDF 阅读器“打印为 PDF”后再试。",
        "If you trust where it is from, print it to a new PDF from a PDF viewer and try that.",
    ),
    "error.pdf.too_many_pages": (
        "PDF 有 {pages} 页，超过上限 {limit} 页（{file}）。",
        "The PDF has {pages} pages, more than the limit of {limit} ({file}).",
    ),
    "error.pdf.too_many_pages.hint": ("拆成几个文件。", "Split it into several files."),
    "remark.pdf.pages_lost": (
        "共 {total} 页，有 {count} 页没有读出来：第 {pages} 页。",
        "{count} of {total} pages could not be read: {pages}.",
    ),
    "remark.pdf.pages_cut": (
        "有 {count} 页太长，只读了开头：第 {pages} 页。",
        "{count} pages are too long; only their beginning was read: {pages}.",
    ),
    "remark.pdf.pages_scanned": (
        "有 {count} 页只有图片，没有文字：第 {pages} 页。",
        "{count} pages are pictures without text: {pages}.",
    ),
    # --- errors: library --------------------------------------------------------------------------------------
    "error.file.gone": ("{file} 已不在笔记文件夹里。", "{file} is no longer among the notes."),
    "error.file.gone.hint": (
        "如果是刚移动或改名，稍后会自动更新。",
        "If you moved or renamed it, it will be found again by itself.",
    ),
    "error.file.denied": ("没有权限读取 {file}。", "There is no permission to read {file}."),
    "error.file.denied.hint": (
        "修改文件权限，让自己可以读取它。",
        "Change the file's permissions so that you can read it.",
    ),
    "error.file.unreadable": ("读取 {file} 出错：{problem}。", "{file} cannot be read: {problem}."),
    "error.file.unreadable.hint": (
        "检查磁盘或网络盘，稍后再试。",
        "Check the disk or network drive and try again.",
    ),
    "error.file.outside": ("{file} 在笔记文件夹之外。", "{file} lies outside the notes' folder."),
    "error.file.outside.hint": ("把文件复制到笔记文件夹里。", "Copy the file into the notes' folder."),
    "error.file.special": ("{file} 不是普通文件。", "{file} is not an ordinary file."),
    "error.file.special.hint": ("把它移出笔记文件夹。", "Move it out of the notes' folder."),
    "error.folder.unreadable": ("打不开文件夹 {file}：{problem}。", "The folder {file} cannot be opened: {problem}."),
    "error.folder.unreadable.hint": (
        "检查文件夹是否存在、是否有读取权限。",
        "Check that it is there and that you may read it.",
    ),
    "ignored.unknown": ("不是笔记的文件类型", "not a kind of file that notes are kept in"),
    "ignored.later": (
        "这种格式还读不了；请导出为 PDF、Markdown 或纯文本",
        "this kind is not read yet; export it as PDF, Markdown or plain text",
    ),
    "ignored.link.broken": ("链接指向的文件不存在", "a link to nothing"),
    "ignored.link.folder": ("指向文件夹的链接，不跟随", "a link to a folder, which is not followed"),
    "ignored.link.outside": (
        "链接指向笔记文件夹之外，不读取",
        "a link to a place outside the notes' folder, which is not read",
    ),
    "ignored.special": ("不是普通文件（管道、设备等）", "not an ordinary file (a pipe, a device …)"),
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
    "error.note.unknown": ("索引中没有笔记 {file}，或它无法读取。", "There is no readable note {file} in the index."),
    "error.note.unknown.hint": (
        "文件名以笔记文件夹为起点，用 / 分隔；运行 tutor index 可看到读不了的文件。",
        "Names start at the notes folder, with /; tutor index lists files that cannot be read.",
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
    "page.waiting": ("{loading}，读完马上回答", "{loading}; the answer follows at once"),
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
