import { useNavigate } from 'react-router'
import type { Entry } from '#contract/catalog.ts'
import type { Plan } from '#contract/ingestion.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { useRoute } from '../../api/index.ts'
import { EmptyState, Loaded, PageHeader, useFilters, useText } from '../../ui/index.ts'
import { ChooseOrigin } from './choose-origin.tsx'
import { PlanForm } from './plan-form.tsx'
import { planText } from './text.ts'

/** `?planId=` changes a plan; else `?entryId= &sourceId= &object=` say what a new one is about. */
export function EditPlanPage() {
  const [{ planId }] = useFilters('planId')
  return planId ? <Changed planId={planId} /> : <NewPlan />
}

function Changed({ planId }: { planId: string }) {
  const t = useText(planText).edit
  const query = useRoute('get_plan', { params: { planId } })
  return (
    <Loaded query={query}>
      {(plan) => (
        <>
          <PageHeader title={t.title} purpose={t.changing(plan.entryName)} />
          <Prepared entryId={plan.entryId} sourceId={plan.sourceId} object={plan.object} plan={plan} />
        </>
      )}
    </Loaded>
  )
}

function NewPlan() {
  const t = useText(planText).edit
  const [{ entryId, sourceId, object }] = useFilters('entryId', 'sourceId', 'object')
  return (
    <>
      <PageHeader title={t.title} purpose={t.purpose} />
      <ChooseOrigin />
      {entryId && sourceId && object ? (
        <Prepared key={`${entryId} ${sourceId} ${object}`} entryId={entryId} sourceId={sourceId} object={object} />
      ) : (
        <section className="dt-panel">
          <EmptyState why={t.chooseFirst} todo={t.chooseFirstTodo} />
        </section>
      )}
    </>
  )
}

interface Chosen {
  entryId: string
  sourceId: string
  object: string
  plan?: Plan
}

/** Entry and description are there before the form begins: it starts from both. */
function Prepared({ entryId, sourceId, object, plan }: Chosen) {
  const navigate = useNavigate()
  const entry = useRoute('get_entry', { params: { entryId } })
  const description = useRoute('describe_source_object', { params: { sourceId }, query: { object } })
  return (
    <Loaded query={entry}>
      {(loaded: Entry) => (
        <Loaded query={description}>
          {(described) => (
            <PlanForm
              entry={loaded}
              sourceId={sourceId}
              description={described}
              onSaved={(saved) => navigate(portalPath('plan', { planId: saved.id }))}
              {...(plan && { plan })}
            />
          )}
        </Loaded>
      )}
    </Loaded>
  )
}
