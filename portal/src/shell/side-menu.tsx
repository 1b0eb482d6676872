import { useId } from 'react'
import { NavLink } from 'react-router'
import { portalPaths } from '#contract/portal-paths.ts'
import { CountMark, useLanguage, useText } from '../ui/index.ts'
import type { PortalPage, PortalRoom } from './room.ts'
import { useSession } from './session.tsx'
import { shellText } from './text.ts'
import { useWorkCounts } from './work-counts.ts'

/** The rooms in official words; only pages that the person may open for this organisation. */
export function SideMenu({ rooms }: { rooms: PortalRoom[] }) {
  const t = useText(shellText)
  const { language } = useLanguage()
  const { scopes } = useSession()
  const mayOpen = (page: PortalPage) => page.needs === 'session' || scopes.includes(page.needs)
  const listed = rooms.flatMap((room) => room.pages).filter(mayOpen)
  return (
    <nav className="dt-side-menu dt-no-print" aria-label={t.menu}>
      <MenuGroup
        title={t.myWork}
        pages={listed
          .filter((page) => page.menu === 'work' || page.workTitle)
          .map((page) => ({ ...page, title: page.workTitle ?? page.title }))}
      />
      {rooms.map((room) => (
        <MenuGroup
          key={room.name}
          title={room.title[language]}
          pages={room.pages.filter((page) => page.menu === 'room' && mayOpen(page))}
        />
      ))}
    </nav>
  )
}

function MenuGroup({ title, pages }: { title: string; pages: PortalPage[] }) {
  const t = useText(shellText)
  const { language } = useLanguage()
  const { countOf } = useWorkCounts()
  const id = useId()
  if (pages.length === 0) return null
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <ul>
        {pages.map((page) => {
          const count = countOf(page.counts ?? [])
          return (
            <li key={page.page}>
              <NavLink to={portalPaths[page.page]} end>
                {page.title[language]}
                <CountMark count={count} words={t.workCount(count)} />
              </NavLink>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
