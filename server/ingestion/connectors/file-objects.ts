import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { SourceStructure } from '#contract/ingestion/drift.ts'
import { pipeline } from 'node:stream/promises'
import type { FileDialect } from '#contract/ingestion.ts'
import { conflict } from '../../kernel/errors.ts'
import { rowColumn } from '../../kernel/lake-types.ts'
import { type Ctx, type LakeEngine, quoteIdentifier } from '../../store/index.ts'
import { describeFile } from '../files/describe-file.ts'
import type { FileDescription, PreparedFile } from '../files/file-description.ts'
import { prepareFile } from '../files/prepare-file.ts'
import { quarantineColumns, unreadableRows } from '../load/lake-tables.ts'
import type { CheckResult, Connector, DescribedObject, Reading, SourceObjectInfo, WantedColumn } from './connector.ts'
import { arrivalOf, ship } from './engine/engine-columns.ts'
import { toContract, toKnown } from './file-dialect.ts'

interface LocatedFile {
  path: string
  fileName: string
  sha256?: string
}

/** Where files come from: a folder of the server, or uploads. */
export interface FileObjects {
  check(): Promise<CheckResult>
  list(most?: number): Promise<SourceObjectInfo[]>
  /** The file's path on this machine, and where it is known what it must be. @throws not_found */
  locate(object: string, signal?: AbortSignal): Promise<LocatedFile>
}

/** Files of any kind as a source. */
export function openFileObjects({ lake, files }: Pick<Ctx, 'lake' | 'files'>, objects: FileObjects): Connector {
  // A load asks three times what a file holds, and of JSON the answer takes all of it: a file that is as it was is not read again.
  let last: { of: string; description: FileDescription } | null = null
  const describe = async (object: string, dialect: FileDialect | null, signal?: AbortSignal) => {
    const located = await objects.locate(object, signal)
    const of = JSON.stringify([located.path, await fileState(located.path), dialect])
    if (last?.of === of) return { ...located, description: last.description }
    const file = { ...located, measure: lake.measure, ...(dialect && { known: toKnown(dialect) }) }
    const description = await describeFile(file).catch(async (error) => {
      // One that does not read may not be what was sent, and then that is what there is to say.
      await refuseDamaged(located, signal)
      throw error
    })
    last = { of, description }
    return { ...located, description }
  }
  return {
    check: objects.check,
    listObjects: objects.list,
    hashObject: async (object) => digestOf((await objects.locate(object)).path),
    describe: async (object, dialect) => {
      const { description, fileName } = await describe(object, dialect)
      return presentDescription(object, fileName, description)
    },
    async structure(object, dialect) {
      const { path, fileName, description } = await describe(object, dialect)
      return fileStructure(description, toContract(description.reading, fileName).hasHeader, await fileState(path))
    },
    preview: async (object, dialect, limit) => {
      const { description } = await describe(object, dialect)
      return { columns: description.columns.map(({ name }) => name), rows: description.previewRows.slice(0, limit) }
    },
    async openReading(object, dialect, wanted, signal) {
      await refuseDamaged(await objects.locate(object, signal), signal)
      const { path, description } = await describe(object, dialect, signal)
      const workFolder = join(files.root, 'work', randomUUID())
      await mkdir(workFolder, { recursive: true, mode: 0o700 })
      try {
        const { reading, columns } = description
        const prepare = (proof: 'lines' | 'records') => prepareFile({ path, reading, columns, workFolder, proof, signal })
        return await openPreparedReading({ lake, path, description, prepare, wanted, workFolder })
      } catch (error) {
        await rm(workFolder, { recursive: true, force: true })
        throw error
      }
    },
  }
}

/** A header is a file's structure. Without one there is only what the values look like, in their order. */
const fileStructure = ({ columns }: FileDescription, hasHeader: boolean, stamp: string): SourceStructure => ({
  kind: 'file',
  columns: columns.map(({ name, guessedType, engineType }) => ({
    name,
    type: engineType ?? (hasHeader ? '' : guessedType),
    nullable: true,
    isKey: false,
    comment: '',
    identity: null,
    looksLike: guessedType,
  })),
  stamp,
})

