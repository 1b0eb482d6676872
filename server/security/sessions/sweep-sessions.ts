import { z } from 'zod'
import { job } from '../../jobs/index.ts'

/** Removes what no longer means anything: sessions past their end, attempts past their window. Nobody's rights change. */
export const sweepSessionsJob = job({
  name: 'security.sweep_sessions',
  input: z.strictObject({}),
  retryLimit: 1,
  expireSeconds: 300,
  concurrency: 1,
  schedule: '17 * * * *',
  async run(ctx) {
    const dayAgo = new Date(ctx.now().getTime() - 86_400_000)
    await ctx.db.deleteFrom('security.session').where('expires_at', '<', ctx.now()).execute()
    await ctx.db.deleteFrom('security.login_attempt').where('updated_at', '<', dayAgo).execute()
  },
})
