import type { SourceSettings } from '#contract/ingestion.ts'
import { AppError, conflict, notFound } from '../../kernel/errors.ts'
import type { Ctx } from '../../store/index.ts'
import { countColumn, type Connector, digestColumn, type WantedColumn } from '../connectors/connector.ts'
import { inputType } from '../load/lake-tables.ts'
import { wantedColumns } from '../load/plan-columns.ts'
import { selectAgent, selectConnection } from './agent-store.ts'
import { type DeliveryRow, selectDeliveryOf } from './delivery-store.ts'
import { isAway } from './present-agent.ts'
import { sliceKey } from './receive-delivery.ts'

type Settings = Extract<SourceSettings, { kind: 'agent' }>

/**
 * A database behind an agent: its structure is what the agent last reported, its rows are what the agent delivered for this load.
 * Values are seen only by a load, so there is nothing to preview.
 */
export function openAgentSource(
  ctx: Pick<Ctx, 'db' | 'files' | 'now'>,
  { agentId, connection }: Settings,
  loadId: string | null,
): Connector {
  const structureOf = async () => {
    const known = await selectConnection(ctx.db, agentId, connection)
    if (!known) throw conflict('ingestion.agent_connection_unknown')
    return known.structure.objects
  }
  const find = async (object: string) => {
    const found = (await structureOf()).find(({ name }) => name === object)
    if (!found) throw notFound('ingestion.object_unknown', { object })
    return found
  }
  return {
    async check() {
      const agent = await selectAgent(ctx.db, 'everything', agentId)
      const known = await selectConnection(ctx.db, agentId, connection)
      const code =
        agent?.state !== 'active'
          ? 'ingestion.agent_not_active'
          : isAway(agent, ctx.now())
            ? 'ingestion.agent_away'
            : !known
              ? 'ingestion.agent_connection_unknown'
              : known.ok
                ? null
                : 'ingestion.agent_connection_failed'
      return { ok: code === null, code, detail: known?.detail ?? '', serverVersion: known?.kind ?? null, readOnly: null }
    },
    listObjects: async () => (await structureOf()).map(({ columns: _, ...object }) => object),
    async describe(object) {
      const { columns, estimatedRows } = await find(object)
      return { object, columns, dialect: null, sheets: [], reasons: [], estimatedRows }
    },
    async preview() {
      throw conflict('ingestion.agent_no_preview')
    },
    async openReading(object, _dialect, wanted) {
      const delivery = loadId === null ? undefined : await selectDeliveryOf(ctx.db, loadId)
      const manifest = arrivedIn(delivery, object, wanted)
      const path = ctx.files.pathOf(sliceKey(delivery!.id, 1)).replace(/[^/]+$/, '*.native.zst')
      return {
        arrivals: manifest.arrivals,
        input: async (plans, { withDigest }) => ({
          parts: [`file({path:String}, 'Native', {structure:String})`],
          parameters: {
            path,
            structure: [
              ...plans.map((plan) => `\`${plan.input}\` ${inputType(plan)}`),
              ...(withDigest ? [`\`${digestColumn}\` Nullable(String)`] : []),
              `\`${countColumn}\` Nullable(Int64)`,
            ].join(', '),
          },
          settings: {},
          hasDigest: withDigest,
          isSnapshot: true,
        }),
        count: async () => manifest.rows,
        unreadable: 0,
        close: async () => {},
      }
    },
  }
}

/** @throws conflict with the agent's reason; `ingestion.delivery_other` where the plan has changed since it was ordered */
function arrivedIn(delivery: DeliveryRow | undefined, object: string, wanted: readonly WantedColumn[]) {
  if (delivery?.error) throw new AppError('conflict', delivery.error.code, { params: delivery.error.params })
  if (!delivery?.manifest) throw conflict('ingestion.delivery_other')
  const { content, manifest } = delivery
  const ordered = wantedColumns(content.mapping, content.items).wanted
  if (content.object !== object || JSON.stringify(ordered) !== JSON.stringify(wanted)) throw conflict('ingestion.delivery_other')
  return manifest
}
