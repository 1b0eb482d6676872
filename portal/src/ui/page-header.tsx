import { type ReactNode, useEffect, useRef } from 'react'
import { useNavigationType } from 'react-router'
import { useText } from './language.tsx'
import { uiText } from './text.ts'

interface PageHeaderProps {
  title: string
  /** One sentence: what this page is for. */
  purpose: ReactNode
  /** Beside the title: tags of state. */
  tags?: ReactNode
  /** The page's main acts. */
  actions?: ReactNode
}

/** Head of every page; names the browser's tab. After a link was followed it takes the focus, so that reading starts here. */
export function PageHeader({ title, purpose, tags, actions }: PageHeaderProps) {
  const t = useText(uiText)
  const heading = useRef<HTMLHeadingElement>(null)
  const navigation = useNavigationType()
  useEffect(() => {
    document.title = `${title} · ${t.siteName}`
  }, [title, t])
  useEffect(() => {
    if (navigation !== 'POP') heading.current?.focus({ preventScroll: true })
  }, [navigation])
  return (
    <header className="dt-page-header">
      <div className="dt-page-header-words">
        <div className="dt-page-header-title">
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {tags}
        </div>
        <p>{purpose}</p>
      </div>
      {actions && <div className="dt-actions dt-no-print">{actions}</div>}
    </header>
  )
}
