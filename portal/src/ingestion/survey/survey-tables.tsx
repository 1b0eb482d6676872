import { Button, Checkbox, Input } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import type { Survey, SurveyTable } from '#contract/ingestion/survey.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { useAction, useSeekList } from '../../api/index.ts'
import { type Column, DataTable, formatCount, ProblemAlert, ToneTag, useText } from '../../ui/index.ts'
import { type Correction, noCorrection, ProfileDrawer } from './profile-drawer.tsx'
import { surveyText } from './text.ts'

type Chosen = Record<string, Correction>

/** The proposed entries: chosen, corrected, and accepted together. */
export function SurveyTables({ survey }: { survey: Survey }) {
  const t = useText(surveyText)
  const list = useSeekList('list_survey_tables', { params: { surveyId: survey.id } })
  const [chosen, setChosen] = useState<Chosen>({})
  const [shown, show] = useState<string | null>(null)
  const accept = useAction('accept_survey_tables', {
    invalidates: ['list_survey_tables', 'list_entries', 'get_my_work'],
    onDone: () => setChosen({}),
  })
  const change = (object: string, correction: Correction | null) => {
    const { [object]: _, ...rest } = chosen
    setChosen(correction ? { ...rest, [object]: correction } : rest)
  }
  const columns = useTableColumns({ survey, chosen, change, show })
  const tables = Object.entries(chosen).map(([object, { name, leftOut, kinds }]) => ({ object, ...(name && { name }), leftOut, kinds }))
  return (
    <section className="dt-panel">
      <h2>{t.tables}</h2>
      <p className="dt-muted">{t.tablesPurpose}</p>
      <ProblemAlert error={accept.error} />
      <DataTable
        label={t.tables}
        list={list}
        columns={columns}
        rowKey={({ object }) => object}
        empty={{ why: t.empty, todo: t.emptyTodo }}
      />
      {survey.can.accept && (
        <div className="dt-actions">
          <Button
            type="primary"
            disabled={tables.length === 0}
            loading={accept.isRunning}
            onClick={() => accept.run({ params: { surveyId: survey.id }, body: { tables } as never })}
          >
            {t.accept(tables.length)}
          </Button>
        </div>
      )}
      {shown !== null && (
        <ProfileDrawer
          surveyId={survey.id}
          object={shown}
          correction={chosen[shown] ?? noCorrection}
          onChange={(correction) => change(shown, correction)}
          onClose={() => show(null)}
        />
      )}
    </section>
  )
}

const tones = { new: 'good', changed: 'warning', same: 'neutral', gone: 'bad' } as const
const isFree = ({ state, news }: SurveyTable) => state === 'profiled' && news !== 'gone'

interface Choosing {
  survey: Survey
  chosen: Chosen
  change: (object: string, correction: Correction | null) => void
  show: (object: string) => void
}

function useTableColumns({ survey, chosen, change, show }: Choosing): Column<SurveyTable>[] {
  const t = useText(surveyText)
  return [
    {
      key: 'object',
      title: t.object,
      render: (table) => (
        <Checkbox
          disabled={!survey.can.accept || !isFree(table)}
          checked={table.object in chosen}
          onChange={(event) => change(table.object, event.target.checked ? noCorrection : null)}
        >
          <span className="dt-mono">{table.object}</span>
        </Checkbox>
      ),
    },
    {
      key: 'name',
      title: t.name,
      render: (table) => {
        const correction = chosen[table.object]
        if (!correction) return table.proposedName
        return (
          <Input
            aria-label={t.nameOf(table.object)}
            value={correction.name ?? table.proposedName}
            maxLength={200}
            onChange={(event) => change(table.object, { ...correction, name: event.target.value })}
          />
        )
      },
    },
    { key: 'news', title: t.news, render: ({ news }) => <ToneTag tone={tones[news]}>{t.news_[news]}</ToneTag> },
    { key: 'rows', title: t.rows, align: 'right', render: ({ estimatedRows }) => formatCount(estimatedRows) },
    { key: 'sampled', title: t.sampled, align: 'right', render: ({ sampledRows }) => formatCount(sampledRows) },
    { key: 'sensitive', title: t.sensitive, align: 'right', render: ({ sensitiveColumns }) => formatCount(sensitiveColumns) },
    { key: 'level', title: t.level, render: ({ level }) => level },
    { key: 'state', title: t.state, render: (table) => <TableState table={table} /> },
    {
      key: 'profile',
      title: '',
      render: (table) =>
        survey.can.readProfile &&
        isFree(table) && (
          <Button type="link" onClick={() => show(table.object)}>
            {t.profile}
          </Button>
        ),
    },
  ]
}

function TableState({ table }: { table: SurveyTable }) {
  const t = useText(surveyText)
  return (
    <>
      {t.states[table.state]}
      {table.error && <div className="dt-muted">{table.error.detail}</div>}
      {table.planId ? (
        <div>
          <Link to={portalPath('plan', { planId: table.planId })}>{t.toPlan}</Link>
        </div>
      ) : (
        table.revisionId && (
          <div>
            <Link to={portalPath('revision', { revisionId: table.revisionId })}>{t.toDraft}</Link>
          </div>
        )
      )}
    </>
  )
}
