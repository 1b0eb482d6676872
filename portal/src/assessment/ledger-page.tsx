import { Button } from 'antd'
import type { Ledger } from '#contract/assessment.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { useDownload, useRoute } from '../api/index.ts'
import { formatInstant, formatShare, Loaded, NumberCard, PageHeader, ProblemAlert, useText } from '../ui/index.ts'
import { DueThisWeek } from './due-this-week.tsx'
import { LedgerCharts } from './ledger-charts.tsx'
import { ProviderTable } from './provider-table.tsx'
import { assessmentText } from './text.ts'

/** 一本账: the home page of most. */
export function LedgerPage() {
  const t = useText(assessmentText).ledger
  const query = useRoute('get_ledger', {})
  const download = useDownload('export_ledger')
  return (
    <>
      <PageHeader
        title={t.title}
        purpose={
          <>
            {t.purpose} {query.data && t.asOf(formatInstant(query.data.asOf))}
          </>
        }
        actions={
          <>
            <Button loading={download.isRunning} onClick={() => download.run({})}>
              {t.export}
            </Button>
            <Button onClick={() => window.print()}>{t.print}</Button>
          </>
        }
      />
      <ProblemAlert error={download.error} />
      <Loaded query={query}>{(ledger) => <LedgerContent ledger={ledger} />}</Loaded>
    </>
  )
}

function LedgerContent({ ledger }: { ledger: Ledger }) {
  const t = useText(assessmentText).ledger
  return (
    <>
      <div className="dt-numbers">
        {ledger.numbers.map(({ key, value, link }) => (
          <NumberCard key={key} label={t.numbers[key] ?? key} value={value} link={link} />
        ))}
        <Rate label={t.fulfilment} note={t.fulfilmentNote} rate={ledger.fulfilment} />
        <Rate label={t.onTime} note={t.onTimeNote} rate={ledger.onTime} />
      </div>
      <section aria-labelledby="ledger-problems">
        <h2 id="ledger-problems" className="dt-section-title">
          {t.problems}
        </h2>
        <div className="dt-numbers">
          {ledger.problems.map(({ key, value, link }) => (
            <NumberCard key={key} label={t.problemWords[key] ?? key} value={value} link={link} tone={value === 0 ? 'good' : 'warning'} />
          ))}
        </div>
      </section>
      <DueThisWeek clocks={ledger.clocksThisWeek} />
      <LedgerCharts ledger={ledger} />
      <ProviderTable providers={ledger.byProvider} />
    </>
  )
}

function Rate({ label, note, rate }: { label: string; note: string; rate: number | null }) {
  const t = useText(assessmentText).ledger
  return (
    <NumberCard
      label={label}
      value={null}
      words={formatShare(rate)}
      note={rate === null ? t.noneYet : note}
      link={portalPath('requests')}
    />
  )
}
