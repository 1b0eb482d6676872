/** Codes of server/kernel: dates, working days, legal clocks, resource codes. */
export const clockMessages = {
  'value.date': {
    zh: '“{value}”不是有效日期，请按 2026-01-31 的格式填写真实存在的日期。',
    en: '“{value}” is not a date. Write an existing date as 2026-01-31.',
  },
  'duty.clock_ended': { zh: '该时限已于 {on} 办结，不能再变更。', en: 'This deadline was closed on {on} and cannot change any more.' },
  'duty.clock_backwards': {
    zh: '日期 {on} 早于此前的办理日期 {since}，请核对。',
    en: 'The date {on} lies before an earlier step on {since}. Check it.',
  },
  'duty.clock_paused': {
    zh: '已退回补正，补正材料收到之前不能再次退回。',
    en: 'Already returned for completion; wait until it comes back.',
  },
  'duty.clock_not_paused': {
    zh: '该事项没有退回补正，无需恢复计时。',
    en: 'This was not returned for completion; there is nothing to resume.',
  },
  'duty.extension_none': { zh: '依规定此类时限不能延长，请按期办理。', en: 'This deadline cannot be extended. Act within it.' },
  'duty.extension_used': {
    zh: '该时限已于 {on} 延长过一次，不能再次延长。',
    en: 'Already extended once, on {on}. It cannot be extended again.',
  },
  'duty.extension_days': {
    zh: '延长天数应为 1 至 {max} 个工作日，请修改。',
    en: 'An extension is 1 to {max} working days. Change the number.',
  },
  'duty.extension_consent': {
    zh: '延长须经数据主管部门同意，请先取得同意并注明。',
    en: 'An extension needs the consent of the data authority. Obtain and name it first.',
  },
  'duty.extension_overdue': {
    zh: '时限已于 {dueOn} 届满，超期后不能申请延长，请尽快办理并说明原因。',
    en: 'The deadline passed on {dueOn}; it can no longer be extended. Act now and give the reason.',
  },
  'duty.calendar_outside_year': {
    zh: '{date} 不属于该年度的放假安排（可含上一年 12 月），请核对。',
    en: '{date} does not belong to this year’s notice (the December before is allowed). Check it.',
  },
  'duty.calendar_twice': {
    zh: '{date} 重复填写，或同时列为放假和上班，请只保留一处。',
    en: '{date} is listed twice, or both off and worked. Keep one.',
  },
  'duty.calendar_make_up_weekday': {
    zh: '{date} 不是周六或周日，不需要列为调休上班日，请核对。',
    en: '{date} is no Saturday or Sunday and needs no making up. Check it.',
  },
  'catalog.resource_code': {
    zh: '信息资源代码“{code}”不符合编制指南：类 1 位、项 2 位、目 3 位、细目可选，“/”后为顺序码。',
    en: '“{code}” is no resource code of the guide: class (1 digit), item (2), topic (3), optional detail, “/”, serial.',
  },
} as const
