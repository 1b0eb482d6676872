import type { FileDialect, ObjectDescription } from '#contract/ingestion.ts'
import { messageOf } from '#contract/messages/index.ts'
import { type Ctx, emit, inTx } from '../../store/index.ts'
import type { SourceObjectInfo } from '../connectors/connector.ts'
import type { Access } from '../load/load-full.ts'
import { connectorOf } from './connector-of.ts'
import { getOwnSource, getSource } from './present-source.ts'

/** Tables, views and files of a source, without content. */
export async function listObjects(ctx: Ctx, access: Access, id: string): Promise<{ items: SourceObjectInfo[] }> {
  return { items: await connectorOf(ctx, access, await getSource(ctx, id)).listObjects() }
}

/** The structure of an object with a few sample values: content, so it is its owner's and leaves an audit entry. */
export async function describeObject(
  ctx: Ctx,
  access: Access,
  id: string,
  { object, dialect }: { object: string; dialect: FileDialect | null },
): Promise<ObjectDescription> {
  const source = await getOwnSource(ctx, id)
  const description = await connectorOf(ctx, access, source).describe(object, dialect)
  await noteRead(ctx, { action: 'ingestion.object_described', id, name: source.name, object, rows: 0 })
  return { ...description, reasons: description.reasons.map(({ code, params }) => messageOf(code, ctx.language, params)) }
}

export async function previewObject(
  ctx: Ctx,
  access: Access,
  id: string,
  { object, dialect, limit }: { object: string; dialect: FileDialect | null; limit: number },
) {
  const source = await getOwnSource(ctx, id)
  const preview = await connectorOf(ctx, access, source).preview(object, dialect, limit)
  await noteRead(ctx, { action: 'ingestion.object_previewed', id, name: source.name, object, rows: preview.rows.length })
  return preview
}

interface Read {
  action: string
  id: string
  name: string
  object: string
  rows: number
}
const noteRead = (ctx: Ctx, { action, id, name, object, rows }: Read) =>
  inTx(ctx, async (ctx) => emit(ctx, { action, object: { type: 'source', id, name }, isData: true, detail: { object, rows } }))
