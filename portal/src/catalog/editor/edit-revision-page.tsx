import { Form } from 'antd'
import { useCallback, useState } from 'react'
import { useNavigate, useParams } from 'react-router'
import { type EntryContent, type Revision, revisionStates } from '#contract/catalog.ts'
import type { RouteName } from '#contract/index.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { call, ProblemError, useAction, useRoute } from '../../api/index.ts'
import { ConfirmButton, EmptyState, LinkButton, Loaded, PageHeader, StateTag, toFieldPath, useText } from '../../ui/index.ts'
import { CheckPanel, type Problem } from './check-panel.tsx'
import { BasicSections, GradingSections, SharingSections } from './content-sections.tsx'
import { ItemEditor, pageOfItem } from './item-editor.tsx'
import { cellId } from './item-row.tsx'
import { SavePanel } from './save-panel.tsx'
import { editorText } from './text.ts'
import { type Draft, useDraft } from './use-draft.ts'

export function EditRevisionPage() {
  const { revisionId } = useParams() as { revisionId: string }
  const query = useRoute('get_revision', { params: { revisionId } })
  const t = useText(editorText).page
  // A fresh load of the same draft (after a conflict) begins anew; saves of one's own do not.
  const [generation, setGeneration] = useState(0)
  return (
    <Loaded query={query}>
      {(revision) =>
        revision.can.update ? (
          <Editor
            key={`${revision.id} ${generation}`}
            revision={revision}
            onReload={() => query.refetch().then(() => setGeneration(generation + 1))}
          />
        ) : (
          <>
            <PageHeader
              title={revision.content.name}
              purpose={t.readOnly}
              tags={<StateTag table={revisionStates} state={revision.state} />}
            />
            <EmptyState
              why={t.readOnly}
              todo={t.readOnlyTodo}
              action={<LinkButton to={portalPath('revision', { revisionId })}>{t.open}</LinkButton>}
            />
          </>
        )
      }
    </Loaded>
  )
}

const invalidates: RouteName[] = ['get_revision', 'list_my_revisions', 'get_entry', 'list_revisions', 'compare_revision']

function Editor({ revision, onReload }: { revision: Revision; onReload: () => void }) {
  const t = useText(editorText)
  const draft = useDraft(revision)
  const check = useCheck(draft, revision.id)
  const [form] = Form.useForm<EntryContent>()
  const [itemPage, setItemPage] = useState(1)
  const { change } = draft
  const onItems = useCallback((items: EntryContent['items']) => change({ items }), [change])
  const jump = (pointer: string) => {
    const [field, index, part] = toFieldPath(pointer)
    if (field !== 'items' || typeof index !== 'number') return form.scrollToField(field as never, { focus: true, block: 'center' })
    setItemPage(pageOfItem(index))
    setTimeout(() => document.getElementById(cellId(index, String(part ?? 'name')))?.focus())
  }
  return (
    <>
      <PageHeader
        title={revision.content.name}
        purpose={t.page.purpose}
        tags={<StateTag table={revisionStates} state={revision.state} />}
        actions={<EditorActions revision={revision} draft={draft} onProblems={check.show} />}
      />
      <div className="dt-editor">
        <aside className="dt-editor-side">
          <SavePanel draft={draft} revisionId={revision.id} onReload={onReload} onJump={jump} />
          <CheckPanel problems={check.problems} isStale={check.isStale} isRunning={check.isRunning} onCheck={check.run} onJump={jump} />
        </aside>
        <div className="dt-editor-main">
          <Form<EntryContent> form={form} layout="vertical" initialValues={draft.content} onValuesChange={(changed) => change(changed)}>
            <BasicSections />
            <section className="dt-panel" aria-label={t.sections.items}>
              <h2>{t.sections.items}</h2>
              <ItemEditor
                items={draft.content.items}
                onChange={onItems}
                wrongPointers={(check.problems ?? []).map(({ pointer }) => pointer)}
                shownPage={itemPage}
                onPage={setItemPage}
              />
            </section>
            <SharingSections content={draft.content} />
            <GradingSections />
          </Form>
        </div>
      </div>
    </>
  )
}

/** Pointers of the check count from the content, those of a save or a submission may count from the body. */
const fromContent = (problems: Problem[]) =>
  problems.map((problem) => ({ ...problem, pointer: problem.pointer.replace(/^\/content(?=\/)/, '') }))

function useCheck(draft: Draft, revisionId: string) {
  const [found, setFound] = useState<{ problems: Problem[]; of: EntryContent } | null>(null)
  const [isRunning, setRunning] = useState(false)
  const show = (problems: Problem[]) => setFound({ problems: fromContent(problems), of: draft.content })
  const run = async () => {
    setRunning(true)
    try {
      if (await draft.save()) show((await call('check_revision', { params: { revisionId } })).problems)
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
    } finally {
      setRunning(false)
    }
  }
  return { problems: found?.problems ?? null, isStale: found !== null && found.of !== draft.content, isRunning, run, show }
}

interface EditorActionsProps {
  revision: Revision
  draft: Draft
  onProblems: (problems: Problem[]) => void
}

function EditorActions({ revision, draft, onProblems }: EditorActionsProps) {
  const t = useText(editorText)
  const navigate = useNavigate()
  const submit = useAction('submit_revision', {
    invalidates,
    onDone: () => navigate(portalPath('revision', { revisionId: revision.id })),
    onFailed: ({ problem }) => onProblems(problem.errors),
  })
  const discard = useAction('discard_revision', { invalidates, onDone: () => navigate(portalPath('my_revisions')) })
  const input = { params: { revisionId: revision.id } }
  const saveAndSubmit = async () => ((await draft.save()) ? submit.run(input) : undefined)
  return (
    <>
      <ConfirmButton
        type="primary"
        label={t.submit}
        question={t.submitQuestion}
        error={submit.error ?? draft.error}
        onConfirm={saveAndSubmit}
      />
      <ConfirmButton danger label={t.discard} question={t.discardQuestion} error={discard.error} onConfirm={() => discard.run(input)} />
    </>
  )
}
