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
        "可以读 Markdown、纯文本、PDF、网页、Jupyter 笔记本和代码；其他格式请先导出为其中一种。",
        "Markdown, plain text, PDF, web pages, notebooks and code can be read; export other kinds as one of these.",
    ),
    "remark.text.replaced": (
        "有 {count} 个字符无法按 {encoding} 解码，已用 � 代替。把文件另存为 UTF-8 可以避免。",
        "{count} {count:character is|characters are} not valid {encoding} and {count:is|are} shown as �. Saving the file as UTF-8 avoids this.",
    ),
    "error.extra.office": (
        "读 {file} 需要附加组件 office，还没有安装。",
        "Reading {file} needs the extra “office”, which is not installed.",
    ),
    "error.extra.office.hint": (
        '运行 pip install "notes-tutor[office]"，或导出为 PDF、Markdown。',
        'Run pip install "notes-tutor[office]", or export the file as PDF or Markdown.',
    ),
    "error.extra.ocr": (
        "识别 {file} 里的文字需要附加组件 ocr，还没有安装。",
        "Recognising the words in {file} needs the extra “ocr”, which is not installed.",
    ),
    "error.extra.ocr.hint": (
        '运行 pip install "notes-tutor[ocr]"。',
        'Run pip install "notes-tutor[ocr]".',
    ),
    "error.html.nothing": ("网页里没有可读的文字（{file}）。", "There are no words to read on the page ({file})."),
    "error.html.nothing.hint": (
        "网页可能要登录或靠脚本显示；在浏览器里打开后再保存，或打印为 PDF。",
        "It may need a login or scripts; open it in a browser and save it again, or print it as a PDF.",
    ),
    "error.notebook.broken": ("{file} 不是完整的 Jupyter 笔记本。", "{file} is not a whole Jupyter notebook."),
    "error.notebook.broken.hint": (
        "用 Jupyter 打开并重新保存，或导出为 Markdown。",
        "Open it in Jupyter and save it again, or export it as Markdown.",
    ),
    "error.code.generated": (
        "{file} 像是程序生成的代码（每行极长），已跳过。",
        "{file} looks like generated code (its lines are extremely long) and was skipped.",
    ),
    "error.code.generated.hint": ("把手写的源文件放进来。", "Add the source that a person wrote."),
    "error.office.old": (
        "{file} 是旧版 Office 格式，或设有密码。",
        "{file} is in an old Office format or has a password.",
    ),
    "error.office.old.hint": (
        "去掉密码，另存为 .docx、.pptx 或 .xlsx。",
        "Remove the password and save it as .docx, .pptx or .xlsx.",
    ),
    "error.office.broken": ("{file} 已损坏，或内容与扩展名不符。", "{file} is damaged or not what its name says."),
    "error.office.broken.hint": ("用原来的软件打开后重新保存。", "Open it in its program and save it again."),
    "error.office.bomb": (
        "{file} 解压后大得异常，已拒绝。",
        "{file} would unpack to an abnormal size and was refused.",
    ),
    "error.office.bomb.hint": (
        "如果来源可靠，导出为 PDF 再放进来。",
        "If you trust where it is from, export it as a PDF and add that.",
    ),
    "error.office.nothing": ("{file} 里没有文字。", "There are no words in {file}."),
    "error.office.nothing.hint": (
        "如果内容都是图片，导出为 PDF 并做文字识别（OCR）。",
        "If it is all pictures, export it as a PDF and run text recognition (OCR).",
    ),
    "error.ocr.picture": ("图片打不开或太大（{file}）。", "The picture cannot be opened or is too large ({file})."),
    "error.ocr.picture.hint": ("重新导出，或缩小后再放进来。", "Export it again or make it smaller."),
    "error.convert.limit": (
        "读取 {file} 超出了时间或内存上限，已停止。",
        "Reading {file} took too much time or memory and was stopped.",
    ),
    "error.convert.limit.hint": (
        "拆小，或导出为 Markdown 或 PDF 再试。",
        "Make it smaller, or export it as Markdown or PDF.",
    ),
    "error.convert.broken": ("{file} 读不出来（{problem}）。", "{file} cannot be read ({problem})."),
    "error.convert.broken.hint": (
        "用原来的软件打开后重新保存，或导出为 PDF。",
        "Open it in its program and save it again, or export it as a PDF.",
    ),
    "remark.ocr.read": (
        "文字由图片识别得到，可能有错字。",
        "The words were recognised from a picture and may hold errors.",
    ),
    "remark.ocr.nothing": ("图片里没有认出文字。", "No words were recognised in the picture."),
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
        "The PDF has no text layer: {pages} {pages:page|pages}, 0 characters ({file}); it is probably a scan.",
    ),
    "error.pdf.no_text.hint": (
        '运行 pip install "notes-tutor[ocr]" 让 tutor 识别文字；或先用文字识别（OCR）软件处理，再放进来。',
        'Run pip install "notes-tutor[ocr]" so that tutor recognises the words, or run text recognition (OCR) on it yourself.',
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
    "remark.pdf.pages_beyond": (
        "共 {total} 页，只读了前 {limit} 页；拆成几个文件就能读全。",
        "Only the first {limit} of {total} {total:page|pages} are read; split the file to have all of it.",
    ),
    "remark.pdf.pages_lost": (
        "共 {total} 页，有 {count} 页没有读出来：第 {pages} 页。",
        "{count} of {total} {total:page|pages} could not be read: {pages}.",
    ),
    "remark.pdf.pages_cut": (
        "有 {count} 页太长，只读了开头：第 {pages} 页。",
        "{count} {count:page is|pages are} too long; only {count:its|their} beginning was read: {pages}.",
    ),
    "remark.pdf.pages_scanned": (
        "有 {count} 页只有图片，没有文字：第 {pages} 页。",
        "{count} {count:page is a picture|pages are pictures} without text: {pages}.",
    ),
    "remark.pdf.pages_recognised": (
        "有 {count} 页的文字由图片识别得到，可能有错字：第 {pages} 页。",
        "The words of {count} {count:page|pages} were recognised from pictures and may hold errors: {pages}.",
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
    "ignored.extra.office": (
        '读 Word、PowerPoint、Excel 和 EPUB 需要先安装：pip install "notes-tutor[office]"',
        'Word, PowerPoint, Excel and EPUB need: pip install "notes-tutor[office]"',
    ),
    "ignored.extra.ocr": (
        '识别图片里的文字需要先安装：pip install "notes-tutor[ocr]"',
        'recognising words in pictures needs: pip install "notes-tutor[ocr]"',
    ),
    "ignored.link.broken": ("链接指向的文件不存在", "a link to nothing"),
    "ignored.link.folder": ("指向文件夹的链接，不跟随", "a link to a folder, which is not followed"),
    "ignored.link.outside": (
        "链接指向笔记文件夹之外，不读取",
        "a link to a place outside the notes' folder, which is not read",
    ),
    "ignored.special": ("不是普通文件（管道、设备等）", "not an ordinary file (a pipe, a device …)"),
}
