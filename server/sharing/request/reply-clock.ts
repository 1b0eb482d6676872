import type { ClockRule } from '#contract/duty.ts'
import type { RequestRow } from './request-store.ts'

/** Order 809 art. 21: one working day for what is shared without conditions, ten for what is shared on conditions. */
export const replyRule = ({ sharing_type }: Pick<RequestRow, 'sharing_type'>): ClockRule =>
  sharing_type === 'unconditional' ? 'request_reply_unconditional' : 'request_reply_conditional'

/** The provider's clock to answer a request. */
export const replyClock = (row: RequestRow) => ({ rule: replyRule(row), objectId: row.id })

export const isReplyClock = ({ rule }: { rule: ClockRule }): boolean => rule.startsWith('request_reply')
