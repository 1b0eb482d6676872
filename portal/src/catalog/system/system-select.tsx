import { Select } from 'antd'
import { useRoute } from '../../api/index.ts'
import { useSession } from '../../shell/index.ts'

interface SystemSelectProps {
  value?: string | null
  onChange?: (systemId: string | null) => void
  id?: string
}

/** A system of the organisation acted for. */
export function SystemSelect({ value, onChange, id }: SystemSelectProps) {
  const { org } = useSession()
  const systems = useRoute('list_systems', { query: { orgId: org.id, limit: 1000 } })
  return (
    <Select
      {...(id && { id })}
      value={value ?? undefined}
      onChange={(chosen: string | undefined) => onChange?.(chosen ?? null)}
      options={(systems.data?.items ?? []).map((system) => ({ value: system.id, label: system.name }))}
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      loading={systems.isFetching}
    />
  )
}
