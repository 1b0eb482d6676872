import type { MappingColumn } from '#contract/ingestion.ts'
import { lineageProducer, openLineage, ownSchema, type RunEvent } from '#contract/ingestion/lineage.ts'
import type { PublishedEntry } from '../../catalog/index.ts'
import { lakeTypeOf } from '../../kernel/lake-types.ts'
import type { Outcome } from '../load/load-object.ts'
import type { LoadRow } from '../load/load-store.ts'
import type { PlanRow } from '../plan/plan-store.ts'
import type { SourceRow } from '../source/source-store.ts'
import { type DatasetName, lakeNamespace, nameSourceDataset } from './name-dataset.ts'

/** How a run stands. */
export interface RunState {
  type: RunEvent['eventType']
  numbers?: Partial<Outcome>
  /** The lake table that became the entry's data. */
  table?: string
  error?: { code: string; message: string }
}

export interface RunFacts extends RunState {
  at: Date
  load: LoadRow
  plan: PlanRow
  source: SourceRow
  /** Null where the entry is not published (any more). */
  entry: PublishedEntry | null
}

const facetOf = (path: string, facet: object) => ({ _producer: lineageProducer, _schemaURL: `${openLineage}/facets/${path}`, ...facet })
const ownFacet = <Facet extends object>(name: string, facet: Facet) => ({
  _producer: lineageProducer,
  _schemaURL: ownSchema(name),
  ...facet,
})

/** The run event of a load by OpenLineage 2-0-2, with our own facets `datong_…`. */
export function buildRunEvent(facts: RunFacts): RunEvent {
  const { type, at, load, plan, error } = facts
  return {
    eventType: type,
    eventTime: at.toISOString(),
    producer: lineageProducer,
    schemaURL: `${openLineage}/2-0-2/OpenLineage.json#/$defs/RunEvent`,
    run: {
      runId: load.id,
      facets: {
        nominalTime: facetOf('1-0-1/NominalTimeRunFacet.json', { nominalStartTime: load.queued_at.toISOString() }),
        ...(error && {
          errorMessage: facetOf('1-0-1/ErrorMessageRunFacet.json', { message: error.message, programmingLanguage: 'TypeScript' }),
        }),
        datong_load: loadFacet(facts),
      },
    },
    job: {
      namespace: lakeNamespace,
      name: `load.${plan.id}`,
      facets: {
        jobType: facetOf('2-0-4/JobTypeJobFacet.json', { processingType: 'BATCH', integration: 'DATONG', jobType: 'LOAD' }),
        ownership: facetOf('1-0-1/OwnershipJobFacet.json', { owners: [{ name: load.org_name, type: 'OWNER' }] }),
      },
    },
    inputs: [inputOf(facts)],
    outputs: [outputOf(facts)],
  }
}

const loadFacet = ({ load, plan, numbers = {}, error }: RunFacts) =>
  ownFacet('DatongLoadFacet', {
    kind: load.kind,
    attempt: load.attempt,
    planId: plan.id,
    planVersion: plan.version,
    read: numbers.read ?? null,
    sent: numbers.sent ?? null,
    written: numbers.written ?? null,
    quarantined: numbers.quarantined ?? null,
    agrees: numbers.agrees ?? null,
    reasons: (numbers.reasons ?? []).map(({ column, reason, count }) => ({ item: column, reason, count })),
    errorCode: error?.code ?? null,
  })

const entryDataset = ({ load, entry }: RunFacts): DatasetName => ({ namespace: lakeNamespace, name: entry?.code || load.entry_id })
/** A replay reads what quarantine holds of the same entry. */
const quarantineDataset = (facts: RunFacts): DatasetName => ({ namespace: lakeNamespace, name: `${entryDataset(facts).name}.quarantine` })
const inputDataset = (facts: RunFacts): DatasetName =>
  facts.load.kind === 'replay' ? quarantineDataset(facts) : nameSourceDataset(facts.source.id, facts.source.settings, facts.plan.object)

function inputOf(facts: RunFacts): RunEvent['inputs'][number] {
  const { plan, source, numbers, load } = facts
  const fields = plan.mapping.map(({ item, column }) => ({ name: load.kind === 'replay' ? item : column }))
  const assertions = assertionsOf(numbers)
  return {
    ...inputDataset(facts),
    facets: {
      schema: facetOf('1-2-0/SchemaDatasetFacet.json', { fields }),
      ...(load.kind !== 'replay' && {
        dataSource: facetOf('1-0-1/DatasourceDatasetFacet.json', { name: source.name, uri: `urn:uuid:${source.id}` }),
        datong_source: ownFacet('DatongSourceFacet', { sourceId: source.id, name: source.name, object: plan.object }),
      }),
    },
    inputFacets: {
      ...(numbers?.read !== undefined && {
        inputStatistics: facetOf('1-0-0/InputStatisticsInputDatasetFacet.json', { rowCount: numbers.read }),
      }),
      ...(assertions.length > 0 && {
        dataQualityAssertions: facetOf('1-1-0/DataQualityAssertionsDatasetFacet.json', { assertions }),
      }),
    },
  }
}

/** The five numbers as what they assert: read = sent = written + quarantined, and the contents agree. */
function assertionsOf({ read, sent, written, quarantined, agrees }: Partial<Outcome> = {}) {
  const equal = (assertion: string, expected: number, actual: number) => ({
    assertion,
    success: expected === actual,
    expected: String(expected),
    actual: String(actual),
  })
  return [
    ...(read !== undefined && sent !== undefined ? [equal('sent_equals_read', read, sent)] : []),
    ...(read !== undefined && written !== undefined && quarantined !== undefined
      ? [equal('written_and_quarantined_equal_read', read, written + quarantined)]
      : []),
    ...(typeof agrees === 'boolean' ? [{ assertion: 'contents_agree', success: agrees }] : []),
  ]
}

function outputOf(facts: RunFacts): RunEvent['outputs'][number] {
  const { entry, plan, table, numbers } = facts
  const input = inputDataset(facts)
  const columnOf = ({ item, column, conversion }: MappingColumn) => ({
    ...input,
    field: facts.load.kind === 'replay' ? item : column,
    transformations: [{ type: 'DIRECT', subtype: conversion === 'text' ? 'IDENTITY' : 'TRANSFORMATION', description: conversion }],
  })
  return {
    ...entryDataset(facts),
    facets: {
      ...(entry && {
        schema: facetOf('1-2-0/SchemaDatasetFacet.json', {
          fields: entry.content.items.map((item) => ({ name: item.code, type: lakeTypeOf(item).value, description: item.name })),
        }),
        datong_entry: ownFacet('DatongEntryFacet', {
          entryId: entry.id,
          code: entry.code,
          name: entry.name,
          version: entry.version,
          provider: entry.provider.name,
        }),
      }),
      columnLineage: facetOf('1-2-0/ColumnLineageDatasetFacet.json', {
        fields: Object.fromEntries(plan.mapping.map((line) => [line.item, { inputFields: [columnOf(line)] }])),
      }),
      ...(table && { version: facetOf('1-0-1/DatasetVersionDatasetFacet.json', { datasetVersion: table }) }),
    },
    ...(table &&
      numbers?.written !== undefined && {
        outputFacets: { outputStatistics: facetOf('1-0-2/OutputStatisticsOutputDatasetFacet.json', { rowCount: numbers.written }) },
      }),
  }
}
