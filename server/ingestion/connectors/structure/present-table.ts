import type { ObjectDescription } from '#contract/ingestion.ts'
import type { DescribedObject } from '../connector.ts'

/** A table of a database as a steward sees it. `samples`: a few values of each column, in the order of the columns. */
export const presentTable = (
  object: string,
  columns: readonly Omit<ObjectDescription['columns'][number], 'samples'>[],
  samples: readonly string[][],
  estimatedRows: number | null,
): DescribedObject => ({
  object,
  columns: columns.map(({ name, type, nullable, isKey, comment }, i) => ({
    name,
    type,
    nullable,
    isKey,
    comment,
    samples: samples[i] ?? [],
  })),
  dialect: null,
  sheets: [],
  reasons: [],
  estimatedRows,
})
