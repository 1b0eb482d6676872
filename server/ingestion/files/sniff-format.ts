// What a file is, by its first bytes; the name only decides between kinds of text.
import { open } from 'node:fs/promises'
import { invalid } from '../../kernel/errors.ts'
import type { FileReading } from './file-description.ts'

const HEAD_BYTES = 4096
/** First bytes as Latin-1 → the error's code. */
const REFUSED: Record<string, string[]> = {
  'file.compressed': ['\x1f\x8b', 'BZh', '7z\xbc\xaf', 'Rar!', '\xfd7zXZ', '\x28\xb5\x2f\xfd'],
  'file.unsupported_format': ['%PDF', '\x89PNG', '\xff\xd8\xff', 'GIF8', 'II*\0', 'MM\0*', '\x7fELF', 'MZ\x90'],
}

/** @throws `file.empty` `file.compressed` `file.unsupported_format` `file.html_table`; an .xls is told apart when it is opened */
export async function sniffFormat(path: string, fileName: string): Promise<FileReading['format']> {
  const handle = await open(path)
  try {
    const buffer = Buffer.alloc(HEAD_BYTES)
    const { bytesRead } = await handle.read(buffer, 0, HEAD_BYTES, 0)
    if (bytesRead === 0) throw invalid('file.empty')
    return judgeHead(buffer.toString('latin1', 0, bytesRead), fileName.toLowerCase())
  } finally {
    await handle.close()
  }
}

function judgeHead(head: string, fileName: string): FileReading['format'] {
  const refused = Object.keys(REFUSED).find((code) => REFUSED[code]!.some((magic) => head.startsWith(magic)))
  if (refused) throw invalid(refused)
  // Both the ZIP and the OLE container of Excel files; the reader says which one it can take.
  if (head.startsWith('PK\x03\x04') || head.startsWith('\xd0\xcf\x11\xe0')) return 'xlsx'
  if (head.startsWith('PAR1')) return 'parquet'
  if (head.startsWith('Obj\x01')) return 'avro'
  if (head.startsWith('ORC')) return 'orc'
  const text = head.replace(/^(?:\xef\xbb\xbf)+|^\xff\xfe|^\xfe\xff/, '').trimStart()
  // Many systems "export to Excel" as an HTML page with the name .xls.
  if (/^<(?:!doctype html|html|table|head|meta|style)/i.test(text)) throw invalid('file.html_table')
  if (/^<\?xml\s/.test(text) || fileName.endsWith('.xml')) return 'xml'
  if (/^<[a-z]+[\s>]/i.test(text)) throw invalid('file.unsupported_format')
  if (/^(?:-- (?:MySQL|MariaDB|PostgreSQL|phpMyAdmin)|--\s*\n-- PostgreSQL database dump)/.test(text) || fileName.endsWith('.sql'))
    return 'sql'
  if (/\.(?:json|geojson|jsonl|ndjson)$/.test(fileName)) return 'json'
  const isTable = /\.(?:csv|tsv|txt|tab|dat)$/.test(fileName)
  return !isTable && /^(?:\{\s*["}]|\[\s*[{\]])/.test(text) ? 'json' : 'csv'
}
