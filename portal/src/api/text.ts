import type { Language } from '../ui/words.ts'

export const apiText: Record<Language, { unreachable: string; unreadable: (status: number) => string }> = {
  zh: {
    unreachable: '连接不上服务器，您的操作没有提交。请检查网络后重试；若仍失败，请联系平台运营员。',
    unreadable: (status) => `服务器给出了无法识别的答复（${status}）。请稍后重试；若仍失败，请联系平台运营员。`,
  },
  en: {
    unreachable: 'The server cannot be reached; nothing was sent. Check the network and try again, or tell the operator.',
    unreadable: (status) => `The server gave an unreadable answer (${status}). Try again later, or tell the operator.`,
  },
}
