import { Button } from 'antd'
import { Link } from 'react-router'
import { type MorningReport, type NightProblem, turnStates } from '#contract/schedule/schedule.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { useDownload, useRoute } from '../../api/index.ts'
import { useSession } from '../../shell/index.ts'
import {
  type Column,
  DataTable,
  EmptyState,
  formatCount,
  formatInstant,
  LinkButton,
  Loaded,
  PageHeader,
  ProblemAlert,
  StateTag,
  ToneTag,
  useFilters,
  useText,
  wholeList,
} from '../../ui/index.ts'
import { NightCounts } from './night-counts.tsx'
import { NightFilters } from './night-filters.tsx'
import { scheduleText } from './text.ts'

/** 晨报: what became of the night, and what is to be done by whom. */
export function MorningPage() {
  const t = useText(scheduleText).morning
  const [{ night, orgId }, setFilters, clear] = useFilters('night', 'orgId')
  const { org } = useSession()
  const query = useRoute('get_morning_report', { query: { night, orgId } }, { keepPrevious: true })
  const download = useDownload('export_morning_report')
  const report = query.data
  const isOverseer = org.kind === 'bureau' || org.kind === 'operating_center'
  return (
    <>
      <PageHeader
        title={t.title}
        purpose={report ? t.purpose(formatInstant(report.from), formatInstant(report.until)) : ''}
        actions={
          <>
            <LinkButton to={portalPath('turns', { night, orgId })}>{t.toTurns}</LinkButton>
            <Button loading={download.isRunning} onClick={() => download.run({ query: { night, orgId } })}>
              {t.export}
            </Button>
            <Button onClick={() => window.print()}>{t.print}</Button>
          </>
        }
      />
      <NightFilters
        night={report?.night ?? night}
        orgId={orgId}
        isOverseer={isOverseer}
        onChange={setFilters}
        onClear={night || orgId ? clear : undefined}
      />
      <ProblemAlert error={download.error} />
      <Loaded query={query}>{(found) => <Report report={found} orgId={orgId} />}</Loaded>
    </>
  )
}

function Report({ report, orgId }: { report: MorningReport; orgId: string | undefined }) {
  const { morning: t } = useText(scheduleText)
  if (report.counts.due === 0)
    return (
      <section className="dt-panel">
        <EmptyState why={t.nothingDue} />
      </section>
    )
  return (
    <>
      <NightCounts counts={report.counts} night={report.night} orgId={orgId} />
      <section aria-labelledby="morning-problems">
        <h2 id="morning-problems" className="dt-section-title">
          {t.problems}
        </h2>
        <ProblemTable problems={report.problems} />
      </section>
      {report.byOrg.length > 1 && <OrgTable report={report} />}
    </>
  )
}

function ProblemTable({ problems }: { problems: NightProblem[] }) {
  const { morning: t, causeOf, stepOf } = useText(scheduleText)
  const columns: Column<NightProblem>[] = [
    {
      key: 'matter',
      title: t.matter,
      render: ({ turn }) => (
        <>
          <Link to={portalPath('plan', { planId: turn.planId })}>{turn.entryName}</Link>
          <span className="dt-muted dt-choice-help">{turn.sourceName}</span>
        </>
      ),
    },
    {
      key: 'cause',
      title: t.cause,
      render: ({ turn, cause, detail }) => (
        <>
          <span className="dt-row">
            <StateTag table={turnStates} state={turn.state} />
            <strong>{causeOf(cause)}</strong>
          </span>
          <span className="dt-muted dt-choice-help">{detail}</span>
          {turn.load && <Link to={portalPath('load', { loadId: turn.load.id })}>{t.details}</Link>}
        </>
      ),
    },
    {
      key: 'owner',
      title: t.owner,
      render: ({ owner }) => (
        <>
          {owner.org.name}
          <span className="dt-muted dt-choice-help">{owner.person || t.noPerson}</span>
        </>
      ),
    },
    {
      key: 'next',
      title: t.next,
      render: ({ step, isSettled }) =>
        isSettled ? (
          <ToneTag tone="good">{t.settled}</ToneTag>
        ) : (
          <>
            {stepOf(step.key)}
            <div className="dt-no-print">
              <LinkButton to={step.link}>{t.go}</LinkButton>
            </div>
          </>
        ),
    },
  ]
  return (
    <DataTable label={t.problems} list={wholeList(problems)} columns={columns} rowKey={({ turn }) => turn.id} empty={{ why: t.allGood }} />
  )
}

type OrgLine = MorningReport['byOrg'][number]

function OrgTable({ report }: { report: MorningReport }) {
  const { morning: t, counts: words } = useText(scheduleText)
  const number = (key: keyof typeof words): Column<OrgLine> => ({
    key,
    title: words[key],
    align: 'right',
    render: ({ counts }) => formatCount(counts[key]),
    sort: (one, other) => one.counts[key] - other.counts[key],
  })
  const columns: Column<OrgLine>[] = [
    {
      key: 'org',
      title: t.org,
      render: ({ org }) => <Link to={portalPath('turns', { night: report.night, orgId: org.id })}>{org.name}</Link>,
    },
    ...(['due', 'succeeded', 'failed', 'missed', 'waiting', 'late'] as const).map(number),
    { key: 'open', title: t.open, align: 'right', render: ({ open }) => formatCount(open), sort: (one, other) => one.open - other.open },
  ]
  return (
    <section aria-labelledby="morning-orgs">
      <h2 id="morning-orgs" className="dt-section-title">
        {t.byOrg}
      </h2>
      <DataTable
        label={t.byOrg}
        size="small"
        list={wholeList(report.byOrg)}
        columns={columns}
        rowKey={({ org }) => org.id}
        empty={{ why: t.nothingDue }}
      />
    </section>
  )
}