function presentDescription(object: string, fileName: string, description: FileDescription): DescribedObject {
  return {
    object,
    columns: description.columns.map(({ name, guessedType, engineType, nulls, sampleValues, comment = '' }) => ({
      name,
      type: engineType ?? guessedType,
      nullable: nulls > 0,
      isKey: false,
      comment,
      samples: sampleValues.map((value) => value.slice(0, 60)),
    })),
    dialect: toContract(description.reading, fileName),
    sheets: (description.sheets ?? []).filter(({ state }) => state === 'visible').map(({ name }) => name),
    reasons: description.reasons,
    estimatedRows: description.estimatedRows,
  }
}

interface OpenedFile {
  lake: LakeEngine
  path: string
  description: Pick<FileDescription, 'columns' | 'isRowCountExact' | 'estimatedRows'>
  prepare: (proof: 'lines' | 'records') => Promise<PreparedFile>
  wanted: readonly WantedColumn[]
  workFolder: string
}

/** A file that has been looked at, as a load reads it. */
export async function openPreparedReading({ lake, path, description, prepare, wanted, workFolder }: OpenedFile): Promise<Reading> {
  const chosen = wanted.map(({ column }) => {
    const found = description.columns.find(({ name }) => name === column)
    if (!found) throw conflict('ingestion.column_gone', { column })
    return found
  })
  const state = await fileState(path)
  let prepared = await prepare('lines')
  return {
    arrivals: chosen.map((column, i) =>
      arrivalOf(column, wanted[i]!, { isNullable: prepared.input.format !== 'CSV', isEmptyMissing: true }),
    ),
    async input() {
      const { select } = prepared
      return {
        parts: [`(SELECT ${chosen.map((column, i) => ship(column, wanted[i]!, i)).join(', ')} FROM (${select.sql}))`],
        parameters: { ...select.parameters },
        settings: select.settings,
        hasDigest: false,
        isSnapshot: false,
      }
    },
    get unreadable() {
      return prepared.counts?.quarantined ?? 0
    },
    async proveAgain() {
      if (prepared.proof !== 'lines') return false
      prepared = await prepare('records')
      return true
    },
    // The records were counted while the file was proved, or described; a file that changes afterwards is another file.
    async count() {
      if ((await fileState(path)) !== state) throw conflict('ingestion.file_changed')
      const { counts, select } = prepared
      if (counts) return counts.read
      if (description.isRowCountExact) return description.estimatedRows
      const [found] = await lake.measure<{ n: string }>(
        `SELECT count() AS n FROM (${select.sql})`,
        { ...select.parameters },
        { priority: 'bulk', settings: select.settings },
      )
      return Number(found!.n)
    },
    quarantineUnreadable: (into, table) => insertDefects(into, table, prepared.quarantinePath!),
    close: () => rm(workFolder, { recursive: true, force: true }),
  }
}

async function digestOf(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash, { signal })
  return hash.digest('hex')
}

/** A second a GiB, before a load of minutes. @throws conflict `ingestion.upload_damaged` */
async function refuseDamaged({ path, fileName, sha256 }: LocatedFile, signal?: AbortSignal): Promise<void> {
  if (sha256 && (await digestOf(path, signal)) !== sha256) throw conflict('ingestion.upload_damaged', { object: fileName })
}

async function fileState(path: string): Promise<string> {
  const { size, mtimeMs, ino } = await stat(path)
  return `${size} ${mtimeMs} ${ino}`
}

/** Broken records keep their text, and what is known of the place; their row number is the line on which they start. */
async function insertDefects(lake: LakeEngine, table: string, path: string): Promise<void> {
  const q = quoteIdentifier
  const { row, reason, detail } = quarantineColumns
  await lake.command(
    `INSERT INTO lake.${q(table)} (${q(rowColumn)}, ${q(row)}, ${q(reason)}, ${q(detail)})
     SELECT ${unreadableRows} + line AS n, toString(n),
       if(reason = 'cell_problem', concat('file.cell.', JSONExtractString(params, 'problem')), concat('file.defect.', reason)),
       concat('{"params":', if(params = '', '{}', params), ',"raw":', toJSONString(raw), '}')
     FROM file({path:String}, 'JSONEachRow', 'line UInt64, reason String, params String, raw String')`,
    { path },
  )
}
