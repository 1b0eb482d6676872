import type { Entry, Resource } from '#contract/catalog.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { useRoute } from '../../api/index.ts'
import { useHasScope, useSession } from '../../shell/index.ts'
import { EmptyState, type Field, FieldTable, formatCount, formatInstant, LinkButton, ToneTag, useText } from '../../ui/index.ts'
import { catalogText } from '../text.ts'
import { catalogWords } from '../words.ts'
import { entryText } from './text.ts'

/** The data behind an entry; each form of resource says how it is used. */
export function ResourceList({ entry }: { entry: Entry }) {
  const t = useText(entryText).resources
  const { org } = useSession()
  const mayLoad = useHasScope('ingestion:write') && org.id === entry.provider.id && entry.state === 'published'
  if (entry.resources.length === 0)
    return (
      <EmptyState
        why={t.empty}
        todo={t.emptyTodo(entry.provider.name)}
        action={
          mayLoad && (
            <div className="dt-row">
              <LinkButton to={portalPath('new_plan', { entryId: entry.id })}>{t.create}</LinkButton>
              <LinkButton to={portalPath('new_logical', { entryId: entry.id })}>{t.bind}</LinkButton>
            </div>
          )
        }
      />
    )
  return (
    <div className="dt-columns">
      {entry.resources.map((resource) => (
        <ResourceCard key={resource.id} resource={resource} />
      ))}
    </div>
  )
}

function ResourceCard({ resource }: { resource: Resource }) {
  const t = useText(entryText).resources
  const shared = useText(catalogText)
  const words = useText(catalogWords)
  const facts: Field[] =
    resource.kind === 'logical'
      ? [{ label: t.kind, value: t.logical }]
      : [
          { label: t.kind, value: words.sharingMode[resource.kind] },
          { label: t.rows, value: resource.rows === null ? t.unknownRows : formatCount(resource.rows) },
          { label: t.loadedAt, value: formatInstant(resource.loadedAt) },
          {
            label: t.timeliness,
            value: resource.loadedAt && (
              <ToneTag tone={resource.isPastCycle ? 'bad' : 'good'}>{resource.isPastCycle ? shared.pastCycle : shared.inCycle}</ToneTag>
            ),
          },
        ]
  const mayAsk = useHasScope('ingestion:read') && resource.kind === 'logical'
  return (
    <section className="dt-panel">
      <h2>{resource.name}</h2>
      <FieldTable label={resource.name} fields={[...facts, { label: t.how, value: t.howTo[resource.kind] }]} />
      {mayAsk && <LogicalFacts entryId={resource.entryId} />}
    </section>
  )
}

/** Where the data are, and whether the source answered the last time: for those who look after it. */
function LogicalFacts({ entryId }: { entryId: string }) {
  const t = useText(entryText).resources
  const query = useRoute('list_logical', { query: { entryId } })
  const [bound] = query.data?.items ?? []
  if (!bound) return null
  const { state } = bound
  const tone = !state ? 'neutral' : state.isAway ? 'bad' : 'good'
  const fields: Field[] = [
    { label: t.source, value: `${bound.sourceName} / ${bound.object}` },
    { label: t.state, value: <ToneTag tone={tone}>{!state ? t.notAsked : state.isAway ? t.away : t.answers}</ToneTag> },
    { label: t.askedAt, value: formatInstant(state?.at ?? null) },
    ...(state?.isAway ? [{ label: t.reason, value: state.reason }] : []),
    { label: t.cache, value: t.cacheOf(bound.cacheSeconds, bound.answerWhenAway) },
  ]
  return <FieldTable label={t.source} fields={fields} />
}
