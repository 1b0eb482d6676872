import { useSeekList } from '../../api/index.ts'
import { DataTable, PageHeader, useFilters, useText } from '../../ui/index.ts'
import { securityText } from '../text.ts'
import { CreatePerson } from './create-person.tsx'
import { PeopleFilters } from './people-filters.tsx'
import { usePersonColumns } from './person-columns.tsx'
import { UpdatePerson } from './update-person.tsx'

/** Accounts, for the system administrator. */
export function PeoplePage() {
  const t = useText(securityText).people
  const [filters, setFilters, clear] = useFilters('q', 'orgId')
  const list = useSeekList('list_people', { query: filters })
  const columns = usePersonColumns((person) => <UpdatePerson person={person} />)
  return (
    <>
      <PageHeader title={t.title} purpose={t.purpose} actions={<CreatePerson />} />
      <PeopleFilters filters={filters} onChange={setFilters} onClear={clear} />
      <DataTable label={t.title} list={list} columns={columns} rowKey={(person) => person.id} empty={{ why: t.empty, todo: t.emptyTodo }} />
    </>
  )
}
