import { openLake } from '../../server/store/lake/lake.ts'

/** A process that inserts batches of 100 rows for ever and prints a line after each acknowledgement; its owner kills it. */
const [dir, first] = process.argv.slice(2)
const lake = await openLake({ dir: dir! })
console.log('ready')
for (let batch = Number(first); ; batch++) {
  await lake.command('INSERT INTO acked SELECT {batch:UInt32}, number FROM numbers(100)', { batch })
  console.log(batch)
}
