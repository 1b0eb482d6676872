/** Messages of the schedule: how one is set, and what became of a turn. */
export const scheduleMessages = {
  'ingestion.schedule_stream': {
    zh: '变更流任务持续接收变更，不需要设置调度。',
    en: 'A change stream runs all the time; it has no schedule.',
  },
  'ingestion.schedule_month': {
    zh: '这个周期只有 {months} 个月，请填写 1 至 {months}。',
    en: 'This cycle has {months} months only: give 1 to {months}.',
  },
  'ingestion.schedule_after_unknown': {
    zh: '前置任务不存在或不属于本单位，请重新选择。',
    en: 'No such plan of your organisation. Choose again.',
  },
  'ingestion.schedule_circle': {
    zh: '“{plan}”本身要等这个任务，互相等待会都不执行。请去掉其中一个前置任务。',
    en: '“{plan}” waits for this plan itself: both would wait for ever. Remove one of the two.',
  },
  'ingestion.not_scheduled': { zh: '该任务还没有设置调度，请先设置再补跑。', en: 'The plan has no schedule. Set one first.' },
  'ingestion.backfill_span': {
    zh: '补跑的时间段内没有已过的班次，或超过 {limit} 个。请调整起止日期。',
    en: 'The span holds no turn of the past, or more than {limit}. Change the dates.',
  },
  'ingestion.turn_missed': {
    zh: '时段结束前没有轮到装载，现有数据不变。可手动装载，或放宽时段、提高优先级。',
    en: 'The window closed before its turn. Load by hand, widen the window or raise the priority.',
  },
  'ingestion.turn_blocked': {
    zh: '前置任务到时段结束仍未成功，本次没有执行，现有数据不变。',
    en: 'The plans before it did not succeed within the window; nothing was loaded.',
  },
  'ingestion.turn_cancelled': { zh: '这一班被人工取消，现有数据不变。', en: 'This turn was cancelled by hand; the present data stay.' },
  'ingestion.turn_late': { zh: '这一班超过时段仍未结束。', en: 'This turn has not ended within its window.' },
  'ingestion.rows_gone': {
    zh: '本次 {written} 行，比现有的 {live} 行少 {percent}%，超过本任务上限 {limit}%。为免误删，夜间自动装载未生效，现有数据不变。核实无误后由责任人手动装载。',
    en: '{written} rows, {percent}% fewer than the {live} in effect; the limit is {limit}%. An unattended load does not do that: if it is right, load by hand.',
  },
} as const
