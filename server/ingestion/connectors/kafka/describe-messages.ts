import { guessColumn } from '../../files/guess-type.ts'
import type { DescribedObject } from '../connector.ts'
import { placeColumns } from './message-fields.ts'
import { type Row, rowOf } from './prepare-messages.ts'
import type { SpooledMessage } from './spool-messages.ts'

const longestSample = 60

interface Sample {
  columns: string[]
  rows: Row[]
}

/** The columns that some messages show, in the order in which they show them. A field that holds nothing but objects is its fields. */
export function sampleMessages(messages: readonly SpooledMessage[]): Sample {
  const rows: Row[] = []
  const names = new Set<string>(Object.values(placeColumns))
  const [asObjects, asValues] = [new Set<string>(), new Set<string>()]
  for (const message of messages) {
    const found = rowOf(message)
    if ('broken' in found) continue
    rows.push(found.row)
    for (const [name, text] of found.row) {
      names.add(name)
      if (found.objects.has(name)) asObjects.add(name)
      else if (text !== null) asValues.add(name)
    }
  }
  return { columns: [...names].filter((name) => !asObjects.has(name) || asValues.has(name)), rows }
}

export function describeMessages(object: string, messages: readonly SpooledMessage[], estimatedRows: number): DescribedObject {
  const { columns, rows } = sampleMessages(messages)
  return {
    object,
    columns: columns.map((name) => {
      const { guessedType, nulls, sampleValues } = guessColumn(
        name,
        rows.map((row) => row.get(name) ?? null),
      )
      const samples = sampleValues.map((value) => value.slice(0, longestSample))
      return { name, type: guessedType, nullable: nulls > 0, isKey: false, comment: '', samples }
    }),
    dialect: null,
    sheets: [],
    reasons: [{ code: 'ingestion.reason_messages', params: { read: messages.length, broken: messages.length - rows.length } }],
    estimatedRows,
  }
}
