/** Messages of the load modes and of the history. */
export const loadModeMessages = {
  'ingestion.mode_unfit': {
    zh: '这种数据源（{source}）不支持所选的汇聚方式，请改选“全量”或其他方式。',
    en: 'A source of this kind ({source}) does not support this mode. Choose another one.',
  },
  'ingestion.key_needed': {
    zh: '增量和比对按主键认行：请在目录中标明主键信息项，并为每个主键匹配字段。',
    en: 'This mode finds rows by their key: mark key items in the entry and map each of them.',
  },
  'ingestion.watermark_unmapped': {
    zh: '增量字段“{column}”没有匹配到信息项，请补充匹配（它的最大值就是下一次的起点）。',
    en: 'The watermark column “{column}” is not mapped. Map it: its newest value is where the next load begins.',
  },
  'ingestion.watermark_type': {
    zh: '增量字段“{column}”应为日期、时间或数值类型，请另选字段或改用“比对”。',
    en: 'The watermark column “{column}” must be a date, a time or a number. Choose another one, or compare.',
  },
  'ingestion.window_needs_time': {
    zh: '增量字段“{column}”不是日期或时间，不能设迟到窗口，请把窗口改为 0。',
    en: 'The watermark column “{column}” is no time, so it has no window. Set the window to 0.',
  },
  'ingestion.source_behind': {
    zh: '来源端最新的增量值是 {newest}，早于已汇聚到的 {watermark}：来源可能是滞后的从库，或恢复了旧备份。本次未生效。请源系统管理员核实；确认无误后请选择“从头重新汇聚”。',
    en: 'The newest value at the source is {newest}, older than {watermark}, which was loaded before: a lagging replica, or a restored backup. Nothing was replaced. Ask its administrator; then load afresh.',
  },
  'ingestion.deletion_limit': {
    zh: '来源端少了 {deleted} 个主键（{percent}%），超过本任务上限 {limit}%，疑似来源数据不全。本次未生效。请核实来源；确属删除的，请调高上限后重新执行。',
    en: '{deleted} keys ({percent}%) are gone from the source, above the limit of {limit}%: it may be incomplete. Nothing was replaced. Check the source, or raise the limit.',
  },
  'ingestion.version_differs': {
    zh: '新版本与读到的数据不一致（应为 {rows} 行），本次未生效，原有数据不受影响。请重新执行；若仍不一致，请告知平台运营员。',
    en: 'The new version does not hold what was read ({rows} rows expected). Nothing was replaced. Run it again.',
  },
  'ingestion.base_moved': {
    zh: '装载期间另一个任务更新了同一目录的数据，稍后自动重试。',
    en: 'Another plan changed the data of this entry meanwhile. It is tried again.',
  },
  'ingestion.plan_changed': { zh: '汇聚任务的方式已修改，请重新执行。', en: 'The mode of the plan has changed. Run it again.' },
  'ingestion.key_twice': { zh: '同一主键出现多行，请核对保留哪一行。', en: 'The key is there more than once. Decide which row is meant.' },
  'ingestion.no_history': {
    zh: '该目录没有保留历史。请把汇聚方式改为“比对”并勾选“保留历史”，从下一次装载起可按时刻查询。',
    en: 'No history is kept for this entry. Load it by comparison and keep its history; from the next load on it can be asked.',
  },
  'ingestion.before_history': {
    zh: '历史从 {since} 开始，请改查之后的时刻。',
    en: 'The history begins at {since}. Ask for a later instant.',
  },
  'ingestion.files_broken': {
    zh: '{count} 个文件都不能装载，本次未生效：{files}。请更正文件或任务的读法后重新执行。',
    en: 'None of the {count} files could be loaded; nothing was replaced: {files}. Correct the files or how they are read.',
  },
  'ingestion.file_broken': {
    zh: '文件不能装载，已跳过，原因见文件清单；更正后下次自动重试。',
    en: 'The file could not be loaded and was left out; see the list of files. It is tried again next time.',
  },
  'ingestion.file_waiting': { zh: '文件仍在写入，下次装载。', en: 'The file is still being written; it is loaded next time.' },
  'ingestion.file_copy': { zh: '内容与已装载的另一个文件相同，未重复装载。', en: 'Its content is loaded under another name already.' },
  'ingestion.file_altered': {
    zh: '文件装载后又被改动，改动未装载。请以新文件名提供更正的数据，或从头重新汇聚。',
    en: 'The file was changed after it was loaded; the change is not loaded. Supply it under a new name, or load afresh.',
  },
  'ingestion.piece_lost': {
    zh: '这些偏移量的消息尚未采集就已被 Kafka 按保留期删除，无法补采。请源系统补发；并延长主题的保留时间（retention.ms），或缩短汇聚间隔。',
    en: 'Kafka deleted the messages of these offsets, by its retention, before they were collected. Ask the source to send them again; keep the topic longer (retention.ms) or load more often.',
  },
} as const
