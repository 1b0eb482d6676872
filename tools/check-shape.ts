// The house's measures: file and folder sizes, names, a README in every room. No exceptions are listed anywhere.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

const limits = { lines: 400, filesPerFolder: 20, toolLines: 150 }
const forbidden = /^(utils?|helpers?|commons?|lib|services|misc)$/
const roots = ['contract', 'server', 'portal/src', 'cli', 'testing', 'tools', 'bench', 'demo']
const problems: string[] = []

function* walk(folder: string): Generator<string> {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) {
      if (name !== 'node_modules' && name !== 'dist') yield* walk(path)
    } else yield path
  }
}

const made = new Set(['server/store/tables.ts'])
const perFolder = new Map<string, number>()
for (const root of roots.filter((folder) => existsSync(folder))) {
  for (const path of walk(root)) {
    if (!/\.tsx?$/.test(path)) continue
    const name = basename(path)
    const folder = dirname(path)
    // A test stands beside its file and is not counted as a second thing to know.
    if (!/\.test\.tsx?$/.test(name)) perFolder.set(folder, (perFolder.get(folder) ?? 0) + 1)
    if (folder.split('/').some((part) => forbidden.test(part)) || forbidden.test(name.replace(/\..*/, '')))
      problems.push(`${path}: a name that says nothing`)
    if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.tsx?$/.test(name)) problems.push(`${path}: file names are kebab-case`)
    if (made.has(path)) continue
    const lines = readFileSync(path, 'utf8').split('\n').length - 1
    const limit = root === 'tools' ? limits.toolLines : limits.lines
    if (lines > limit) problems.push(`${path}: ${lines} lines, at most ${limit}`)
  }
}
for (const [folder, count] of perFolder)
  if (count > limits.filesPerFolder) problems.push(`${folder}: ${count} files, at most ${limits.filesPerFolder}`)
for (const entry of readdirSync('server', { withFileTypes: true })) {
  if (entry.isDirectory() && !existsSync(join('server', entry.name, 'README.md')))
    problems.push(`server/${entry.name}: a room has a README.md`)
}
for (const problem of problems) console.error(problem)
process.exit(problems.length > 0 ? 1 : 0)
