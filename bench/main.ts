// `npm run bench -- NAME…`: alternates A B A B in one run and prints one JSON object a line. No name: all. `--list`: names.
import { parseArgs } from 'node:util'
import { benches } from './benches.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { list: { type: 'boolean', default: false }, rounds: { type: 'string', default: '5' } },
})
if (values.list) {
  for (const bench of benches) console.log(`${bench.name.padEnd(16)}${bench.figure}`)
  process.exit(0)
}
const unknown = positionals.filter((name) => !benches.some((bench) => bench.name === name))
if (unknown.length > 0) {
  console.error(`没有测试 ${unknown.join('、')}；用 --list 查看`)
  process.exit(2)
}
let isMissed = false
for (const bench of benches.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
  for (const result of await bench.run(Math.max(5, Number(values.rounds)))) {
    console.log(JSON.stringify(result))
    isMissed ||= !result.pass
  }
}
process.exit(isMissed ? 1 : 0)
