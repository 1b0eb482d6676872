import { type Person, roles } from '#contract/security.ts'
import { type Column, formatInstant, ToneTag, useLanguage, useText } from '../../ui/index.ts'
import { securityText } from '../text.ts'

/** What is shown of a person, wherever people are listed. */
export function usePersonColumns(actions: (person: Person) => React.ReactNode): Column<Person>[] {
  const t = useText(securityText)
  const { language } = useLanguage()
  return [
    { key: 'displayName', title: t.people.displayName, render: (person) => person.displayName },
    { key: 'loginName', title: t.people.loginName, render: (person) => person.loginName },
    {
      key: 'memberships',
      title: t.people.memberships,
      render: (person) =>
        person.memberships.map(({ org, roles: held }) => (
          <div key={org.id}>
            {org.name}{' '}
            <span className="dt-muted">{held.length > 0 ? held.map((role) => roles[role][language]).join(' · ') : t.people.noRoles}</span>
          </div>
        )),
    },
    { key: 'state', title: t.people.state, render: (person) => <PersonState person={person} /> },
    { key: 'actions', title: t.actions, render: (person) => <div className="dt-row">{actions(person)}</div> },
  ]
}

export const isLocked = ({ lockedUntil }: Person) => lockedUntil !== null && new Date(lockedUntil) > new Date()

function PersonState({ person }: { person: Person }) {
  const t = useText(securityText).people
  if (!person.active) return <ToneTag tone="neutral">{t.inactive}</ToneTag>
  if (isLocked(person)) return <ToneTag tone="bad">{t.locked(formatInstant(person.lockedUntil))}</ToneTag>
  if (person.mustChangePassword) return <ToneTag tone="warning">{t.mustChange}</ToneTag>
  return <ToneTag tone="good">{t.active}</ToneTag>
}
