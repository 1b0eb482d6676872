import type { App } from '../../../server/app.ts'
import { verifyChain } from '../../../server/store/index.ts'
import { kinds, streamed, type Sums, sumsSql } from './contents.ts'

/** What the stores of a city hold, told by itself. */
export interface FoundState {
  intact: boolean
  loads: FoundLoad[]
  entries: Record<string, FoundEntry>
  /** Instants at which the kept history says that something changed, the newest ones, and what was valid from each of them on. */
  history: (Sums & { since: string })[]
  /** Rows of the history that are not followed, where their key lives on, by the next one at the same instant. */
  gaps: number
  /** Slices that are done, of loads that are not. */
  slices: number
  /** Tables of loads in the lake. */
  tables: string[]
}
export interface FoundLoad {
  id: string
  entry: string
  state: string
  numbers: (number | null)[]
  error: string | null
  table: string | null
  isCurrent: boolean
  successes: number
  /** Place of its success in the log; 0 without one. */
  succeededAt: number
}
export interface FoundEntry {
  table: string
  live: Sums
  files: { loaded: number; others: number }
}

const loadTables = "SELECT name FROM system.tables WHERE database = 'lake' AND match(name, '^(r|q|in|a|v|w|s|y|t|p|d|h)_[0-9a-f]{32}_')"
const kindOf = (object: string) => kinds.find((kind) => kind.object === object)!.name
const numbersOf = <T>(row: object) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)])) as T

/** @param instants how many of the newest instants of the history are looked at */
export async function findState({ plane: { db }, lake }: App, instants: number): Promise<FoundState> {
  const ledger = await readLedger(db)
  const tables = await lake.measure<{ name: string }>(loadTables)
  const successes = new Map(ledger.events.map(({ object_id, n, seq }) => [object_id, { successes: Number(n), succeededAt: Number(seq) }]))
  return {
    intact: (await verifyChain(db)).intact,
    loads: ledger.loads.map((row) => ({
      id: row.id,
      entry: kindOf(row.object),
      state: row.state,
      numbers: [row.read_rows, row.sent_rows, row.written_rows, row.quarantined_rows],
      error: row.error_code,
      table: row.lake_table,
      isCurrent: row.state === 'succeeded' && row.superseded_at === null,
      ...(successes.get(row.id) ?? { successes: 0, succeededAt: 0 }),
    })),
    entries: await findEntries(lake, ledger),
    ...(await findHistory(lake, ledger, instants)),
    slices: ledger.slices.length,
    tables: tables.map(({ name }) => name),
  }
}

type Ledger = Awaited<ReturnType<typeof readLedger>>

/** Of one moment: what was interrupted may go on while it is looked at. */
const readLedger = (db: App['plane']['db']) =>
  db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => ({
      loads: await tx
        .selectFrom('ingestion.load as l')
        .innerJoin('ingestion.plan as p', 'p.id', 'l.plan_id')
        .selectAll('l')
        .select('p.object')
        .orderBy('l.id')
        .execute(),
      events: await tx
        .selectFrom('platform.event')
        .select(['object_id', (eb) => eb.fn.countAll<number>().as('n'), (eb) => eb.fn.max('seq').as('seq')])
        .where('action', '=', 'ingestion.load_succeeded')
        .groupBy('object_id')
        .execute(),
      resources: await tx
        .selectFrom('ingestion.plan as p')
        .innerJoin('catalog.resource as r', 'r.entry_id', 'p.entry_id')
        .select(['p.id', 'p.object', 'r.lake_table as table'])
        .where('p.object', '!=', streamed.object)
        .execute(),
      files: await tx.selectFrom('ingestion.loaded_file').select(['plan_id', 'state']).execute(),
      history: await tx.selectFrom('ingestion.history').select('lake_table').executeTakeFirst(),
      slices: await tx.selectFrom('ingestion.slice').select('number').where('state', '=', 'done').execute(),
    }))

async function findEntries(lake: App['lake'], { resources, files }: Ledger): Promise<FoundState['entries']> {
  const entries: FoundState['entries'] = {}
  for (const { id, object, table } of resources) {
    const name = kindOf(object)
    const [live] = await lake.measure<object>(`SELECT ${sumsSql} FROM lake.${table}`)
    const own = files.filter(({ plan_id }) => plan_id === id)
    const loaded = own.filter(({ state }) => state === 'loaded').length
    if (entries[name]) throw new Error(`two live tables of ${name}`)
    entries[name] = { table: table!, live: numbersOf(live!), files: { loaded, others: own.length - loaded } }
  }
  return entries
}

async function findHistory(lake: App['lake'], { history: kept }: Ledger, instants: number): Promise<Pick<FoundState, 'history' | 'gaps'>> {
  if (!kept) return { history: [], gaps: 0 }
  const table = `lake.${kept.lake_table}`
  const history = await lake.measure<object & { since: string }>(
    `SELECT toString(at) AS since, ${sumsSql} FROM ${table} AS h
     CROSS JOIN (SELECT DISTINCT \`#valid_from\` AS at FROM ${table} ORDER BY at DESC LIMIT {instants:UInt32}) AS i
     WHERE \`#valid_from\` <= at AND at < \`#valid_to\` GROUP BY at ORDER BY at`,
    { instants },
  )
  const [found] = await lake.measure<{ gaps: string }>(
    `SELECT countIf(following != toDateTime64(0, 3, 'UTC') AND following != \`#valid_to\`) AS gaps FROM (
       SELECT \`#valid_to\`, leadInFrame(\`#valid_from\`) OVER (PARTITION BY id ORDER BY \`#valid_from\`
         ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS following FROM ${table})`,
  )
  return { history: history.map(({ since, ...sums }) => ({ since, ...numbersOf<Sums>(sums) })), gaps: Number(found!.gaps) }
}
