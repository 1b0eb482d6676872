import { randomBytes } from 'node:crypto'
import { openDb } from '../../server/store/index.ts'
import { pgTemplate } from '../pg-template.ts'

/** Writes one setting after the other into the control plane of `home` until it is ended, and says which ones were acknowledged. */
const [home] = process.argv.slice(2)
const { db } = await openDb({ home: home!, template: await pgTemplate() })
for (let n = 1; ; n++) {
  const value = JSON.stringify(randomBytes(100_000).toString('hex'))
  await db
    .insertInto('platform.setting')
    .values({ key: `written ${n}`, value })
    .execute()
  process.stdout.write(`${JSON.stringify({ fact: 'written', n })}\n`)
}
