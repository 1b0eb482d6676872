import { agentMessages } from './agents.ts'
import { dutyMessages } from './duty.ts'
import { catalogMessages } from './catalog.ts'
import { clockMessages } from './clock.ts'
import { fileMessages } from './files.ts'
import { ingestionMessages } from './ingestion.ts'
import { loadModeMessages } from './load-modes.ts'
import { platformMessages } from './platform.ts'
import { retentionMessages } from './retention.ts'
import { scheduleMessages } from './schedule.ts'
import { securityMessages } from './security.ts'
import { sharingMessages } from './sharing.ts'
import { sourceMessages } from './sources.ts'
import { structureMessages } from './structure.ts'

export interface Message {
  zh: string
  en: string
}

/** Every code that a user can be shown, with its text in both languages. */
export const messages: Record<string, Message> = {
  ...platformMessages,
  ...clockMessages,
  ...fileMessages,
  ...catalogMessages,
  ...securityMessages,
  ...sharingMessages,
  ...dutyMessages,
  ...ingestionMessages,
  ...scheduleMessages,
  ...sourceMessages,
  ...structureMessages,
  ...agentMessages,
  ...loadModeMessages,
  ...retentionMessages,
}

export type Language = 'zh' | 'en'

/** The text of a code with its {placeholders} filled; the code itself where no text exists (a test forbids that). */
export function messageOf(code: string, language: Language, params: Record<string, string | number> = {}): string {
  const text = messages[code]?.[language] ?? code
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole))
}
