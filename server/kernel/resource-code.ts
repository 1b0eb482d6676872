import { invalid } from './errors.ts'

/** Resource code of the 2017 compilation guide: 类 1 digit, 项 2, 目 3, 细目 optional, `/`, 顺序码. `3` `01` `001` `/` `000123`. */
export interface ResourceCode {
  /** 类: 1 base, 2 theme, 3 department. */
  category: '1' | '2' | '3'
  /** 项, 01–99. */
  subject: string
  /** 目, 001–999. */
  topic: string
  /** 细目, any number of digits. */
  detail: string
  /** 顺序码 within its class, from 1. */
  serial: number
}

/** Padding to six is custom; the guide leaves the length open. */
const SERIAL_DIGITS = 6
const pattern = /^([1-3])(?!00)(\d{2})(?!000)(\d{3})(\d*)\/(?!0+$)(\d{1,15})$/

/** @throws catalog.resource_code when a part is not what the guide allows. */
export function buildResourceCode({ category, subject, topic, detail, serial }: ResourceCode): string {
  const code = `${category}${subject}${topic}${detail}/${String(serial).padStart(SERIAL_DIGITS, '0')}`
  const parsed = parseResourceCode(code)
  // Parts that run into each other ('1' + '0' + '0100') would read back as different ones.
  if (parsed?.subject !== subject || parsed.topic !== topic || parsed.detail !== detail || parsed.serial !== serial)
    throw invalid('catalog.resource_code', { code })
  return code
}

/** The parts of a resource code, or null when it is none. */
export function parseResourceCode(code: string): ResourceCode | null {
  const parts = pattern.exec(code)
  if (!parts) return null
  const [, category, subject, topic, detail, serial] = parts as unknown as [
    string,
    ResourceCode['category'],
    string,
    string,
    string,
    string,
  ]
  return { category, subject, topic, detail, serial: Number(serial) }
}
