import { useParams } from 'react-router'
import { type Revision, type RevisionState, revisionStates } from '#contract/catalog.ts'
import { useRoute } from '../../api/index.ts'
import { Loaded, Opinions, PageHeader, StateTag, Steps, useText } from '../../ui/index.ts'
import { DifferenceTable } from '../entry/difference-table.tsx'
import { EntryContentView } from '../entry/entry-content.tsx'
import { catalogText } from '../text.ts'
import { RevisionActions } from './revision-actions.tsx'
import { revisionText } from './text.ts'

export function RevisionPage() {
  const { revisionId } = useParams() as { revisionId: string }
  const query = useRoute('get_revision', { params: { revisionId } })
  return <Loaded query={query}>{(revision) => <RevisionDetail revision={revision} />}</Loaded>
}

/** One version: where it stands, what it changes, who said what, and its whole content. The review is done here. */
function RevisionDetail({ revision }: { revision: Revision }) {
  const t = useText(revisionText).page
  const shared = useText(catalogText)
  const entry = useRoute('get_entry', { params: { entryId: revision.entryId } })
  const systemId = revision.content.systemId
  const system = useRoute('get_system', { params: { systemId: systemId ?? '' } }, { enabled: systemId !== null })
  return (
    <>
      <PageHeader
        title={revision.content.name}
        purpose={t.purpose(shared.version(revision.number), revision.author, revision.changeReason)}
        tags={<StateTag table={revisionStates} state={revision.state} />}
        actions={<RevisionActions revision={revision} />}
      />
      <section className="dt-panel">
        <RevisionSteps state={revision.state} />
      </section>
      <div className="dt-columns">
        <section className="dt-panel">
          <h2>{t.changes}</h2>
          <DifferenceTable revisionId={revision.id} />
        </section>
        <section className="dt-panel">
          <h2>{t.opinions}</h2>
          <Opinions opinions={revision.opinions} eventWord={(event) => shared.event[event] ?? event} />
        </section>
      </div>
      <EntryContentView
        content={revision.content}
        context={{
          code: entry.data?.code ?? '',
          provider: entry.data?.provider.name ?? '',
          providerUscc: entry.data?.providerUscc ?? null,
          publishedOn: entry.data?.publishedOn ?? null,
          system: system.data?.name ?? null,
        }}
      />
    </>
  )
}

const stepOf: Record<RevisionState, number> = {
  draft: 0,
  returned: 0,
  department_review: 1,
  bureau_review: 2,
  published: 4,
  superseded: 4,
  discarded: 0,
}

function RevisionSteps({ state }: { state: RevisionState }) {
  const { steps } = useText(revisionText).page
  return (
    <Steps
      steps={[steps.draft, steps.department, steps.bureau, steps.published]}
      current={stepOf[state]}
      isStopped={state === 'discarded'}
    />
  )
}
