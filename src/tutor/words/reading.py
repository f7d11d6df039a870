"""Files that cannot be read, and what a reader remarks."""

WORDS: dict[str, tuple[str, str]] = {
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
}
