// Writes docs/openapi.json from the contract; `--check` compares instead.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { openApiDocument } from '../server/http/openapi.ts'

const target = new URL('../docs/openapi.json', import.meta.url)
const text = `${JSON.stringify(openApiDocument(), null, 1)}\n`
if (!process.argv.includes('--check')) writeFileSync(target, text)
else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
  console.error('docs/openapi.json does not match the contract: run `npm run openapi`')
  process.exit(1)
}
