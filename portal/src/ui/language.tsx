import { createContext, type ReactNode, useContext, useState } from 'react'
import type { Language } from './words.ts'

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

/** The texts of a room: `const t = useText(catalogText)`. */
export function useText<T>(texts: Record<Language, T>): T {
  return texts[useLanguage().language]
}
