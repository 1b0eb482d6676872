import { crc32 } from 'node:zlib'
import { quoteIdentifier } from './quote-identifier.ts'

/** One statement that every node runs, and what unmakes it there. */
export interface Step {
  sql: string
  undo?: string
}

/** The database of the tables that hold a node's own rows; `lake` holds the `Distributed` ones of the same names. */
export const shardDatabase = 'shard'

/** Copies that live as long as one statement; emptied when the lake is opened. */
export const scratchDatabase = 'scratch'

/**
 * Turns a statement that was written for one lake into what each node of a cluster has to run: rows lie in `shard.t`, and `lake.t` is the
 * `Distributed` table over them. Null for everything that one node runs for all (SELECT, INSERT).
 * @param cluster name of the shards in the servers' `<remote_servers>`
 * @param shardBy columns whose equal values lie on one node; by default the sorting key
 * @throws TypeError for a definition that would do half of what it says
 */
export function spreadStatement(sql: string, cluster: string, shardBy: readonly string[] = []): Step[] | null {
  const text = { sql, bare: withoutTexts(sql) }
  return (
    spreadCreate(text, cluster, shardBy) ??
    spreadView(text) ??
    spreadDrop(text) ??
    spreadExchange(text) ??
    spreadChange(text) ??
    refuseUnknown(text)
  )
}

/** A statement, and the same with the insides of names and texts blanked, so that a pattern never matches in them. */
interface Text {
  sql: string
  bare: string
}

const withoutTexts = (sql: string) =>
  sql.replace(
    /`(?:[^`\\]|\\.|``)*`|'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"/gs,
    (text) => text[0] + '_'.repeat(text.length - 2) + text.at(-1),
  )

const name = '(?:lake\\.)?(`_*`|\\w+)(?![.\\w`])'
const head = (pattern: string) => new RegExp(`^\\s*${pattern.replaceAll(' ', '\\s+').replaceAll('NAME', name)}(.*)$`, 'dis')

/** The groups of a match on the blanked text, as they stand in the statement. */
function match({ sql, bare }: Text, pattern: RegExp): (string | undefined)[] | null {
  const found = pattern.exec(bare)
  return found && found.indices!.slice(1).map((range) => range && sql.slice(...range))
}

const at = (database: string, table: string | undefined) => `${database}.${table}`
const local = (table: string | undefined) => at(shardDatabase, table)
const whole = (table: string | undefined) => at('lake', table)
const drop = (table: string) => `DROP TABLE IF EXISTS ${table} SYNC`

const create = head('CREATE( OR REPLACE)? TABLE( IF NOT EXISTS)? NAME')
const likeOther = head('((?:CLONE )?AS) NAME')

