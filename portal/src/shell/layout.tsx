import { useState } from 'react'
import { Outlet, ScrollRestoration } from 'react-router'
import { useText } from '../ui/index.ts'
import { ChangePasswordPage } from './change-password-page.tsx'
import type { PortalRoom } from './room.ts'
import { SideMenu } from './side-menu.tsx'
import { shellText } from './text.ts'
import { TopBar } from './top-bar.tsx'

/** The frame of every page behind the gate. */
export function Layout({ rooms }: { rooms: PortalRoom[] }) {
  const t = useText(shellText)
  const [changesPassword, setChangesPassword] = useState(false)
  if (changesPassword) return <ChangePasswordPage onDone={() => setChangesPassword(false)} />
  return (
    <>
      <a className="dt-skip" href="#content">
        {t.skip}
      </a>
      <TopBar onChangePassword={() => setChangesPassword(true)} />
      <div className="dt-body">
        <SideMenu rooms={rooms} />
        <main id="content" className="dt-content" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <ScrollRestoration getKey={({ pathname }) => pathname} />
    </>
  )
}
