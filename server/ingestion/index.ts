export { findEntryOrigins } from './lineage/find-entry-origins.ts'
export { countLoads } from './load/count-loads.ts'
export { countNightProblems } from './schedule/morning/get-morning-report.ts'
export { openIngestion } from './open-ingestion.ts'
