import type { Tx } from '../store/index.ts'

/** The next running number of a class, from 1 and without gaps: its row stays locked until the transaction ends. */
export async function nextSerial(tx: Tx, serialClass: string): Promise<number> {
  const { last } = await tx
    .insertInto('catalog.serial')
    .values({ class: serialClass, last: 1 })
    .onConflict((conflict) => conflict.column('class').doUpdateSet((eb) => ({ last: eb('catalog.serial.last', '+', 1) })))
    .returning('last')
    .executeTakeFirstOrThrow()
  return last
}
