import type { Item } from '#contract/catalog.ts'
import { itemFields } from '#contract/catalog-fields.ts'
import { useRoute } from '../../api/index.ts'
import { useOrganisationName } from '../../shell/index.ts'
import { useLanguage, useText } from '../../ui/index.ts'
import { catalogText } from '../text.ts'
import { catalogWords } from '../words.ts'

/** A changed value in official words; `pointer` tells which field it is of. */
export function DifferenceValue({ pointer, value }: { pointer: string; value: unknown }) {
  const field = pointer.split('/').at(-1)!
  if (value === null || value === undefined || value === '') return <span aria-hidden>—</span>
  if (field === 'systemId') return <SystemName systemId={String(value)} />
  if (field === 'leadOrgId') return <OrganisationName orgId={String(value)} />
  if (Array.isArray(value)) return <span className="dt-pre">{value.join('\n')}</span>
  if (typeof value === 'object') return <ItemWords item={value as Item} />
  return <Plain field={field} value={value} />
}

/** The word of a code, or the value as it is. */
function useWordOf() {
  const shared = useText(catalogText)
  const words = useText(catalogWords) as unknown as Record<string, Record<string, string>>
  return (field: string, value: unknown) =>
    typeof value === 'boolean' ? (value ? shared.yes : shared.no) : (words[field]?.[String(value)] ?? String(value))
}

function Plain({ field, value }: { field: string; value: unknown }) {
  return <span className="dt-pre">{useWordOf()(field, value)}</span>
}

/** A whole item that was added or removed: what it says beyond the defaults. */
function ItemWords({ item }: { item: Item }) {
  const { labelled } = useText(catalogText)
  const { language } = useLanguage()
  const wordOf = useWordOf()
  const fields = (Object.keys(itemFields) as (keyof Item)[]).filter(
    (field) => item[field] !== null && item[field] !== '' && item[field] !== false,
  )
  return (
    <span className="dt-pre">{fields.map((field) => labelled(itemFields[field][language], wordOf(field, item[field]))).join('\n')}</span>
  )
}

function SystemName({ systemId }: { systemId: string }) {
  return useRoute('get_system', { params: { systemId } }).data?.name ?? systemId
}

function OrganisationName({ orgId }: { orgId: string }) {
  return useOrganisationName()(orgId) ?? orgId
}
