import { openLake } from '../../server/store/lake/lake.ts'

/** A process that changes a table as the next version of an entry is made (a clone, without some rows, with others), and says when each is done. */
const [dir] = process.argv.slice(2)
const lake = await openLake({ dir: dir! })
await lake.define('CREATE TABLE first (id Int64, version Int64) ENGINE = MergeTree ORDER BY id')
await lake.command('INSERT INTO first SELECT number, 1 FROM numbers(1000)')
for (const [from, to] of [
  ['first', 'second'],
  ['second', 'third'],
]) {
  await lake.define(`CREATE TABLE ${to} AS ${from}`)
  await lake.define(`ALTER TABLE ${to} ATTACH PARTITION tuple() FROM ${from}`)
  await lake.command(`DELETE FROM ${to} WHERE id % 10 = 0`)
  await lake.command(`INSERT INTO ${to} SELECT number * 10, 2 FROM numbers(100)`)
}
console.log(JSON.stringify({ fact: 'changed' }))
setInterval(() => {}, 1000)
