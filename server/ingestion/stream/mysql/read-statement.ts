/** What a statement that stands in the log as text does to a table. */
export type Effect = 'none' | 'empties' | 'grows' | 'alters' | 'writes'

const quoted = /'(?:[^'\\]|''|\\.)*'|"(?:[^"\\]|""|\\.)*"|`(?:[^`]|``)*`/g
const comments = /\/\*(?![!M])[\s\S]*?\*\/|(?:--\s|#).*$/gm
const literally = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')

/**
 * Read from its words alone, and in doubt the worse: rows that change by DDL do not stand in the log, so only what certainly leaves
 * every row of the table as it is, may pass. `schema`: the database that the statement was run in.
 */
export function readStatement(statement: string, schema: string, { database, table }: { database: string; table: string }): Effect {
  const text = statement.replace(comments, ' ').trim()
  const words = text.replace(quoted, '?').toUpperCase()
  if (
    /^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|START TRANSACTION|XA|SET(?! STATEMENT)|GRANT|REVOKE|FLUSH|ANALYZE|CHECK|CREATE USER|ALTER USER|DROP USER)\b/.test(
      words,
    )
  )
    return 'none'
  const names = (name: string) =>
    // A client of another character set writes names that cannot be read here.
    text.includes('\ufffd') ||
    new RegExp(`(?<![\\p{L}\\p{N}_$])${literally(name.replaceAll('`', '``'))}(?![\\p{L}\\p{N}_$])`, 'iu').test(text)
  if (/^(DROP|ALTER) (DATABASE|SCHEMA)\b/.test(words)) return names(database) || schema === database ? 'alters' : 'none'
  if (!names(table) || (schema !== database && !names(database))) return 'none'
  const own = `(?:\`?${literally(database.replaceAll('`', '``'))}\`?\\s*\\.\\s*)?\`?${literally(table.replaceAll('`', '``'))}\`?`
  if (new RegExp(`^TRUNCATE\\s+(?:TABLE\\s+)?${own}\\s*;?$`, 'i').test(text)) return 'empties'
  if (/^(INSERT|UPDATE|DELETE|REPLACE|LOAD|WITH)\b/.test(words)) return 'writes'
  if (/^(CREATE|DROP) ((OR REPLACE|UNIQUE|FULLTEXT|SPATIAL|ONLINE|OFFLINE) )*(INDEX|VIEW|TRIGGER|EVENT|PROCEDURE|FUNCTION)\b/.test(words))
    return 'none'
  return new RegExp(`^ALTER\\s+TABLE\\s+${own}\\s+ADD\\b`, 'i').test(text) && !mayMove.test(words) ? 'grows' : 'alters'
}

/** Words of an ALTER that adds something and does more than that. */
const mayMove =
  /\b(DROP|MODIFY|CHANGE|RENAME|PARTITIONS?|PARTITION BY|CONVERT|DISCARD|IMPORT|EXCHANGE|REORGANIZE|COALESCE|REMOVE|ORDER|ENGINE|CHARACTER|CHARSET|COLLATE|SYSTEM|PERIOD|SET|PRIMARY|FORCE)\b/
