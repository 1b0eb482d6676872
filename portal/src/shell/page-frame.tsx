import { type ComponentType, Suspense } from 'react'
import { Skeleton } from 'antd'
import { scopes } from '#contract/scopes.ts'
import { EmptyState, PageHeader, useLanguage, useText } from '../ui/index.ts'
import type { PortalPage } from './room.ts'
import { useHasScope, useSession } from './session.tsx'
import { shellText } from './text.ts'

/** A page for those who may open it; the others read why not and who can change that. */
export function PageFrame({ page, Content }: { page: PortalPage; Content: ComponentType }) {
  const t = useText(shellText)
  const { language } = useLanguage()
  const { org } = useSession()
  if (!useHasScope(page.needs)) {
    const right = page.needs === 'session' ? '' : language === 'zh' ? scopes[page.needs] : page.needs
    return (
      <>
        <PageHeader title={page.title[language]} purpose={t.noAccess.title} />
        <EmptyState why={t.noAccess.why(right, org.name)} todo={t.noAccess.todo} />
      </>
    )
  }
  return (
    <Suspense fallback={<Skeleton active />}>
      <Content />
    </Suspense>
  )
}
