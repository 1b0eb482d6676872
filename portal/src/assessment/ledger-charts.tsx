import { useMemo } from 'react'
import type { Ledger } from '#contract/assessment.ts'
import { Chart, EmptyState, formatCount, useText } from '../ui/index.ts'
import { assessmentText } from './text.ts'

const colors = ['#14519c', '#c77700', '#8a94a3']
const grid = { left: 8, right: 16, top: 40, bottom: 8, containLabel: true }

export function LedgerCharts({ ledger }: { ledger: Ledger }) {
  return (
    <div className="dt-columns dt-columns-last">
      <BySharingType types={ledger.bySharingType} />
      <Loads days={ledger.loadsLast30Days} />
    </div>
  )
}

function BySharingType({ types }: { types: Ledger['bySharingType'] }) {
  const t = useText(assessmentText).ledger
  const named = useMemo(() => types.map(({ value, count }) => ({ name: t.sharingTypes[value] ?? value, value: count })), [types, t])
  const option = useMemo(
    () => ({
      color: colors,
      grid: { ...grid, top: 8 },
      tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
      xAxis: { type: 'value', minInterval: 1 },
      yAxis: { type: 'category', data: named.map(({ name }) => name), inverse: true },
      series: [{ type: 'bar', name: t.count, data: named, colorBy: 'data', barMaxWidth: 34, label: { show: true, position: 'right' } }],
    }),
    [named, t],
  )
  return (
    <section className="dt-panel">
      <Chart
        title={t.bySharing}
        option={option}
        head={[t.sharingType, t.count]}
        rows={named.map(({ name, value }) => [name, formatCount(value)])}
      />
    </section>
  )
}

function Loads({ days }: { days: Ledger['loadsLast30Days'] }) {
  const t = useText(assessmentText).ledger
  const option = useMemo(
    () => ({
      color: ['#1b7a3d', '#b3261e'],
      grid,
      legend: { top: 0, right: 0 },
      tooltip: { trigger: 'axis' },
      xAxis: { type: 'category', data: days.map(({ date }) => date.slice(5)) },
      yAxis: { type: 'value', minInterval: 1 },
      series: [
        { type: 'bar', stack: 'loads', name: t.succeeded, data: days.map(({ succeeded }) => succeeded) },
        { type: 'bar', stack: 'loads', name: t.failed, data: days.map(({ failed }) => failed) },
      ],
    }),
    [days, t],
  )
  if (days.every(({ succeeded, failed }) => succeeded + failed === 0))
    return (
      <section className="dt-panel">
        <h2>{t.loads}</h2>
        <EmptyState why={t.noLoads} todo={t.noLoadsTodo} />
      </section>
    )
  return (
    <section className="dt-panel">
      <Chart
        title={t.loads}
        option={option}
        head={[t.date, t.succeeded, t.failed, t.rows]}
        rows={days.map(({ date, succeeded, failed, rows }) => [date, succeeded, failed, formatCount(rows)])}
      />
    </section>
  )
}
