import type { Load } from '#contract/ingestion.ts'

export const isRunning = ({ state }: Pick<Load, 'state'>): boolean => state === 'queued' || state === 'running' || state === 'reconciling'
