import type { Entry, Resource } from '#contract/catalog.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { useHasScope, useSession } from '../../shell/index.ts'
import { EmptyState, FieldTable, formatCount, formatInstant, LinkButton, ToneTag, useText } from '../../ui/index.ts'
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
        action={mayLoad && <LinkButton to={portalPath('new_plan', { entryId: entry.id })}>{t.create}</LinkButton>}
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
  return (
    <section className="dt-panel">
      <h2>{resource.name}</h2>
      <FieldTable
        label={resource.name}
        fields={[
          { label: t.kind, value: words.sharingMode[resource.kind] },
          { label: t.rows, value: resource.rows === null ? t.unknownRows : formatCount(resource.rows) },
          { label: t.loadedAt, value: formatInstant(resource.loadedAt) },
          {
            label: t.timeliness,
            value: resource.loadedAt && (
              <ToneTag tone={resource.isPastCycle ? 'bad' : 'good'}>{resource.isPastCycle ? shared.pastCycle : shared.inCycle}</ToneTag>
            ),
          },
          { label: t.how, value: t.howTo[resource.kind] },
        ]}
      />
    </section>
  )
}
