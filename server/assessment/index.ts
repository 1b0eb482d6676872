import { assessmentRoutes } from '#contract/assessment.ts'
import { bind } from '../http/index.ts'
import type { Room } from '../jobs/index.ts'
import { exportLedger } from './export-ledger.ts'
import { getEntryLineage } from './get-entry-lineage.ts'
import { getLedger } from './get-ledger.ts'
import { getMyWork } from './get-my-work.ts'

export const openAssessment = (): Room => ({
  routes: bind(assessmentRoutes, {
    get_ledger: getLedger,
    get_my_work: getMyWork,
    export_ledger: exportLedger,
    get_entry_lineage: (ctx, { params }) => getEntryLineage(ctx, params.entryId),
  }),
  jobs: [],
})
