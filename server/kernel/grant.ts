import type { Mask } from '#contract/mask.ts'
import type { RowCondition } from '#contract/sharing.ts'
import type { LakeType } from './lake-types.ts'

declare const minted: unique symbol

/** Whole rows of a table by a key that is there once (store/key-file). */
export interface KeyedRows {
  readonly columns: readonly string[]
  get(key: string): (string | null)[] | undefined
}

/** A column as it may be seen under a grant; `mask` null: as it is. */
export interface GrantColumn {
  readonly item: string
  readonly type: LakeType
  readonly mask: Mask | null
  readonly isKey: boolean
}

/** A condition whose values were checked against the type of its column. */
export interface GrantCondition extends RowCondition {
  readonly type: LakeType
}

/**
 * The right to read some rows and columns of one lake table, compiled from a decision. It is branded: only
 * security/grants/mint-grant.ts makes one, so every byte that leaves the lake was decided by somebody, for a purpose. Whether
 * the decision is in effect now is the holder's to check before each read: a grant is not kept longer than its decision.
 */
export interface Grant {
  readonly [minted]: true
  /** The decision it comes from; the audit names it. */
  readonly decisionId: string
  /** Who sees the rows; hash masks give each holder tokens of its own. */
  readonly holderOrgId: string
  readonly purpose: string
  /** `lake` table, made by a load. */
  readonly table: string
  readonly columns: readonly GrantColumn[]
  /** A copy of the table that answers by this item, which is shown as it is; null while there is none. */
  readonly keyed: { readonly file: KeyedRows; readonly item: string; readonly type: LakeType } | null
  /** Rows of the decision: they may name columns that are not shown. All must hold. */
  readonly conditions: readonly GrantCondition[]
  readonly maxRows: number
}

/** What is asked for within a grant. Only granted columns can be named anywhere in it, filters included (reliability V08). */
export interface GrantQuery {
  /** Without it: every granted column, in the order of the grant. */
  items?: readonly string[]
  conditions?: readonly RowCondition[]
  /** Never more than the grant's `maxRows` are read. */
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
  /** ISO instant at which the source was asked, where the data stay there. */
  asOf?: string
}

/** What a statement reads instead of a lake table: rows with a `_row` and the asked items, already narrowed at their source. */
export interface OriginRows {
  sql: string
  parameters: Record<string, string | string[] | number>
  settings: Record<string, string | number>
  signal: AbortSignal
}

/** What is asked of a table that stays at its source. */
export interface OriginQuery {
  /** Items that are shown. */
  items: readonly string[]
  /** Conditions of the grant and of the question: all must hold. */
  conditions: readonly GrantCondition[]
  after: number
  limit: number
}

/** Tables of entries whose data stay at their source 逻辑接入. */
export interface Origins {
  holds(table: string): boolean
  /**
   * Runs a reading of such a table, or gives the answer of an earlier one where the entry allows it. The answer says as of when it is.
   * @throws unavailable `ingestion.source_away`, saying why and who acts
   */
  answer(grant: Grant, query: OriginQuery, run: (rows: OriginRows) => Promise<GrantRows>): Promise<GrantRows>
}
