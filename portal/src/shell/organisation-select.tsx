import { Select } from 'antd'
import { useState } from 'react'
import { useRoute } from '../api/index.ts'
import { useText } from '../ui/index.ts'
import { shellText } from './text.ts'

interface OrganisationSelectProps {
  value?: string | null | undefined
  onChange?: (orgId: string | undefined) => void
  id?: string
  clearable?: boolean
  /** What no choice means; in a filter: all. */
  placeholder?: string
  /** Shown while the name of `value` is not on the loaded page of organisations. */
  nameOfValue?: string
}

/** Finds an organisation by its name. Its label is the form field's or the filter's around it. */
export function OrganisationSelect({ value, onChange, id, clearable = true, placeholder, nameOfValue }: OrganisationSelectProps) {
  const t = useText(shellText)
  const [q, setQ] = useState('')
  const organisations = useRoute('list_organisations', { query: { limit: 100, ...(q && { q }) } }, { keepPrevious: true })
  const options = (organisations.data?.items ?? []).map((org) => ({ value: org.id, label: org.name }))
  if (value && nameOfValue && !options.some((option) => option.value === value)) options.unshift({ value, label: nameOfValue })
  return (
    <Select
      {...(id && { id })}
      className="dt-organisation-select"
      placeholder={placeholder ?? t.anyOrganisation}
      value={value ?? undefined}
      onChange={(chosen: string | undefined) => onChange?.(chosen)}
      options={options}
      allowClear={clearable}
      showSearch={{ filterOption: false, onSearch: setQ }}
      loading={organisations.isFetching}
      popupMatchSelectWidth={false}
    />
  )
}
