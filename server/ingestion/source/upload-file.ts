import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import { Transform } from 'node:stream'
import { AppError, conflict, invalid } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import type { Transport } from '../../http/index.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import { uploadKey } from '../connectors/upload.ts'
import { getOwnSource } from './present-source.ts'
import { replaceUpload } from './source-store.ts'

const maxBytes = 20 * 2 ** 30

/**
 * Keeps an uploaded file for an upload source; one of the same name takes the earlier one's place. The bytes go to disk as they
 * come. @throws too_large `http.too_large`; conflict `ingestion.not_an_upload_source`; invalid `ingestion.file_name`
 */
export async function uploadFile(
  ctx: Ctx,
  { sourceId, fileName }: { sourceId: string; fileName: string },
  file: NonNullable<Transport['file']>,
) {
  const source = await getOwnSource(ctx, sourceId)
  if (source.settings.kind !== 'upload') throw conflict('ingestion.not_an_upload_source')
  // The name is only ever a label, but people paste it elsewhere.
  if (/[/\\]|\p{Cc}/u.test(fileName) || fileName.startsWith('.')) throw invalid('ingestion.file_name')
  const id = newId(ctx.now().getTime())
  const { sizeBytes, sha256 } = await keep(ctx, id, file)
  try {
    const earlier = await inTx(ctx, async (ctx) => {
      const row = {
        id,
        source_id: sourceId,
        object: fileName,
        size_bytes: sizeBytes,
        sha256,
        uploaded_by: ctx.actor.name,
        uploaded_at: ctx.now(),
      }
      const replaced = await replaceUpload(ctx.db, row)
      emit(ctx, {
        action: 'ingestion.file_uploaded',
        object: { type: 'source', id: sourceId, name: source.name },
        detail: { object: fileName, sizeBytes, sha256 },
      })
      return replaced
    })
    if (earlier) await ctx.files.remove(uploadKey(earlier))
  } catch (error) {
    await ctx.files.remove(uploadKey(id))
    throw error
  }
  return { object: fileName, sizeBytes, sha256 }
}

async function keep(ctx: Ctx, id: string, file: NonNullable<Transport['file']>): Promise<{ sizeBytes: number; sha256: string }> {
  const sha256 = createHash('sha256')
  // A listener for `data` instead would start the flow before the store is ready to take it.
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sha256.update(chunk)
      done(null, chunk)
    },
  })
  try {
    const [sizeBytes] = await Promise.all([ctx.files.put(uploadKey(id), through, maxBytes), pipeline(file.stream, through)])
    return { sizeBytes, sha256: sha256.digest('hex') }
  } catch (error) {
    if (error instanceof RangeError) throw new AppError('too_large', 'http.too_large', { params: { limit: '20 GiB' } })
    throw error
  }
}
