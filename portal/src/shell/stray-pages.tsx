import { Button } from 'antd'
import { Link, Navigate } from 'react-router'
import { portalPaths } from '#contract/portal-paths.ts'
import { EmptyState, PageHeader, useText } from '../ui/index.ts'
import type { PortalRoom } from './room.ts'
import { useSession } from './session.tsx'
import { shellText } from './text.ts'

/** `/`: the first page of the menu that the person's roles open; the ledger for most. */
export function HomePage({ rooms }: { rooms: PortalRoom[] }) {
  const t = useText(shellText)
  const { scopes } = useSession()
  const first = rooms
    .flatMap((room) => room.pages)
    .find((page) => page.menu === 'room' && page.needs !== 'session' && scopes.includes(page.needs))
  if (first) return <Navigate to={portalPaths[first.page]} replace />
  return (
    <>
      <PageHeader title={t.myWork} purpose={t.system} />
      <EmptyState why={t.noRoles.why} todo={t.noRoles.todo} />
    </>
  )
}

export function NotFoundPage() {
  const t = useText(shellText).notFound
  return (
    <>
      <PageHeader title={t.title} purpose={t.why} />
      <EmptyState why={t.why} todo={t.todo} action={<Link to="/">{t.home}</Link>} />
    </>
  )
}

/** What is shown when a page breaks: a bug, or a part of an older version that the server no longer has. */
export function FailedPage() {
  const t = useText(shellText).failed
  return (
    <main className="dt-content">
      <PageHeader title={t.title} purpose={t.why} />
      <EmptyState
        why={t.why}
        todo={t.todo}
        action={
          <Button type="primary" onClick={() => window.location.reload()}>
            {t.reload}
          </Button>
        }
      />
    </main>
  )
}
