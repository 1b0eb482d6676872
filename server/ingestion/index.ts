export { openIngestion } from './open-ingestion.ts'
