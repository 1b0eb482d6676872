import { Button } from 'antd'
import { type ReactNode, useEffect } from 'react'
import { useLanguage, useText } from '../ui/index.ts'
import { shellText } from './text.ts'

/** The frame of what is shown before anybody is let in. */
export function EntrancePage({ title, purpose, children }: { title: string; purpose?: string; children: ReactNode }) {
  const t = useText(shellText)
  const { language, setLanguage } = useLanguage()
  useEffect(() => {
    document.title = `${title} · ${t.system}`
  }, [title, t])
  return (
    <div className="dt-entrance">
      <header className="dt-entrance-bar">
        <img src="/datong.svg" alt="" width={28} height={28} />
        <span>{t.system}</span>
        <Button type="text" className="dt-on-dark" onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}>
          {t.language}
        </Button>
      </header>
      <main className="dt-entrance-card">
        <h1>{title}</h1>
        {purpose && <p className="dt-muted">{purpose}</p>}
        {children}
      </main>
    </div>
  )
}
