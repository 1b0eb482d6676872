import { join } from 'node:path'
import type { LoadMode } from '../../contract/ingestion.ts'
import { runPlan } from '../await-load.ts'
import { buildContent, passGates } from '../build-entry.ts'
import type { Client, TestCity } from '../city.ts'
import { type Fault, faults, type SourceKind } from './faults.ts'
import { createInMariadb, createInPostgres, type NightSources, writeCsvFile, writeJsonFile } from './sources.ts'

export interface NightPlan {
  planId: string
  entryId: string
  organisation: string
  rows: number
  fault: Fault | null
}

const departments = ['交通运输局', '市场监督管理局', '教育局', '民政局', '水利局', '商务局', '卫生健康委员会', '统计局', '审计局', '体育局']
const items = [
  { code: 'id', name: '编号', dataType: 'I', isKey: true, isRequired: true },
  { code: 'name', name: '事项', dataType: 'C', length: 60 },
  { code: 'amount', name: '金额', dataType: 'N', length: 12, scale: 2 },
  { code: 'day', name: '日期', dataType: 'D' },
  { code: 'changed', name: '变更时间', dataType: 'T' },
] as const
const kinds: readonly SourceKind[] = ['postgresql', 'mysql', 'postgresql', 'csv', 'mysql', 'json']
const modes: readonly LoadMode[] = [
  { kind: 'full' },
  { kind: 'incremental', column: 'changed', windowSeconds: 3600 },
  { kind: 'full' },
  { kind: 'compare', keepHistory: false },
]
const dialect = { format: 'csv', encoding: 'utf-8' } as const

/**
 * So many sources of a city with a plan and a schedule each: tables of PostgreSQL and MariaDB, files; full, incremental and compared.
 * Two in a hundred are broken, and at least one in each way that is known.
 */
export async function buildNight(city: TestCity, sources: NightSources, count: number): Promise<NightPlan[]> {
  const bureau = await city.as('厦门市数据管理局', 'bureau_officer')
  const people = await Promise.all(
    departments.map(async (name) => {
      const organisation = `厦门市${name}`
      return { organisation, steward: await city.as(organisation, 'steward'), officer: await city.as(organisation, 'data_officer') }
    }),
  )
  const broken = Math.max(faults.length, Math.round(count / 50))
  // Broken ones are spread over the night.
  const every = Math.max(1, Math.floor(count / broken))
  const plans: NightPlan[] = []
  for (let i = 0; i < count; i++) {
    const at = Math.floor(i / every)
    const fault = i % every === 0 && at < broken ? faults[at % faults.length]! : null
    plans.push(await buildPlan({ ...people[i % people.length]!, bureau }, sources, i, fault))
  }
  return plans
}

async function buildPlan(
  who: { organisation: string; steward: Client; officer: Client; bureau: Client },
  sources: NightSources,
  i: number,
  fault: Fault | null,
): Promise<NightPlan> {
  const { steward, organisation } = who
  const kind = fault?.kind ?? kinds[i % kinds.length]!
  const rows = 60 + ((i * 37) % 900)
  const object = await createObject(sources, kind, i, rows)
  const { id: revisionId, entryId } = await steward.call('create_entry', {
    body: { content: buildContent({ name: `事项清单${i}`, items: [...items], updateCycle: 'daily' }) },
  })
  await passGates({ entryId, revisionId, ...who })
  const { id: sourceId } = await steward.call('create_source', {
    body: {
      name: `业务库${i}`,
      settings: settingsOf(sources, kind, fault) as never,
      ...(kind === 'mysql' && { secret: fault?.secret ?? 'right' }),
    },
  })
  const isTable = kind === 'postgresql' || kind === 'mysql'
  const { id: planId } = await steward.call('create_plan', {
    body: {
      entryId,
      sourceId,
      object,
      mapping: items.map(({ code }) => ({ item: code, column: code })),
      verify: i % 3 === 0 ? 'content' : 'count',
      mode: isTable && !fault ? modes[Math.floor(i / kinds.length) % modes.length]! : { kind: 'full' },
      ...(kind === 'csv' && { dialect }),
    },
  })
  if (fault?.wasLoaded) await runPlan(steward, planId)
  await fault?.act?.(sources, object)
  const minutes = 60 + ((i * 7) % 180)
  const time = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
  await steward.call('set_schedule', {
    params: { planId },
    body: { version: 0, at: time, priority: i % 10 === 0 ? 'high' : 'normal', windowMinutes: fault ? 20 : 240 },
  })
  return { planId, entryId, organisation, rows, fault }
}

async function createObject(sources: NightSources, kind: SourceKind, i: number, rows: number): Promise<string> {
  const table = `matter_${i}`
  if (kind === 'postgresql') await createInPostgres(sources.postgres, table, rows)
  if (kind === 'mysql') await createInMariadb(sources.mariadb, table, rows)
  if (kind === 'csv') writeCsvFile(join(sources.folder, `${table}.csv`), rows)
  if (kind === 'json') writeJsonFile(join(sources.folder, `${table}.json`), rows)
  return kind === 'csv' || kind === 'json' ? `${table}.${kind}` : table
}

function settingsOf(sources: NightSources, kind: SourceKind, fault: Fault | null): object {
  const settings =
    kind === 'postgresql'
      ? { kind, host: '127.0.0.1', port: sources.postgresPort, database: 'postgres', schema: 'public', user: 'reader' }
      : kind === 'mysql'
        ? { kind, host: '127.0.0.1', port: sources.mariadbPort, database: 'city', user: 'reader' }
        : { kind: 'folder', path: '' }
  return { ...settings, ...fault?.settings?.(sources) }
}