function spreadCreate(text: Text, cluster: string, shardBy: readonly string[]): Step[] | null {
  const found = match(text, create)
  if (!found) return null
  const [orReplace = '', ifNotExists = '', table, rest] = found
  const body: Text = { sql: rest!, bare: text.bare.slice(text.bare.length - rest!.length) }
  const engine = /\bENGINE\s*=?\s*(\w+)/i.exec(body.bare)?.[1]
  const isOurs = !orReplace && !ifNotExists
  if (engine === 'Null' || engine === 'Distributed') return [{ sql: text.sql, ...(isOurs && { undo: drop(whole(table)) }) }]
  if (/\bAS\s+(?:SELECT|WITH|\()/i.test(body.bare)) throw new TypeError('a table of the lake is filled by INSERT … SELECT')
  const other = match(body, likeOther)
  const inner = other ? ` ${other[0]} ${local(other[1])}${other[2]}` : rest
  const start = (database: string) => `CREATE${orReplace} TABLE${ifNotExists} ${at(database, table)}`
  const key = shardBy.length > 0 ? hashed(shardBy.map(quoteIdentifier).join(', ')) : (wholeOnOneNode(engine, table!) ?? sortingKey(body))
  return [
    { sql: `${start(shardDatabase)}${inner}`, ...(isOurs && { undo: drop(local(table)) }) },
    {
      sql: `${start('lake')} AS ${local(table)} ENGINE = Distributed(${quoteIdentifier(cluster)}, ${shardDatabase}, ${table}, ${key})`,
      ...(isOurs && { undo: drop(whole(table)) }),
    },
  ]
}

/** A tuple's hash is never NULL, whatever it holds. */
const hashed = (columns: string) => `sipHash64(tuple(${columns}))`

/**
 * A table that is changed in place takes each block as one atomic insert, and its rows replace each other by key: both hold on one node
 * only, so such a table lies there as a whole. Its name says on which.
 */
const wholeOnOneNode = (engine: string | undefined, table: string) =>
  engine && /(?:Replacing|Collapsing|Summing|Aggregating)MergeTree$/.test(engine) ? String(crc32(table)) : null

function sortingKey({ sql, bare }: Text): string {
  const start = /\b(?:ORDER\s+BY|PRIMARY\s+KEY)\s+/i.exec(bare)
  if (!start) return 'rand()'
  const from = start.index + start[0].length
  const end = bare.slice(from).search(/\s+(?:PARTITION\s+BY|PRIMARY\s+KEY|ORDER\s+BY|SAMPLE\s+BY|TTL|SETTINGS|COMMENT)\b|[\s;]*$/i)
  const columns = sql.slice(from, from + end)
  return /^(?:tuple)?\(\s*\)$/.test(columns) ? 'rand()' : hashed(columns)
}

function spreadView(text: Text): Step[] | null {
  const found = match(text, head('CREATE(?: MATERIALIZED)? VIEW( IF NOT EXISTS)? NAME'))
  return found && [{ sql: text.sql, ...(!found[0] && { undo: drop(whole(found[1])) }) }]
}

/** The whole first: who reads meanwhile is told that there is no table, and never gets a part of it. */
function spreadDrop(text: Text): Step[] | null {
  const found = match(text, head('DROP (TABLE|VIEW)( IF EXISTS)? NAME'))
  if (!found) return null
  const [kind, ifExists = '', table, rest] = found
  return [{ sql: `DROP ${kind}${ifExists} ${whole(table)}${rest}` }, { sql: drop(local(table)) }]
}

/** The tables must have the same columns. */
function spreadExchange(text: Text): Step[] | null {
  const found = match(text, head('EXCHANGE TABLES NAME AND NAME'))
  if (!found) return null
  const sql = `EXCHANGE TABLES ${local(found[0])} AND ${local(found[1])}`
  return [{ sql, undo: sql }]
}

const fromOther = /^(.*\b(?:ATTACH|REPLACE)\s+PARTITION\b.*\bFROM\s+)(?:lake\.)?(`_*`|\w+)(?![.\w`])(.*)$/dis

/** What changes rows or parts goes to where they are; a change of columns is told to the whole as well. */
function spreadChange(text: Text): Step[] | null {
  const found = match(text, head('(ALTER TABLE|DELETE FROM|OPTIMIZE TABLE|TRUNCATE TABLE(?: IF EXISTS)?) NAME'))
  if (!found) return null
  const [verb, table, rest] = found
  const body: Text = { sql: rest!, bare: text.bare.slice(text.bare.length - rest!.length) }
  const [before, other, after] = match(body, fromOther) ?? []
  const steps = [{ sql: `${verb} ${local(table)}${other ? `${before}${local(other)}${after}` : rest}` }]
  if (/^DELETE/i.test(verb!)) return deleteByCopies(`${verb} ${local(table)}`, body)
  const isOfColumns = /^\s*(?:ADD|DROP|MODIFY|RENAME)\s+COLUMN\b/i.test(body.bare)
  return isOfColumns ? [...steps, { sql: `${verb} ${whole(table)}${rest}` }] : steps
}

/**
 * A deletion is carried out by a node's merges, which must not wait for other nodes (the engine has died of it): the tables that tell
 * which rows go are copied to each node first.
 */
function deleteByCopies(head: string, { sql, bare }: Text): Step[] {
  const named = [...bare.matchAll(/\bFROM\s+lake\.(`_*`|\w+)/dgi)].map(({ indices }) => indices![1]!)
  const names = new Set(named.map((range) => sql.slice(...range)))
  const rest = sql.replaceAll(/\bFROM\s+lake\.(`(?:[^`\\]|\\.)*`|\w+)/gi, (whole, name: string) =>
    names.has(name) ? `FROM ${at(scratchDatabase, name)}` : whole,
  )
  return [
    ...[...names].map((name) => ({
      sql: `CREATE OR REPLACE TABLE ${at(scratchDatabase, name)} ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM ${whole(name)}`,
    })),
    { sql: `${head}${rest}` },
    ...[...names].map((name) => ({ sql: drop(at(scratchDatabase, name)) })),
  ]
}

function refuseUnknown({ bare }: Text): null {
  const verb = /^\s*(RENAME|ATTACH|DETACH|UNDROP|CREATE|DROP)\s+(?:TABLE|DICTIONARY|DATABASE)/i.exec(bare)?.[1]
  if (verb) throw new TypeError(`a cluster has no ${verb} of this kind: see spread-statement.ts`)
  return null
}
