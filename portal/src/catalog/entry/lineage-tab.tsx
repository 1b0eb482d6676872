import { Link } from 'react-router'
import type { EntryLineage } from '#contract/ingestion/lineage.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { grantStates } from '#contract/sharing.ts'
import { useRoute } from '../../api/index.ts'
import { type Column, DataTable, formatInstant, Loaded, StateTag, useText, wholeList } from '../../ui/index.ts'
import { entryText } from './text.ts'

/** Item by item: the columns it comes from and those who receive it, as far as the reader may know of either. */
export function LineageTab({ entryId }: { entryId: string }) {
  const query = useRoute('get_entry_lineage', { params: { entryId } })
  return <Loaded query={query}>{(lineage) => <LineageTable lineage={lineage} />}</Loaded>
}

type Item = EntryLineage['items'][number]

function LineageTable({ lineage }: { lineage: EntryLineage }) {
  const t = useText(entryText).lineage
  const { items, upstream, downstream } = lineage
  const columns: Column<Item>[] = [
    {
      key: 'from',
      title: t.from,
      render: ({ code }) =>
        upstream.flatMap(({ planId, sourceName, object, columns }) =>
          columns
            .filter(({ item }) => item === code)
            .map(({ column }) => (
              <div key={`${planId} ${column}`}>
                <Link to={portalPath('plan', { planId })}>{`${sourceName} · ${object} · ${column}`}</Link>
              </div>
            )),
        ),
    },
    {
      key: 'item',
      title: t.item,
      render: ({ code, name }) => (
        <>
          {name} <span className="dt-muted dt-mono">{code}</span>
        </>
      ),
    },
    {
      key: 'to',
      title: t.to,
      render: ({ code }) =>
        downstream.flatMap(({ grantId, number, consumer, items }) =>
          items
            .filter(({ item }) => item === code)
            .map(({ mask }) => (
              <div key={grantId}>
                <Link to={portalPath('grant', { grantId })}>
                  {[consumer.name, number, ...(mask === 'none' ? [] : [t.masked])].join(' · ')}
                </Link>
              </div>
            )),
        ),
    },
  ]
  return (
    <>
      <p className="dt-muted">{t.purpose}</p>
      {upstream.map(({ planId, loadId, loadedAt, sourceName, object }) => (
        <p key={planId}>
          <Link to={portalPath('load', { loadId })}>{t.loaded(sourceName, object, formatInstant(loadedAt))}</Link>
        </p>
      ))}
      {downstream.map(({ grantId, consumer, endpoint, state, to }) => (
        <p key={grantId}>
          {t.shared(consumer.name, to)} <span className="dt-mono">{endpoint}</span> <StateTag table={grantStates} state={state} />
        </p>
      ))}
      <DataTable
        label={t.title}
        size="small"
        list={wholeList(items)}
        columns={columns}
        rowKey={({ code }) => code}
        empty={{ why: t.empty }}
      />
    </>
  )
}
