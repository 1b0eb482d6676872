import { Readable } from 'node:stream'
import { ledgerNumbers, ledgerProblems } from '#contract/assessment.ts'
import { sharingTypes } from '#contract/catalog.ts'
import { clockRules } from '#contract/duty.ts'
import { toLocalDate } from '../kernel/working-days.ts'
import { type Ctx, type SheetColumn, writeXlsx } from '../store/index.ts'
import { getLedger } from './get-ledger.ts'

const contentType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const text = (header: string): SheetColumn => ({ header, type: 'text' })
const number = (header: string): SheetColumn => ({ header, type: 'number' })

/** The ledger as a workbook: what a report is written from. */
export async function exportLedger(ctx: Ctx) {
  const ledger = await getLedger(ctx)
  const names: Record<string, { zh: string }> = { ...ledgerNumbers, ...ledgerProblems }
  const share = (value: number | null) => (value === null ? null : Math.round(value * 10_000) / 100)
  const sheets = [
    {
      name: '总账',
      columns: [text('指标'), number('数值')],
      rows: [
        ...[...ledger.numbers, ...ledger.problems].map(({ key, value }) => [names[key]!.zh, value]),
        ['申请满足率（%）', share(ledger.fulfilment)],
        ['按期答复率（%）', share(ledger.onTime)],
        ...ledger.bySharingType.map(({ value, count }) => [`目录：${sharingTypes[value as keyof typeof sharingTypes] ?? value}`, count]),
      ],
    },
    {
      name: '分部门',
      columns: [text('提供部门'), ...['业务系统', '目录', '已挂接数据的目录', '数据条数', '收到申请', '超期事项'].map(number)],
      rows: ledger.byProvider.map((row) => [
        row.org.name,
        row.systems,
        row.entries,
        row.entriesWithData,
        row.rows,
        row.requestsReceived,
        row.overdue,
      ]),
    },
    {
      name: '本周到期',
      columns: [text('事项'), text('时限'), text('责任机构'), { header: '到期日', type: 'date' as const }, number('剩余工作日')],
      rows: ledger.clocksThisWeek.map((clock) => [
        clock.objectName,
        clockRules[clock.rule],
        clock.owner.name,
        clock.dueOn,
        clock.remainingDays,
      ]),
    },
    {
      name: '近30日装载',
      columns: [{ header: '日期', type: 'date' as const }, number('成功'), number('失败'), number('行数')],
      rows: ledger.loadsLast30Days.map((day) => [day.date, day.succeeded, day.failed, day.rows]),
    },
  ]
  return { fileName: `数据资源台账_${toLocalDate(ctx.now())}.xlsx`, contentType, body: Readable.from(writeXlsx(sheets)) }
}
