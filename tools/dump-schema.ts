// Writes server/store/schema.sql-like facts as types: applies all migrations to an empty PGlite and turns
// information_schema into server/store/tables.ts. `--check` compares instead of writing.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { PGlite } from '@electric-sql/pglite'
import { Kysely, PGliteDialect, sql } from 'kysely'
import { migrate } from '../server/store/migrate.ts'

const target = new URL('../server/store/tables.ts', import.meta.url)
const db = new Kysely<unknown>({ dialect: new PGliteDialect({ pglite: (await PGlite.create()) as never }) })
await migrate(db)
const { rows } = await sql<{
  schema: string
  table: string
  column: string
  type: string
  element: string
  nullable: boolean
  has_default: boolean
}>`
  select table_schema as schema, table_name as table, column_name as column, data_type as type, udt_name as element,
    is_nullable = 'YES' as nullable, (column_default is not null or is_identity = 'YES' or is_generated = 'ALWAYS') as has_default
  from information_schema.columns
  where table_schema not in ('pg_catalog', 'information_schema', 'public') and table_schema not like 'pgboss%'
  order by table_schema, table_name, ordinal_position`.execute(db)
await db.destroy()

const plain: Record<string, string> = {
  text: 'string',
  uuid: 'string',
  bigint: 'number',
  integer: 'number',
  smallint: 'number',
  boolean: 'boolean',
  numeric: 'string',
  'double precision': 'number',
  date: 'string',
  bytea: 'Uint8Array',
  'timestamp with time zone': 'ColumnType<Date, Date | string, Date | string>',
  jsonb: 'ColumnType<unknown, string, string>',
}
const element: Record<string, string> = { _text: 'string[]', _uuid: 'string[]', _int4: 'number[]' }

function typeOf(row: (typeof rows)[number]): string {
  const base = row.type === 'ARRAY' ? element[row.element] : plain[row.type]
  if (!base) throw new Error(`${row.schema}.${row.table}.${row.column}: no type for ${row.type} ${row.element}`)
  const nullable = row.nullable
    ? base.startsWith('ColumnType')
      ? base.replace(/<([^,]+),/, '<$1 | null,').replaceAll(/, ([^,>]+)(?=[,>])/g, ', $1 | null')
      : `${base} | null`
    : base
  return row.has_default ? `Generated<${nullable}>` : nullable
}

const tables = Map.groupBy(rows, (row) => `${row.schema}.${row.table}`)
let text =
  "// Made by `npm run schema` from the migrations; not edited by hand.\nimport type { ColumnType, Generated as Made } from 'kysely'\n\n"
text += '// A column with a default: optional on insert, and a ColumnType inside keeps its own insert type.\n'
text += 'type Generated<T> = T extends ColumnType<infer S, infer I, infer U> ? ColumnType<S, I | undefined, U> : Made<T>\n\n'
text += 'export interface Tables {\n'
for (const [name, columns] of tables) {
  text += `  '${name}': {\n${columns.map((column) => `    ${column.column}: ${typeOf(column)}`).join('\n')}\n  }\n`
}
text += '}\n'

if (process.argv.includes('--check')) {
  if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
    console.error('server/store/tables.ts does not match the migrations: run `npm run schema`')
    process.exit(1)
  }
} else writeFileSync(target, text)
process.exit(0)
