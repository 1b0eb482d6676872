export { findEntryOrigins } from './lineage/find-entry-origins.ts'
export { countLoads } from './load/count-loads.ts'
export { openIngestion } from './open-ingestion.ts'
