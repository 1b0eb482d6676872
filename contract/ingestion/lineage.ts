import { z } from 'zod'
import { GrantState } from '../sharing.ts'
import { Count, Id, Instant, LocalDate, OrgRef } from '../values.ts'

/** OpenLineage 2-0-2 as this program writes it: https://openlineage.io/spec/2-0-2/OpenLineage.json. */
export const openLineage = 'https://openlineage.io/spec'

/** Names the writer of each event and facet; this program has no address of its own on the web. */
export const lineageProducer = 'urn:datong:ingestion:1'
/** Where our own facets are described: OpenAPI of any node, by the name of the schema. */
export const ownSchema = (name: string) => `urn:datong:openapi:1#/components/schemas/${name}`

const facet = <Shape extends z.ZodRawShape>(shape: Shape) => z.object({ _producer: z.string(), _schemaURL: z.string(), ...shape })

/** Our run facet `datong_load`: the five numbers 五数 and what led to them. */
export const DatongLoadFacet = facet({
  kind: z.string(),
  attempt: z.int(),
  planId: Id,
  planVersion: z.int(),
  read: Count.nullable(),
  sent: Count.nullable(),
  written: Count.nullable(),
  quarantined: Count.nullable(),
  agrees: z.boolean().nullable(),
  reasons: z.array(z.object({ item: z.string(), reason: z.string(), count: Count })),
  errorCode: z.string().nullable(),
}).meta({ id: 'DatongLoadFacet' })

/** Our dataset facet `datong_entry`: the catalog's entry and version that the data were stored under. */
export const DatongEntryFacet = facet({ entryId: Id, code: z.string(), name: z.string(), version: z.int(), provider: z.string() }).meta({
  id: 'DatongEntryFacet',
})

/** Our dataset facet `datong_source`: which registered source an input is an object of. */
export const DatongSourceFacet = facet({ sourceId: Id, name: z.string(), object: z.string() }).meta({ id: 'DatongSourceFacet' })

/** Facets of the standard are open by design; ours are described above. */
const Facets = z.record(z.string(), z.unknown())
const Dataset = z.object({ namespace: z.string(), name: z.string(), facets: Facets })

export const runEventTypes = ['START', 'COMPLETE', 'FAIL', 'ABORT'] as const
/** An OpenLineage run event, as it was stored when it happened. */
export const RunEvent = z
  .object({
    eventType: z.enum(runEventTypes),
    eventTime: Instant,
    producer: z.string(),
    schemaURL: z.string(),
    run: z.object({ runId: Id, facets: z.looseObject({ datong_load: DatongLoadFacet }) }),
    job: z.object({ namespace: z.string(), name: z.string(), facets: Facets }),
    inputs: z.array(
      Dataset.extend({ facets: z.looseObject({ datong_source: DatongSourceFacet.optional() }), inputFacets: Facets.optional() }),
    ),
    outputs: z.array(
      Dataset.extend({ facets: z.looseObject({ datong_entry: DatongEntryFacet.optional() }), outputFacets: Facets.optional() }),
    ),
  })
  .meta({ id: 'RunEvent' })
export type RunEvent = z.infer<typeof RunEvent>

export const RunEventQuery = z.strictObject({
  entryId: Id.optional(),
  planId: Id.optional(),
  loadId: Id.optional(),
  from: Instant.optional(),
  to: Instant.optional(),
})

/** 数据血缘 of an entry, column by column: where its items come from, and who receives them. */
export const EntryLineage = z
  .object({
    entry: z.object({ id: Id, name: z.string(), code: z.string(), version: z.int(), provider: OrgRef }),
    items: z.array(z.object({ code: z.string(), name: z.string() })),
    /** The source's column by item, from the run that made the data of now; nothing where the caller may not see the source. */
    upstream: z.array(
      z.object({
        sourceId: Id,
        sourceName: z.string(),
        object: z.string(),
        planId: Id,
        loadId: Id,
        loadedAt: Instant,
        columns: z.array(z.object({ column: z.string(), item: z.string() })),
      }),
    ),
    /** Grants in force or waiting that the caller may see. */
    downstream: z.array(
      z.object({
        grantId: Id,
        number: z.string(),
        state: GrantState,
        consumer: OrgRef,
        endpoint: z.string(),
        to: LocalDate,
        items: z.array(z.object({ item: z.string(), mask: z.string() })),
      }),
    ),
  })
  .meta({ id: 'EntryLineage' })
export type EntryLineage = z.infer<typeof EntryLineage>
