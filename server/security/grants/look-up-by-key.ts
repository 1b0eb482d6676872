import type { Grant } from '../../kernel/grant.ts'
import { isLakeValue } from '../../kernel/lake-types.ts'
import { maskValue } from '../../kernel/mask.ts'
import type { Ctx } from '../../store/index.ts'
import type { Sealer } from '../seal.ts'
import { holdsCondition } from './holds-condition.ts'
import { isMinted } from './mint-grant.ts'

type Row = (string | null)[]

/** The keyed door to content of the lake, beside read-lake.ts: one row of a grant by its key, under the same masks and conditions. */
export function openKeyReader(sealer: Sealer): Pick<Ctx, 'readByKey'> {
  const readers = new WeakMap<Grant, (row: Row) => Row | null>()
  const readerOf = (grant: Grant) => {
    const known = readers.get(grant)
    if (known) return known
    const reader = compileReader(grant, sealer)
    readers.set(grant, reader)
    return reader
  }
  return {
    readByKey(grant, value) {
      if (!isMinted(grant) || !grant.keyed) throw new Error('the lake is read by minted grants only, and by key where it has one')
      const { type, file } = grant.keyed
      if (!isLakeValue(type, value)) throw new Error('a key is checked against its type before it is looked up')
      const row = file.get(type.kind === 'integer' ? String(BigInt(value)) : value)
      return row === undefined ? null : readerOf(grant)(row)
    },
  }
}

/** From a whole row to what the grant shows of it; null where its conditions leave it out. */
function compileReader({ keyed, columns, conditions, holderOrgId }: Grant, sealer: Sealer): (row: Row) => Row | null {
  const placeOf = (item: string): number => {
    const place = keyed!.file.columns.indexOf(item)
    if (place < 0) throw new Error(`the keyed copy lacks ${item}`)
    return place
  }
  const maskKey = columns.some(({ mask }) => mask?.kind === 'hash') ? sealer.derive('mask', holderOrgId) : undefined
  const rules = conditions.map((condition) => ({ condition, place: placeOf(condition.item) }))
  const shown = columns.map(({ item, mask }) => ({ mask, place: placeOf(item) }))
  return (row) => {
    if (!rules.every(({ condition, place }) => holdsCondition(condition, row[place] ?? null))) return null
    return shown.map(({ mask, place }) => (mask ? maskValue(mask, row[place] ?? null, maskKey) : (row[place] ?? null)))
  }
}
