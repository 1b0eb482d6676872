import type { LakeHarness } from '../lake-suite.ts'
import { clusterHarness } from './cluster-harness.ts'
import { embeddedHarness } from './embedded-harness.ts'

/** The engine that the tests run on: chDB in a temporary folder; LAKE=clickhouse: one real server; LAKE=cluster: two, each with a shard. */
export const testEngine = process.env.LAKE === 'clickhouse' || process.env.LAKE === 'cluster' ? process.env.LAKE : 'chdb'
export const testShards = testEngine === 'cluster' ? 2 : 1

/** chDB holds one folder per process. */
export const startTestLake: () => Promise<LakeHarness> = testEngine === 'chdb' ? embeddedHarness : () => clusterHarness(testShards)
