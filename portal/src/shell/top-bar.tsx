import { BankOutlined, DownOutlined, UserOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { Button, Dropdown } from 'antd'
import { Link, useNavigate } from 'react-router'
import { portalPath } from '#contract/portal-paths.ts'
import { roles } from '#contract/security.ts'
import { useAction } from '../api/index.ts'
import { CountMark, useLanguage, useText } from '../ui/index.ts'
import { useAdoptSession, useSession } from './session.tsx'
import { shellText } from './text.ts'
import { useWorkCounts } from './work-counts.ts'

/** City, my work, the organisation that is acted for (always in sight), language, account. */
export function TopBar({ onChangePassword }: { onChangePassword: () => void }) {
  const t = useText(shellText)
  const { profile, person } = useSession()
  const { language, setLanguage } = useLanguage()
  const { total } = useWorkCounts()
  const client = useQueryClient()
  const switchLanguage = () => {
    setLanguage(language === 'zh' ? 'en' : 'zh')
    // Problems and labels that the server words are fetched again in the other language.
    void client.invalidateQueries()
  }
  const signOut = useAction('remove_session', { onDone: () => window.location.assign('/') })
  return (
    <header className="dt-top-bar">
      <Link to="/" className="dt-brand">
        <img src="/datong.svg" alt="" width={26} height={26} />
        <span>
          <strong>{profile.city}</strong> <span className="dt-brand-system">{t.system}</span>
        </span>
      </Link>
      <div className="dt-top-bar-end dt-no-print">
        <Link to={portalPath('my_work')} className="dt-top-link">
          {t.myWork}
          <CountMark count={total} words={t.workCount(total)} />
        </Link>
        <OrganisationSwitch />
        <Button type="text" className="dt-on-dark" lang={language === 'zh' ? 'en' : 'zh-CN'} onClick={switchLanguage}>
          {t.language}
        </Button>
        <Dropdown
          trigger={['click']}
          menu={{
            items: [
              { key: 'password', label: t.changePassword, onClick: onChangePassword },
              { key: 'out', label: t.signOut, onClick: () => void signOut.run({}) },
            ],
          }}
        >
          <Button type="text" className="dt-on-dark" icon={<UserOutlined aria-hidden />}>
            {person.displayName}
            <DownOutlined aria-hidden />
          </Button>
        </Dropdown>
      </div>
    </header>
  )
}

function OrganisationSwitch() {
  const t = useText(shellText)
  const { language } = useLanguage()
  const { org, memberships } = useSession()
  const adopt = useAdoptSession()
  const navigate = useNavigate()
  const change = useAction('switch_organisation', {
    onDone: (session) => {
      adopt(session)
      navigate('/')
    },
  })
  const label = (
    <span className="dt-acting">
      <BankOutlined aria-hidden />
      <span>
        <small>{t.actingFor}</small>
        <strong>{org.name}</strong>
      </span>
    </span>
  )
  const others = memberships.filter((membership) => membership.org.id !== org.id)
  if (others.length === 0) return label
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'hint', type: 'group', label: t.switchHint },
          ...others.map((membership) => ({
            key: membership.org.id,
            label: `${t.switchTo(membership.org.name)} (${membership.roles.map((role) => roles[role][language]).join(', ')})`,
            onClick: () => void change.run({ body: { orgId: membership.org.id } }),
          })),
        ],
      }}
    >
      <Button type="text" className="dt-on-dark dt-acting-button" loading={change.isRunning}>
        {label}
        <DownOutlined aria-label={t.switchOrg} />
      </Button>
    </Dropdown>
  )
}
