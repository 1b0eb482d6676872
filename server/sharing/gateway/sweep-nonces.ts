import { z } from 'zod'
import { job } from '../../jobs/index.ts'

/** Much longer than any signature's window: an older call is refused for its time. */
const keptHours = 24

/** Throws away nonces that no call can use any more. */
export const sweepNoncesJob = job({
  name: 'sharing.sweep_nonces',
  input: z.strictObject({}),
  retryLimit: 3,
  expireSeconds: 600,
  concurrency: 1,
  schedule: '17 * * * *',
  async run(ctx) {
    const oldest = new Date(ctx.now().getTime() - keptHours * 3_600_000)
    await ctx.db.deleteFrom('sharing.nonce').where('seen_at', '<', oldest).execute()
  },
})
