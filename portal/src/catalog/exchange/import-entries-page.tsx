import { Alert, Button } from 'antd'
import { useState } from 'react'
import { portalPath } from '#contract/portal-paths.ts'
import { type Answer, useDownload, useUpload } from '../../api/index.ts'
import { useSession } from '../../shell/index.ts'
import {
  type Column,
  DataTable,
  FileDrop,
  LinkButton,
  PageHeader,
  ProblemAlert,
  Steps,
  ToneTag,
  useText,
  wholeList,
} from '../../ui/index.ts'
import { exchangeText } from './text.ts'

type Report = Answer<'import_entries'>
type Problem = Report['problems'][number]

export function ImportEntriesPage() {
  const t = useText(exchangeText)
  const { org } = useSession()
  const template = useDownload('get_import_template')
  const download = useDownload('export_entries')
  const [file, setFile] = useState<File | null>(null)
  const [report, setReport] = useState<Report | null>(null)
  const upload = useUpload('import_entries', { invalidates: ['list_my_revisions', 'list_entries'], onDone: setReport })
  const send = (chosen: File, dryRun: boolean) =>
    upload.run({ query: { dryRun: dryRun ? 'true' : 'false', fileName: chosen.name } }, chosen)
  const choose = (chosen: File) => {
    setFile(chosen)
    setReport(null)
    void send(chosen, true)
  }
  const isDone = report !== null && !report.dryRun && blockingOf(report).length === 0
  return (
    <>
      <PageHeader
        title={t.title}
        purpose={t.purpose}
        actions={
          <>
            <Button onClick={() => template.run({})} loading={template.isRunning}>
              {t.template}
            </Button>
            <Button onClick={() => download.run({ query: { orgId: org.id } })} loading={download.isRunning}>
              {t.export}
            </Button>
          </>
        }
      />
      <ProblemAlert error={template.error ?? download.error} />
      <section className="dt-panel">
        <Steps
          current={isDone ? 3 : report ? (blockingOf(report).length > 0 ? 1 : 2) : 0}
          steps={[t.steps.choose, t.steps.check, t.steps.import].map((title) => ({ title, who: t.who }))}
        />
      </section>
      <section className="dt-panel">
        <FileDrop
          hint={t.drop}
          accept=".xlsx"
          onFile={choose}
          chosen={file?.name}
          isRunning={upload.isRunning}
          progress={upload.progress}
        />
        <ProblemAlert error={upload.error} />
      </section>
      {report && <ReportPanel report={report} onImport={() => file && send(file, false)} isRunning={upload.isRunning} />}
    </>
  )
}

const blockingOf = (report: Report) => report.problems.filter(({ blocks }) => blocks)

function ReportPanel({ report, onImport, isRunning }: { report: Report; onImport: () => void; isRunning: boolean }) {
  const t = useText(exchangeText)
  const blocking = blockingOf(report).length
  const changes = report.created + report.updated
  if (!report.dryRun && blocking === 0)
    return (
      <Alert
        type="success"
        showIcon
        title={t.done(report.created, report.updated)}
        action={<LinkButton to={portalPath('my_revisions')}>{t.toDrafts}</LinkButton>}
      />
    )
  const verdict =
    blocking > 0
      ? t.blocked(blocking)
      : changes === 0
        ? t.nothing
        : report.problems.length > 0
          ? t.unblocked(report.problems.length)
          : t.noProblems
  return (
    <section className="dt-panel">
      <h2>{t.result}</h2>
      <div role="status">
        <p>{t.counts(report.entries, report.items)}</p>
        <p>
          <strong>{verdict}</strong>
        </p>
      </div>
      {blocking === 0 && changes > 0 && (
        <>
          <p>{t.effect(report.created, report.updated, report.unchanged)}</p>
          <div className="dt-actions dt-below">
            <Button type="primary" onClick={onImport} loading={isRunning}>
              {t.doImport}
            </Button>
          </div>
        </>
      )}
      {report.problems.length > 0 && <ProblemTable problems={report.problems} />}
    </section>
  )
}

function ProblemTable({ problems }: { problems: Problem[] }) {
  const t = useText(exchangeText)
  const columns: Column<Problem>[] = [
    { key: 'sheet', title: t.sheet, nowrap: true, render: (problem) => problem.sheet },
    { key: 'row', title: t.row, align: 'right', render: (problem) => problem.row },
    { key: 'column', title: t.column, render: (problem) => problem.column },
    { key: 'detail', title: t.problem, width: '50%', render: (problem) => problem.detail },
    {
      key: 'weight',
      title: t.weight,
      nowrap: true,
      render: ({ blocks }) => <ToneTag tone={blocks ? 'bad' : 'warning'}>{blocks ? t.blocks : t.later}</ToneTag>,
    },
  ]
  return (
    <div className="dt-below">
      <DataTable
        label={t.result}
        size="small"
        list={wholeList(problems)}
        columns={columns}
        rowKey={(problem) => `${problem.sheet} ${problem.row} ${problem.column} ${problem.code} ${problem.detail}`}
        empty={{ why: t.noProblems }}
      />
    </div>
  )
}
