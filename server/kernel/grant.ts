import type { dataTypes } from '#contract/catalog.ts'
import type { MaskName, RowCondition } from '#contract/sharing.ts'

declare const minted: unique symbol

/** A column as it may be seen under a grant. */
export interface GrantColumn {
  item: string
  dataType: keyof typeof dataTypes
  mask: MaskName
  isKey: boolean
}

/**
 * The right to read some rows and columns of one lake table, compiled from a decision. It is branded: only
 * security/mint-grant.ts makes one, so every byte that leaves the lake was decided by somebody, for a purpose, until a day.
 */
export interface Grant {
  readonly [minted]: true
  /** The decision it comes from; the audit names it. */
  readonly decisionId: string
  readonly holderOrgId: string
  readonly purpose: string
  /** `lake` table, made by a load. */
  readonly table: string
  readonly columns: readonly GrantColumn[]
  readonly conditions: readonly RowCondition[]
  readonly maxRows: number
}

/** What is asked for within a grant. Only granted columns can be named anywhere in it, filters included (reliability V08). */
export interface GrantQuery {
  items?: readonly string[]
  conditions?: readonly RowCondition[]
  limit: number
  /** Row number to go on after. */
  after?: number
}

/** Values as text or null in the order of `columns`: exact numbers, no row objects. */
export interface GrantRows {
  columns: string[]
  rows: (string | null)[][]
  /** Row number of the last row, when there may be more. */
  next: number | null
}
