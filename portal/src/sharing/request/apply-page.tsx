import { Button, Form } from 'antd'
import { useRef } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import type { Entry } from '#contract/catalog.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { RequestContent, type SharingRequest } from '#contract/sharing.ts'
import { useAction, useRoute } from '../../api/index.ts'
import { EmptyState, LinkButton, Loaded, PageHeader, ServerForm, useText } from '../../ui/index.ts'
import { RequestFields } from './request-fields.tsx'
import { requestText } from './text.ts'

/** `?entryId=` begins a request, `?requestId=` goes on with a draft or a returned one. */
export function ApplyPage() {
  const [search] = useSearchParams()
  const requestId = search.get('requestId')
  const entryId = search.get('entryId')
  if (requestId) return <Continued requestId={requestId} />
  if (entryId) return <ForEntry entryId={entryId} />
  return <NoEntry />
}

function NoEntry() {
  const t = useText(requestText)
  return (
    <>
      <PageHeader title={t.apply.title} purpose={t.apply.noEntry} />
      <EmptyState why={t.apply.noEntry} todo={t.mine.todo} action={<LinkButton to={portalPath('search')}>{t.mine.search}</LinkButton>} />
    </>
  )
}

function Continued({ requestId }: { requestId: string }) {
  const query = useRoute('get_request', { params: { requestId } })
  return <Loaded query={query}>{(request) => <ForEntry entryId={request.entry.id} request={request} />}</Loaded>
}

function ForEntry({ entryId, request }: { entryId: string; request?: SharingRequest }) {
  const query = useRoute('get_entry', { params: { entryId } })
  return <Loaded query={query}>{(entry) => <RequestForm entry={entry} {...(request && { request })} />}</Loaded>
}

/** Saves a draft, and submits it where asked; a draft that fails the check stays and shows every problem. */
function RequestForm({ entry, request }: { entry: Entry; request?: SharingRequest }) {
  const t = useText(requestText).apply
  const labels: Record<string, string | undefined> = {
    basis: t.basis,
    scenario: t.scenario,
    purpose: t.usePurpose,
    items: t.items,
    rows: t.rows,
    from: t.from,
    to: t.to,
    callsPerDay: t.callsPerDay,
    contact: t.contact,
  }
  const navigate = useNavigate()
  const [form] = Form.useForm<RequestContent>()
  const saved = useRef(request)
  const invalidates = ['list_my_requests' as const, 'get_request' as const]
  const create = useAction('create_request', { invalidates })
  const update = useAction('update_request', { invalidates })
  const submit = useAction('submit_request', { invalidates })
  const complete = useAction('complete_request', { invalidates })
  const save = async (): Promise<SharingRequest | undefined> => {
    const content = RequestContent.strip().parse({ ...form.getFieldsValue(true), mode: entry.content.sharingMode })
    const done = saved.current
      ? await update.run({ params: { requestId: saved.current.id }, body: { content, edit: saved.current.edit } })
      : await create.run({ body: { entryId: entry.id, content } })
    if (done) saved.current = done
    return done
  }
  const saveAndSubmit = async () => {
    const draft = await save()
    const act = draft?.state === 'returned' ? complete : submit
    if (draft && (await act.run({ params: { requestId: draft.id } }))) navigate(portalPath('request', { requestId: draft.id }))
  }
  const saveOnly = async () => {
    const draft = await save()
    if (draft) navigate(portalPath('request', { requestId: draft.id }))
  }
  const labelOf = (pointer: string) => labels[/^\/content\/(\w+)/.exec(pointer)?.[1] ?? '']
  const failed = [create, update, submit, complete].find((action) => action.error)
  return (
    <>
      <PageHeader title={t.title} purpose={t.purpose(entry.name)} />
      <section className="dt-panel">
        <ServerForm<RequestContent>
          form={form}
          initial={request?.content ?? RequestContent.parse({})}
          error={failed?.error ?? null}
          isRunning={[create, update, submit, complete].some((action) => action.isRunning)}
          submitLabel={t.submit}
          onSubmit={saveAndSubmit}
          base="/content"
          labelOf={labelOf}
          otherActs={
            <Button onClick={saveOnly} loading={create.isRunning || update.isRunning}>
              {t.save}
            </Button>
          }
        >
          <RequestFields items={entry.content.items} />
        </ServerForm>
      </section>
    </>
  )
}
