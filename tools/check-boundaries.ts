// Who may import whom. Reads every import (static, type-only, dynamic) with oxc-parser and compares it with the tables
// below; check-boundaries.test.ts plants violations and sees them caught. There is no way to exempt a file.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { parseSync } from 'oxc-parser'

/** Rooms of server/ and the rooms that each may use. Every room may use contract/. */
const edges: Record<string, string[]> = {
  kernel: [],
  store: ['kernel'],
  http: ['kernel', 'store'],
  jobs: ['kernel', 'store', 'http'],
  security: ['kernel', 'store', 'http', 'jobs'],
  duty: ['kernel', 'store', 'http', 'jobs', 'security'],
  catalog: ['kernel', 'store', 'http', 'jobs', 'security', 'duty'],
  ingestion: ['kernel', 'store', 'http', 'jobs', 'security', 'duty', 'catalog'],
  sharing: ['kernel', 'store', 'http', 'jobs', 'security', 'duty', 'catalog'],
  assessment: ['kernel', 'store', 'http', 'jobs', 'security', 'duty', 'catalog', 'ingestion', 'sharing'],
}
/** Rooms whose files are words, not a closed domain: any of their files may be imported. */
const openRooms = new Set(['kernel'])
/** Packages that only these places may use at run time: the capability walls. */
const walls: [RegExp, RegExp][] = [
  [/^(pg|kysely|@electric-sql\/.*|chdb|@clickhouse\/.*)$/, /^(server\/store|server\/ingestion\/(connectors|stream)|tools|testing|bench)\//],
  [/^(mysql2|ssh2-sftp-client|tedious|oracledb|mongodb|@platformatic\/kafka)/, /^(server\/ingestion\/(connectors|stream)|testing|bench)\//],
  [/^pg-boss$/, /^server\/jobs\//],
  [/^(fastify|@fastify\/.*)$/, /^(server\/http|bench)\//],
  [/^(antd|react|react-dom|react-router|echarts|@ant-design\/.*|@tanstack\/.*|dayjs)(\/|$)/, /^portal\//],
  [/^(playwright-core|axe-core|fast-check|minisearch|autocannon)/, /^(testing|bench|tools|portal\/journeys)\/|\.test\.ts$/],
]

interface Import {
  source: string
  isType: boolean
}
export function importsOf(path: string, text: string): Import[] {
  const { module } = parseSync(path, text)
  const isTypeOnly = (entries: { isType: boolean }[]) => entries.length > 0 && entries.every((entry) => entry.isType)
  return [
    ...module.staticImports.map((found) => ({ source: found.moduleRequest.value, isType: isTypeOnly(found.entries) })),
    ...module.staticExports
      .flatMap((found) => found.entries)
      .flatMap((entry) => (entry.moduleRequest ? [{ source: entry.moduleRequest.value, isType: entry.isType }] : [])),
    ...module.dynamicImports.map((found) => ({
      source: text.slice(found.moduleRequest.start + 1, found.moduleRequest.end - 1),
      isType: false,
    })),
  ]
}

/** Content of the lake leaves through server/security/grants only: nobody else calls for rows, or calls something a grant. */
const doors: [RegExp, RegExp, string][] = [
  [
    /\blake\s*\??\.\s*(rows|bytes)\s*[<(]/,
    /^(server\/security\/grants|server\/store|testing|bench)\//,
    'content of the lake is read by a Grant',
  ],
  [/kernel\/grant\.ts'[\s\S]*\bas Grant\b/, /^server\/security\/grants\//, 'only mint-grant.ts makes a Grant'],
]
const checkDoors = (path: string, text: string): string[] =>
  doors.flatMap(([forbidden, places, why]) =>
    forbidden.test(text) && !places.test(path) && !/\.test\.ts$/.test(path) ? [`${path}: ${why}`] : [],
  )

const resolve = (path: string, source: string) => (source.startsWith('#') ? source.slice(1) : normalize(join(dirname(path), source)))
const roomOf = (path: string) => /^server\/([^/]+)\//.exec(path)?.[1]

/** Everything wrong with the imports of one file. */
export function checkFile(path: string, text: string): string[] {
  const isTest = /\.test\.tsx?$/.test(path)
  const imports = importsOf(path, text).flatMap(({ source, isType }) => {
    const say = (why: string) => [`${path} → ${source}: ${why}`]
    if (!source.startsWith('.') && !source.startsWith('#')) {
      if (isType || isTest) return []
      return walls
        .filter(([packages, places]) => packages.test(source) && !places.test(path))
        .flatMap(() => say('only its own room may use this package'))
    }
    return checkLocal(path, resolve(path, source), isTest).flatMap(say)
  })
  return [...imports, ...checkDoors(path, text)]
}

function checkLocal(path: string, target: string, isTest: boolean): string[] {
  if (isTest || /^(testing|bench|tools)\//.test(path)) return []
  if (/\.test\.tsx?$|^(testing|bench|tools)\//.test(target)) return ['production code does not use tests']
  const [from, to] = [path.split('/')[0]!, target.split('/')[0]!]
  if (from === 'contract') return to === 'contract' ? [] : ['the contract imports nothing but zod']
  if (from === 'portal') return checkPortal(path, target)
  if (from === 'cli') return to === 'cli' || to === 'contract' ? [] : ['the CLI speaks HTTP only']
  if (from === 'demo') return to === 'demo' || to === 'contract' || to === 'server' ? [] : ['the demo uses contract and server']
  const [room, other] = [roomOf(path), roomOf(target)]
  if (to === 'contract' || room === other || !room) return []
  if (to !== 'server' || !other) return ['a room does not look outside']
  if (!edges[room]?.includes(other)) return [`${room} may not use ${other}`]
  if (!openRooms.has(other) && target !== `server/${other}/index.ts`) return [`only through server/${other}/index.ts`]
  return []
}

const foundation = new Set(['ui', 'api', 'shell'])
function checkPortal(path: string, target: string): string[] {
  if (/^contract\//.test(target)) return []
  if (!/^portal\//.test(target)) return ['the portal speaks HTTP only']
  const [room, other] = [path.split('/')[2]!, target.split('/')[2]!]
  if (path.split('/').length < 4 || room === other || foundation.has(other))
    return room === 'ui' && other !== 'ui' ? ['ui knows no domain'] : []
  return ['a portal room does not use another; link by route name']
}

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === 'dist') continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* sources(path)
    else if (/\.tsx?$/.test(entry.name)) yield path
  }
}

if (process.argv[1] && relative(process.cwd(), process.argv[1]) === 'tools/check-boundaries.ts') {
  const paths = ['contract', 'server', 'portal', 'cli', 'testing', 'demo'].flatMap((folder) => {
    try {
      return [...sources(folder)]
    } catch {
      return []
    }
  })
  const problems = paths.flatMap((path) => checkFile(path, readFileSync(path, 'utf8')))
  for (const problem of problems) console.error(problem)
  console.log(`${paths.length} files, ${problems.length} forbidden imports`)
  process.exit(problems.length > 0 || paths.length < 10 ? 1 : 0)
}
