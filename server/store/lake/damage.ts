import type { ClickHouseClient } from '@clickhouse/client'
import { AppError } from '../../kernel/errors.ts'
import type { LakeError } from './lake-error.ts'
import { quoteIdentifier } from './quote-identifier.ts'

/** Before the name of a table that was put aside. */
const mark = 'damaged_'

/**
 * Where a file of a part is not what was written, the engine sets the part aside when it opens, and reads the table as if the rest
 * were all of it. Such a table is put out of the readers' way, for whoever wants to save what is left: reading it fails, and the
 * next load makes it anew. Nothing else leaves such parts: all that counts was synced.
 * @returns the names that they had
 */
export async function putDamagedAside(client: ClickHouseClient): Promise<string[]> {
  const query = "SELECT DISTINCT table FROM system.detached_parts WHERE database = 'lake' AND startsWith(reason, 'broken')"
  const found = await (await client.query({ query, format: 'JSONEachRow' })).json<{ table: string }>()
  const names = found.map(({ table }) => table).filter((name) => !name.startsWith(mark))
  for (const name of names)
    await client.command({ query: `RENAME TABLE lake.${quoteIdentifier(name)} TO lake.${quoteIdentifier(mark + name)}` })
  return names
}

/** Tables that were put aside, now or earlier. */
export const damagedTables = (names: readonly string[]): string[] =>
  names.filter((name) => name.startsWith(mark)).map((name) => name.slice(mark.length))

const unknownTable = 60
/** Checksums, sizes and files of a part that are not what they were. */
const broken = new Set([40, 226, 228, 246])

/** So the engine begins what another server said, of whose files nothing is known here. */
const ofAnotherServer = 'Received from '

/** What a reader is told of damage. */
export function explainDamage(error: LakeError, damaged: readonly string[]): Error {
  const isAside = error.code === unknownTable && damaged.some((name) => error.message.includes(name))
  const isBroken = broken.has(error.code) && !error.message.includes(ofAnotherServer)
  return isAside || isBroken ? new AppError('unavailable', 'platform.data_damaged', { cause: error }) : error
}
