import { Link } from 'react-router'
import type { Load } from '#contract/ingestion.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { type Column, DataTable, formatCount, useText, wholeList } from '../../ui/index.ts'
import { useItemNames } from '../use-item-names.ts'
import { loadText } from './text.ts'

type Reason = Load['reasons'][number]

/** Why rows were set aside, each reason opening its rows; and the keys of rows whose content differs. */
export function LoadReasons({ load }: { load: Load }) {
  const t = useText(loadText).page
  const columns = useReasonColumns(load)
  return (
    <>
      {load.reasons.length > 0 && (
        <section className="dt-panel">
          <h2>{t.reasons}</h2>
          <p className="dt-muted">{load.state === 'succeeded' ? t.reasonsPurpose : t.reasonsFailed}</p>
          <DataTable
            label={t.reasons}
            size="small"
            list={wholeList(load.reasons)}
            columns={columns}
            rowKey={(reason) => `${reason.column} ${reason.reason}`}
            empty={{ why: t.reasons }}
          />
        </section>
      )}
      {load.differing.length > 0 && (
        <section className="dt-panel">
          <h2>{t.differing}</h2>
          <p className="dt-muted">{t.differingPurpose}</p>
          <ul className="dt-keys dt-mono">
            {load.differing.map((key) => (
              <li key={key}>{key}</li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

function useReasonColumns(load: Load): Column<Reason>[] {
  const t = useText(loadText).page
  const nameOf = useItemNames(load.entryId)
  return [
    { key: 'column', title: t.column, render: ({ column }) => (column ? nameOf(column) : t.wholeRow) },
    { key: 'reason', title: t.reason, render: ({ detail }) => detail },
    {
      key: 'count',
      title: t.count,
      align: 'right',
      render: ({ column, reason, count }) =>
        load.state === 'succeeded' ? (
          <Link to={portalPath('quarantine', { planId: load.planId, reason, column: column || undefined })}>{formatCount(count)}</Link>
        ) : (
          formatCount(count)
        ),
    },
  ]
}
