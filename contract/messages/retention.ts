/** Messages of storage life and destruction. Each says what to do. */
export const retentionMessages = {
  'ingestion.retention_item': {
    zh: '“{item}”不是本目录的日期类信息项，请从目录的日期或时间信息项中选择。',
    en: '{item} is no date or time item of this entry. Choose one of those.',
  },
  'ingestion.destruction_not_withdrawn': {
    zh: '只有已下架的目录才能销毁全部数据，请先办理目录下架。',
    en: 'All data of an entry are destroyed only after it was withdrawn. Withdraw the entry first.',
  },
  'ingestion.destruction_no_limit': {
    zh: '请先为本目录规定保存期限，并指定判断时间的日期信息项。',
    en: 'First decide how long this entry’s records are kept, and by which date item.',
  },
  'ingestion.destruction_nothing': { zh: '没有可以销毁的数据，无需提出。', en: 'There is nothing to destroy.' },
  'ingestion.destruction_open': {
    zh: '本目录已有一项未办结的数据销毁，请先办结。',
    en: 'This entry has an open destruction. Settle that one first.',
  },
  'ingestion.destruction_self': {
    zh: '提出人不能审批自己提出的数据销毁，请由本机构另一名首席数据官审批。',
    en: 'Who proposes a destruction cannot approve it. Another chief data officer of your organisation decides.',
  },
  'ingestion.destruction_busy': {
    zh: '本目录正在装载数据，装载结束后将自动销毁。',
    en: 'This entry is being loaded; its data are destroyed after the load.',
  },
} as const
