import { createContext, type ReactNode, useContext, useState } from 'react'

export type Language = 'zh' | 'en'
const storageKey = 'datong.language'

/** For calls outside of a component; the document's language is the one truth. */
export const currentLanguage = (): Language => (document.documentElement.lang === 'en' ? 'en' : 'zh')

const LanguageContext = createContext<{ language: Language; setLanguage: (language: Language) => void }>({
  language: 'zh',
  setLanguage: () => {},
})

/** Chinese until the user switches; the choice stays in this browser. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setState] = useState<Language>(() => declare(localStorage.getItem(storageKey) === 'en' ? 'en' : 'zh'))
  const setLanguage = (chosen: Language) => {
    localStorage.setItem(storageKey, chosen)
    setState(declare(chosen))
  }
  return <LanguageContext value={{ language, setLanguage }}>{children}</LanguageContext>
}

/** Before anything renders or is fetched again: screen readers and calls go by it. */
function declare(language: Language): Language {
  document.documentElement.lang = language === 'en' ? 'en' : 'zh-CN'
  return language
}

export const useLanguage = () => useContext(LanguageContext)

/** A word in both languages, as the contract's tables have it. */
export interface Words {
  zh: string
  en: string
}

/** The texts of a room: `const t = useText(catalogText)`. */
export function useText<T>(texts: Record<Language, T>): T {
  return texts[useLanguage().language]
}

/** Declares a room's texts: English must say everything that Chinese says, with the same parameters. */
export const defineText = <T,>(zh: T, en: NoInfer<T>): Record<Language, T> => ({ zh, en })

/** One word of a room's texts in both languages: `wordsOf(catalogText, (t) => t.search.title)`. */
export const wordsOf = <T,>(texts: Record<Language, T>, pick: (text: T) => string): Words => ({ zh: pick(texts.zh), en: pick(texts.en) })
