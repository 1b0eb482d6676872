import type { RouteName } from '#contract/index.ts'
import type { Revision } from '#contract/catalog.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { useAction } from '../../api/index.ts'
import { ConfirmButton, LinkButton, ReasonButton, useText } from '../../ui/index.ts'
import { revisionText } from './text.ts'

const invalidates: RouteName[] = [
  'get_revision',
  'list_my_revisions',
  'list_revisions_to_handle',
  'get_entry',
  'list_revisions',
  'list_entries',
  'search_entries',
]

/** What the reader may do with a version now, by its `can`. */
export function RevisionActions({ revision }: { revision: Revision }) {
  const t = useText(revisionText).page
  return (
    <>
      <ReviewButtons revision={revision} />
      {revision.can.update && (
        <LinkButton type="primary" to={portalPath('edit_revision', { revisionId: revision.id })}>
          {t.edit}
        </LinkButton>
      )}
      <AuthorButtons revision={revision} />
      <LinkButton to={portalPath('entry', { entryId: revision.entryId })}>{t.entry}</LinkButton>
    </>
  )
}

function AuthorButtons({ revision }: { revision: Revision }) {
  const t = useText(revisionText).page
  const submit = useAction('submit_revision', { invalidates })
  const recall = useAction('recall_revision', { invalidates })
  const discard = useAction('discard_revision', { invalidates })
  const input = { params: { revisionId: revision.id } }
  return (
    <>
      {revision.can.submit && (
        <ConfirmButton label={t.submit} question={t.submitQuestion} error={submit.error} onConfirm={() => submit.run(input)} />
      )}
      {revision.can.recall && (
        <ConfirmButton label={t.recall} question={t.recallQuestion} error={recall.error} onConfirm={() => recall.run(input)} />
      )}
      {revision.can.discard && (
        <ConfirmButton danger label={t.discard} question={t.discardQuestion} error={discard.error} onConfirm={() => discard.run(input)} />
      )}
    </>
  )
}

/** Pass and return, of the gate at which the version stands. */
function ReviewButtons({ revision }: { revision: Revision }) {
  const t = useText(revisionText).page
  const passDepartment = useAction('pass_department_review', { invalidates })
  const returnDepartment = useAction('return_department_review', { invalidates })
  const publish = useAction('publish_revision', { invalidates })
  const returnBureau = useAction('return_bureau_review', { invalidates })
  const params = { revisionId: revision.id }
  const gates = [
    { can: revision.can.pass_department, act: passDepartment, label: t.pass, question: t.passQuestion, least: 0, isReturn: false },
    { can: revision.can.publish, act: publish, label: t.publish, question: t.publishQuestion, least: 0, isReturn: false },
    { can: revision.can.return_department, act: returnDepartment, label: t.return, question: t.returnQuestion, least: 2, isReturn: true },
    { can: revision.can.return_bureau, act: returnBureau, label: t.return, question: t.returnQuestion, least: 2, isReturn: true },
  ]
  return gates
    .filter(({ can }) => can)
    .map(({ act, label, question, least, isReturn }) => (
      <ReasonButton
        key={label}
        label={label}
        question={question}
        reasonLabel={t.opinion}
        least={least}
        type={isReturn ? 'default' : 'primary'}
        danger={isReturn}
        error={act.error}
        onConfirm={(opinion) => act.run({ params, body: { opinion } })}
      />
    ))
}
