import { Readable } from 'node:stream'
import { causeOf, nextSteps, type NextStep } from '#contract/schedule/causes.ts'
import { type NightCounts, turnStates } from '#contract/schedule/schedule.ts'
import { type Ctx, type SheetColumn, writeXlsx } from '../../../store/index.ts'
import { getMorningReport } from './get-morning-report.ts'

const contentType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const text = (header: string): SheetColumn => ({ header, type: 'text' })
const number = (header: string): SheetColumn => ({ header, type: 'number' })
const countHeaders = ['应装载', '成功', '装载中', '等待', '失败', '错过时段', '已取消', '其中超时段']
const countCells = ({ due, succeeded, running, waiting, failed, missed, cancelled, late }: NightCounts) => [
  due,
  succeeded,
  running,
  waiting,
  failed,
  missed,
  cancelled,
  late,
]
const localTime = (instant: string) => new Date(Date.parse(instant) + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')

/** The morning report as a workbook: what is printed and sent to the departments. */
export async function exportMorningReport(ctx: Ctx, query: { night?: string | undefined; orgId?: string | undefined }) {
  const report = await getMorningReport(ctx, query)
  const sheets = [
    {
      name: '问题清单',
      columns: ['责任单位', '责任人', '目录', '数据源', '应装载时间', '结果', '原因', '说明', '下一步', '是否已补装'].map(text),
      rows: report.problems.map(({ turn, cause, detail, owner, step, isSettled }) => [
        owner.org.name,
        owner.person,
        turn.entryName,
        turn.sourceName,
        localTime(turn.dueAt),
        turnStates.states[turn.state].zh,
        causeOf(cause).zh,
        detail,
        nextSteps[step.key as NextStep].zh,
        isSettled ? '是' : '否',
      ]),
    },
    {
      name: '分单位',
      columns: [text('单位'), ...countHeaders.map(number), number('待处理问题')],
      rows: [
        ...report.byOrg.map(({ org, counts, open }) => [org.name, ...countCells(counts), open]),
        ['合计', ...countCells(report.counts), report.open],
      ],
    },
  ]
  return { fileName: `汇聚晨报_${report.night}.xlsx`, contentType, body: Readable.from(writeXlsx(sheets)) }
}
