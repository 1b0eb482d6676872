/** Messages about the structure of sources: surveys of all of it, and its changes. */
export const structureMessages = {
  'ingestion.survey_running': {
    zh: '该数据源正在反向编目，请等它结束或先取消。',
    en: 'A survey of this source is running. Wait or cancel it.',
  },
  'ingestion.survey_table_done': {
    zh: '“{object}”已采纳、已不存在或未能读取，不能采纳。请刷新后重新选择。',
    en: '“{object}” was accepted before, is gone, or could not be read. Reload the list.',
  },
  'ingestion.survey_no_columns': {
    zh: '“{object}”的字段全部被排除，请至少保留一个。',
    en: 'Every column of “{object}” is left out. Keep at least one.',
  },
  'ingestion.survey_unplannable': {
    zh: '目录发布时信息项已改动，未能自动生成汇聚任务，请手工配置。',
    en: 'The entry was changed before it was published. Make its plan by hand.',
  },
  'ingestion.structure_drifted': {
    zh: '来源的结构有变动（{changes}），按任务的策略没有读取，原有数据不受影响。请在汇聚任务的“结构变更”中核对后接受，或请源系统改回。',
    en: 'The source changed its structure ({changes}). Nothing was read. Accept the change on the plan, or have it taken back.',
  },
  'ingestion.structure_moved': {
    zh: '装载期间来源的结构被改动，本次没有写入任何数据。请待源系统改完后重新执行。',
    en: 'The source’s structure was changed during the load. Nothing was replaced. Run it again when the change is complete.',
  },
  'ingestion.drift_unmapped': {
    zh: '接受后必填信息项“{item}”将没有对应字段。请先在汇聚任务中重新对应，再保存。',
    en: 'The required item “{item}” would have no column. Map it on the plan first.',
  },
} as const
