import type { LakeHarness } from '../lake-suite.ts'
import { clusterHarness } from './cluster-harness.ts'
import { embeddedHarness } from './embedded-harness.ts'

/** The engine that the tests run on: chDB in a temporary folder, or with LAKE=clickhouse a real server. chDB holds one folder per process. */
export const testEngine = process.env.LAKE === 'clickhouse' ? 'clickhouse' : 'chdb'

export const startTestLake: () => Promise<LakeHarness> = testEngine === 'clickhouse' ? clusterHarness : embeddedHarness
