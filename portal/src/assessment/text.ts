import { defineText } from '../ui/index.ts'

export const assessmentText = defineText(
  { room: '一本账', ledger: { title: '一本账', purpose: '全市公共数据的总账：系统、目录、数据、申请，每个数字都能点开背后的清单。' } },
  { room: 'Ledger', ledger: { title: 'Ledger', purpose: 'The city’s public data in one account: each number opens the list behind it.' } },
)
