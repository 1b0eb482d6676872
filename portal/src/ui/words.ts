// Words in both languages. No React here: rules that know words are tested without a browser.

export type Language = 'zh' | 'en'

/** A word in both languages, as the contract's tables have it. */
export interface Words {
  zh: string
  en: string
}

/** Declares a room's texts: English must say everything that Chinese says, with the same parameters. */
export const defineText = <T>(zh: T, en: NoInfer<T>): Record<Language, T> => ({ zh, en })

/** One word of a room's texts in both languages: `wordsOf(catalogText, (t) => t.search.title)`. */
export const wordsOf = <T>(texts: Record<Language, T>, pick: (text: T) => string): Words => ({ zh: pick(texts.zh), en: pick(texts.en) })
