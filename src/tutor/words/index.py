"""The index and the model."""

WORDS: dict[str, tuple[str, str]] = {
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
    "error.rebuild.vanished": (
        "{count} 篇笔记一下子不见了，现在重建会把它们忘掉，所以没有重建。",
        "{count} {count:note is|notes are} missing all at once; a rebuild would forget {count:it|them}, so nothing was rebuilt.",
    ),
    "error.rebuild.vanished.hint": (
        "先检查笔记文件夹（是否已挂载、同步完成）；确实删掉了，就先说明可以忘掉它们，再重建。",
        "Check the notes folder first (mounted? synchronised?). If you deleted them, say that they may be forgotten, then rebuild.",
    ),
    "error.note.unknown": ("索引中没有笔记 {file}，或它无法读取。", "There is no readable note {file} in the index."),
    "error.note.unknown.hint": (
        "文件名以笔记文件夹为起点，用 / 分隔；运行 tutor index 可看到读不了的文件。",
        "Names start at the notes folder, with /; tutor index lists files that cannot be read.",
    ),
    "error.scope.unknown": ("{path} 不是任何一篇笔记或笔记文件夹。", "{path} is no note and no folder with notes."),
    "error.scope.unknown.hint": (
        "路径以笔记文件夹为起点，用 / 分隔；运行 tutor index 可更新索引。",
        "Paths start at the notes folder, with /; tutor index brings the index up to date.",
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
}
