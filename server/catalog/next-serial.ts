import type { Tx } from '../store/index.ts'

/**
 * Takes the next `count` running numbers of a class, from 1 and without gaps: their row stays locked until the transaction
 * ends. @returns the first of them
 */
export async function nextSerial(tx: Tx, serialClass: string, count = 1): Promise<number> {
  const { last } = await tx
    .insertInto('catalog.serial')
    .values({ class: serialClass, last: count })
    .onConflict((conflict) => conflict.column('class').doUpdateSet((eb) => ({ last: eb('catalog.serial.last', '+', count) })))
    .returning('last')
    .executeTakeFirstOrThrow()
  return last - count + 1
}
