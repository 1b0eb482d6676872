import { useState } from 'react'
import type { Person } from '#contract/security.ts'
import { useAction, useSeekList } from '../../api/index.ts'
import { ConfirmButton, DataTable, PageHeader, useFilters, useText } from '../../ui/index.ts'
import { securityText } from '../text.ts'
import { AssignRoles } from './assign-roles.tsx'
import { OneTimePassword } from './one-time-password.tsx'
import { PeopleFilters } from './people-filters.tsx'
import { isLocked, usePersonColumns } from './person-columns.tsx'

/** Roles, locks and passwords, for the security administrator. */
export function AuthorisationsPage() {
  const t = useText(securityText)
  const [filters, setFilters, clear] = useFilters('q', 'orgId')
  const list = useSeekList('list_people_for_authorisation', { query: filters })
  const columns = usePersonColumns((person) => (
    <>
      <AssignRoles person={person} />
      {isLocked(person) && <UnlockPerson person={person} />}
      <ResetPassword person={person} />
    </>
  ))
  return (
    <>
      <PageHeader title={t.authorisation.title} purpose={t.authorisation.purpose} />
      <PeopleFilters filters={filters} onChange={setFilters} onClear={clear} />
      <DataTable
        label={t.authorisation.title}
        list={list}
        columns={columns}
        rowKey={(person) => person.id}
        empty={{ why: t.people.empty, todo: t.people.emptyTodo }}
      />
    </>
  )
}

function UnlockPerson({ person }: { person: Person }) {
  const t = useText(securityText).authorisation
  const unlock = useAction('unlock_person', { invalidates: ['list_people_for_authorisation'] })
  return (
    <ConfirmButton
      size="small"
      label={t.unlock}
      question={t.unlockQuestion(person.displayName)}
      error={unlock.error}
      onConfirm={() => unlock.run({ params: { personId: person.id } })}
    />
  )
}

function ResetPassword({ person }: { person: Person }) {
  const t = useText(securityText).authorisation
  const [password, setPassword] = useState<string | null>(null)
  const reset = useAction('reset_password', {
    invalidates: ['list_people_for_authorisation'],
    onDone: ({ oneTimePassword }) => setPassword(oneTimePassword),
  })
  return (
    <>
      <ConfirmButton
        size="small"
        label={t.reset}
        question={t.resetQuestion(person.displayName)}
        error={reset.error}
        onConfirm={() => reset.run({ params: { personId: person.id } })}
      />
      {password && (
        <OneTimePassword
          title={t.resetDone(person.displayName)}
          password={password}
          onClose={() => {
            setPassword(null)
            reset.reset()
          }}
        />
      )}
    </>
  )
}
