// Builds the agents' program: one ES module with everything that it needs but the engine and the drivers, which stay with each
// agent's installation (server/ingestion/agent/process/host-program.ts). It is named by its version and its SHA-256.
import { hash } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build, type Rolldown } from 'vite'
import { version as ownVersion } from '../server/version.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const { values } = parseArgs({
  options: { version: { type: 'string', default: ownVersion }, out: { type: 'string', default: join(root, 'dist', 'agent') } },
})
const { version, out } = values
const entry = `
import { runProgram as run } from '${root}server/ingestion/agent/process/run-program.ts'
export const runProgram = (start) => run({ ...start, version: ${JSON.stringify(version)} })`

const { output } = (await build({
  root,
  configFile: false,
  logLevel: 'warn',
  plugins: [
    { name: 'entry', resolveId: (id) => (id === 'virtual:agent' ? '\0agent' : null), load: (id) => (id === '\0agent' ? entry : null) },
  ],
  ssr: { noExternal: true, external: ['chdb', 'tedious', 'oracledb', 'mongodb'] },
  build: {
    ssr: true,
    write: false,
    target: 'node20',
    rolldownOptions: {
      input: 'virtual:agent',
      treeshake: { moduleSideEffects: (id) => !id.startsWith(`${root}server/`) },
      output: { codeSplitting: false },
    },
  },
})) as Rolldown.RolldownOutput

const bytes = Buffer.from(output[0].code)
if (output.length > 1) throw new Error(`not one file: ${output.map(({ fileName }) => fileName).join(' ')}`)
mkdirSync(out, { recursive: true })
for (const former of readdirSync(out).filter((name) => name.startsWith('datong-agent-'))) rmSync(join(out, former))
writeFileSync(join(out, `datong-agent-${version}.${hash('sha256', bytes, 'hex')}.mjs`), bytes)
