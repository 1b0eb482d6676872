// Opens the ZIP container of an .xlsx and refuses what is not one: bombs, doubled or escaping names, encryption.
// Nothing is decompressed before every declared size has been judged; yauzl then holds each stream to its declared size.
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { AppError, invalid } from '../../kernel/errors.ts'

export interface XlsxLimits {
  /** Parts in the container. Excel writes 10 to 100. */
  maxEntries: number
  /** Sum of all parts after decompression, bytes. */
  maxTotalBytes: number
  /** Decompressed : compressed, judged for parts above 1 MiB and for the whole file. Real sheets stay below 40. */
  maxRatio: number
  /** Shared strings held in memory, bytes. */
  maxSharedStringBytes: number
}

export const XLSX_LIMITS: XlsxLimits = { maxEntries: 2000, maxTotalBytes: 2 ** 31, maxRatio: 100, maxSharedStringBytes: 2 ** 28 }

export interface XlsxArchive {
  names: ReadonlySet<string>
  /** The decompressed bytes of one part. @throws `file.xlsx_damaged` when the part is missing. */
  openPart(name: string): Promise<Readable>
  close(): void
}

const RATIO_JUDGED_FROM_BYTES = 2 ** 20
const OLE_MAGIC = Buffer.from('d0cf11e0a1b11ae1', 'hex')
const ENCRYPTED_PACKAGE = Buffer.from('EncryptedPackage', 'utf16le')

/** @throws `file.legacy_xls` `file.password_protected` `file.xlsx_damaged` `file.zip_bomb` `file.zip_bad_name` */
export async function openXlsxArchive(path: string, limits: XlsxLimits = XLSX_LIMITS): Promise<XlsxArchive> {
  const fileBytes = await refuseOleContainer(path)
  const zip = await openPromise(path, { autoClose: false, strictFileNames: true }).catch((cause) => {
    throw new AppError('invalid', 'file.xlsx_damaged', { cause, params: { part: 'zip' } })
  })
  try {
    const entries = await readEntries(zip, fileBytes, limits)
    const openPart = async (name: string) => {
      const entry = entries.get(name)
      if (!entry) throw invalid('file.xlsx_damaged', { part: name })
      return zip.openReadStreamPromise(entry)
    }
    return { names: new Set(entries.keys()), openPart, close: () => zip.close() }
  } catch (error) {
    zip.close()
    throw error
  }
}

/** Excel 97 files and password-protected .xlsx are OLE containers, not ZIP: say which of the two it is. */
async function refuseOleContainer(path: string): Promise<number> {
  const handle = await open(path)
  try {
    const head = Buffer.alloc(65536)
    const { bytesRead } = await handle.read(head, 0, head.length, 0)
    if (head.subarray(0, 8).equals(OLE_MAGIC)) {
      throw invalid(head.subarray(0, bytesRead).includes(ENCRYPTED_PACKAGE) ? 'file.password_protected' : 'file.legacy_xls')
    }
    return (await handle.stat()).size
  } finally {
    await handle.close()
  }
}

async function readEntries(zip: ZipFile, fileBytes: number, limits: XlsxLimits): Promise<Map<string, Entry>> {
  if (zip.entryCount > limits.maxEntries) throw bomb('entries', zip.entryCount, limits.maxEntries)
  const entries = new Map<string, Entry>()
  const folded = new Set<string>()
  let total = 0
  try {
    for await (const entry of zip.eachEntry()) {
      const key = entry.fileName.toLowerCase()
      if (folded.has(key)) throw invalid('file.zip_bad_name', { name: entry.fileName })
      if (entry.isEncrypted() || !entry.canDecodeFileData()) throw invalid('file.password_protected')
      folded.add(key)
      total += entry.uncompressedSize
      judgeSize(entry.uncompressedSize, entry.compressedSize, limits)
      if (!entry.fileName.endsWith('/')) entries.set(entry.fileName, entry)
    }
  } catch (error) {
    if (error instanceof AppError) throw error
    // yauzl names escaping and absolute file names in its message; everything else is a broken directory.
    const isName = /absolute path|relative path|invalid characters/.test(String(error))
    throw new AppError('invalid', isName ? 'file.zip_bad_name' : 'file.xlsx_damaged', { cause: error, params: { name: '?', part: 'zip' } })
  }
  if (total > limits.maxTotalBytes) throw bomb('bytes', total, limits.maxTotalBytes)
  // Overlapping parts share compressed bytes, so each looks harmless alone: judge them together too.
  judgeSize(total, fileBytes, limits)
  return entries
}

function judgeSize(uncompressed: number, compressed: number, limits: XlsxLimits): void {
  if (uncompressed < RATIO_JUDGED_FROM_BYTES) return
  const ratio = Math.ceil(uncompressed / Math.max(1, compressed))
  if (ratio > limits.maxRatio) throw bomb('ratio', ratio, limits.maxRatio)
}

const bomb = (what: 'entries' | 'bytes' | 'ratio', found: number, limit: number) =>
  new AppError('too_large', 'file.zip_bomb', { params: { what, found, limit } })
