import type { Ctx } from '../../store/index.ts'
import { notFound } from '../../kernel/errors.ts'
import type { Connector } from './connector.ts'
import { openFileObjects } from './file-objects.ts'

export interface UploadedFile {
  id: string
  object: string
  size_bytes: number
  sha256: string
  uploaded_at: Date
}

export const uploadKey = (id: string) => `upload/${id}`

/** Files that people of the organisation uploaded to this source. */
export function openUpload(ctx: Pick<Ctx, 'lake' | 'files'>, uploads: () => Promise<UploadedFile[]>): Connector {
  return openFileObjects(ctx, {
    check: async () => ({ ok: true, code: null, detail: '', serverVersion: null, readOnly: true }),
    list: async () =>
      (await uploads()).map(({ object, size_bytes, uploaded_at }) => ({
        name: object,
        kind: 'file',
        comment: '',
        estimatedRows: null,
        sizeBytes: size_bytes,
        modifiedAt: uploaded_at.toISOString(),
      })),
    locate: async (object) => {
      const found = (await uploads()).find((file) => file.object === object)
      if (!found) throw notFound('ingestion.object_unknown', { object })
      return { path: ctx.files.pathOf(uploadKey(found.id)), fileName: found.object, sha256: found.sha256 }
    },
  })
}
