import type { ReactNode } from 'react'
import { useText } from './language.tsx'
import { uiText } from './text.ts'

export interface Field {
  label: string
  value: ReactNode
  /** Its number in the standard that asks for it. */
  number?: string | number
  key?: string
}

/** Named values one under the other, as official forms have them; what is empty says so. */
export function FieldTable({ label, fields }: { label: string; fields: Field[] }) {
  const t = useText(uiText)
  const isNumbered = fields.some((field) => field.number !== undefined)
  return (
    <table className="dt-plain-table dt-field-table" aria-label={label}>
      <tbody>
        {fields.map((field) => (
          <tr key={field.key ?? field.label}>
            {isNumbered && <td className="dt-field-number">{field.number}</td>}
            <th scope="row">{field.label}</th>
            <td>{isEmpty(field.value) ? <span className="dt-muted">{t.notFilled}</span> : field.value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const isEmpty = (value: ReactNode) =>
  value === null || value === undefined || value === '' || value === false || (Array.isArray(value) && value.length === 0)
