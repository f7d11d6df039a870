"""The learner's own records: conversations, backups."""

WORDS: dict[str, tuple[str, str]] = {
    "error.progress.busy": (
        "另一个 tutor 正在写学习记录（{folder}）。",
        "Another tutor is writing your progress ({folder}).",
    ),
    "error.progress.busy.hint": ("稍等片刻再试。", "Try again in a moment."),
    "error.progress.damaged": ("学习记录已损坏：{file}。", "Your progress is damaged: {file}."),
    "error.progress.damaged.hint": (
        "损坏的文件没有被改动。运行 tutor restore {backup} 可恢复到最近的备份。",
        "The damaged file has not been touched. tutor restore {backup} brings back the newest backup.",
    ),
    "error.progress.damaged.no_backup": (
        "学习记录已损坏：{file}，而且还没有备份。",
        "Your progress is damaged: {file}, and there is no backup yet.",
    ),
    "error.progress.damaged.no_backup.hint": (
        "损坏的文件没有被改动。如果别处有副本，运行 tutor restore 副本路径；否则把它改名，重新开始记录。",
        "The damaged file has not been touched. If you have a copy, run tutor restore COPY; otherwise rename it and begin anew.",
    ),
    "error.progress.newer": (
        "学习记录是由更新版本的 tutor 写的（步骤 {step}）。",
        "Your progress was written by a newer version of tutor (step {step}).",
    ),
    "error.progress.newer.hint": (
        "请升级 tutor；文件没有被改动。",
        "Upgrade tutor; the file has not been touched.",
    ),
    "error.progress.missing": (
        "找不到学习记录 {file}，但它的备份还在。",
        "Your progress {file} is gone, but its backups are there.",
    ),
    "error.progress.missing.hint": (
        "运行 tutor restore {backup} 可恢复；想从头开始，就把 backups 文件夹移到别处。",
        "tutor restore {backup} brings it back; to begin anew, move the folder backups elsewhere.",
    ),
    "error.progress.gone": (
        "学习记录 {file} 在使用中被删除或移走了。",
        "Your progress {file} was deleted or moved while in use.",
    ),
    "error.progress.gone.hint": (
        "把文件放回去，或用 tutor restore 恢复备份。",
        "Put the file back, or bring back a backup with tutor restore.",
    ),
    "error.progress.foreign": (
        "{file} 不是 tutor 的学习记录。",
        "{file} is not tutor's database of your progress.",
    ),
    "error.progress.foreign.hint": (
        "把它移到别处，或用 --progress 指定另一个文件夹。",
        "Move it elsewhere, or name another folder with --progress.",
    ),
    "error.progress.full": (
        "磁盘已满，学习记录没有写入（{folder}）。",
        "The disk is full; your progress was not written ({folder}).",
    ),
    "error.progress.full.hint": (
        "清理磁盘后再试；之前的记录都还在。",
        "Free some space and try again; everything before is still there.",
    ),
    "error.progress.readonly": (
        "没有写入学习记录文件夹的权限（{folder}）。",
        "The folder of your progress cannot be written ({folder}).",
    ),
    "error.progress.readonly.hint": (
        "检查文件夹权限，或用 --progress 指定另一个文件夹。",
        "Check the folder's permissions, or name another one with --progress.",
    ),
    "error.progress.disk": (
        "读写学习记录时磁盘出错（{folder}）：{problem}",
        "The disk failed while using your progress ({folder}): {problem}",
    ),
    "error.progress.disk.hint": (
        "检查磁盘，或用 --progress 指定另一个文件夹。",
        "Check the disk, or name another folder with --progress.",
    ),
    "error.backup.exists": ("{file} 已经存在。", "{file} exists already."),
    "error.backup.exists.hint": (
        "换一个文件名；备份从不覆盖已有的文件。",
        "Give another name; a backup never overwrites a file.",
    ),
    "error.backup.missing": ("找不到备份 {file}。", "There is no backup {file}."),
    "error.backup.missing.hint": (
        "备份在学习记录文件夹的 backups 中。",
        "Backups lie in the folder backups of your progress.",
    ),
    "error.backup.unusable": (
        "{file} 不是完好的 tutor 备份。",
        "{file} is not a whole backup of tutor's.",
    ),
    "error.backup.unusable.hint": (
        "换一个备份；现有的学习记录没有改动。",
        "Take another backup; your progress is as it was.",
    ),
    "error.conversation.unknown": ("没有对话 {conversation}。", "There is no conversation {conversation}."),
    "error.conversation.unknown.hint": (
        "运行 tutor conversations 查看所有对话。",
        "tutor conversations lists them all.",
    ),
    "export.untitled": ("未命名的对话", "A conversation without a title"),
    "export.asked_on": ("开始于 {when}", "Begun on {when}"),
    "export.understood_as": ("理解为：{question}", "Understood as: {question}"),
    "export.not_found": ("笔记里没有找到答案。", "The notes did not say."),
    "export.page": ("第 {page} 页", "p. {page}"),
    "export.no_conversations": ("还没有对话。", "There are no conversations yet."),
    "export.done": ("已写入 {file}。", "Written to {file}."),
    "error.export.exists": ("{file} 已经存在。", "{file} exists already."),
    "error.export.exists.hint": (
        "换一个文件名；导出从不覆盖已有的文件。",
        "Give another name; an export never overwrites a file.",
    ),
    "error.export.unwritable": ("无法写入 {file}：{problem}。", "{file} cannot be written: {problem}."),
    "error.export.unwritable.hint": (
        "换一个文件夹，或检查权限和磁盘。",
        "Take another folder, or check permissions and disk.",
    ),
    "learner.conversation": ("{id}  {when}  {turns} 问  {title}", "{id}  {when}  {turns} asked  {title}"),
    "learner.no_conversations": ("没有找到对话。", "No conversation found."),
    "learner.more": (
        "共 {total} 个，只列出 {shown} 个；--limit 可多列。",
        "{shown} of {total} shown; --limit shows more.",
    ),
    "learner.renamed": ("已改名：{title}", "Renamed: {title}"),
    "learner.deleted": ("已删除：{title}", "Deleted: {title}"),
    "learner.continued": ("继续上次的对话：{title}", "Going on with: {title}"),
    "learner.not_kept": ("下面的对话不会保存。", "What follows is not kept."),
    "learner.backed_up": ("已备份到 {file}。", "Backed up to {file}."),
    "learner.restored": ("已从 {file} 恢复。", "Restored from {file}."),
    "learner.before": ("恢复前的记录备份在 {file}。", "What was there before is backed up in {file}."),
    "learner.aside": ("损坏的文件改名为 {file}，没有删除。", "The damaged file was renamed to {file}, not deleted."),
}
