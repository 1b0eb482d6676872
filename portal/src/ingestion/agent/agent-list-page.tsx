import { upgradeStates } from '#contract/ingestion/agent-upgrade.ts'
import { type Agent, agentStates } from '#contract/ingestion/agents.ts'
import { useAction, useSeekList } from '../../api/index.ts'
import { useHasScope } from '../../shell/index.ts'
import {
  type Column,
  ConfirmButton,
  DataTable,
  formatCount,
  formatInstant,
  PageHeader,
  ReasonButton,
  StateTag,
  ToneTag,
  useText,
} from '../../ui/index.ts'
import { ingestionText } from '../text.ts'
import { CreateAgentButton } from './create-agent-button.tsx'
import { agentText } from './text.ts'

export function AgentListPage() {
  const t = useText(agentText)
  const list = useSeekList('list_agents', {}, { refreshMs: 5000 })
  const columns = useAgentColumns()
  const mayWrite = useHasScope('ingestion:write')
  const create = mayWrite && <CreateAgentButton />
  return (
    <>
      <PageHeader title={t.title} purpose={t.purpose} actions={create} />
      <DataTable
        label={t.title}
        list={list}
        columns={columns}
        rowKey={(agent) => agent.id}
        empty={{ why: t.empty, todo: mayWrite ? t.todo : t.emptyReader, action: create }}
      />
    </>
  )
}

function useAgentColumns(): Column<Agent>[] {
  const shared = useText(ingestionText)
  const t = useText(agentText)
  return [
    { key: 'name', title: t.name, render: (agent) => agent.name },
    { key: 'org', title: shared.org, render: (agent) => agent.org.name },
    {
      key: 'state',
      title: shared.state,
      render: ({ state, isAway }) => (isAway ? <ToneTag tone="bad">{t.away}</ToneTag> : <StateTag table={agentStates} state={state} />),
    },
    { key: 'lastSeen', title: t.lastSeen, render: ({ lastSeenAt }) => (lastSeenAt ? formatInstant(lastSeenAt) : t.never) },
    { key: 'host', title: t.host, render: ({ host }) => <span className="dt-mono">{host}</span> },
    { key: 'version', title: t.version, render: (agent) => <Version agent={agent} /> },
    { key: 'connections', title: t.connections, render: (agent) => <Connections agent={agent} /> },
    { key: 'waiting', title: t.waiting, align: 'right', render: ({ waiting }) => formatCount(waiting) },
    { key: 'actions', title: shared.actions, render: (agent) => <Actions agent={agent} /> },
  ]
}

function Connections({ agent: { connections } }: { agent: Agent }) {
  const t = useText(agentText)
  return connections.map(({ name, kind, objects, ok }) => (
    <div key={name}>
      {t.connection(name, kind, objects)} {!ok && <ToneTag tone="bad">{t.failed}</ToneTag>}
    </div>
  ))
}

function Version({ agent: { version, upgrade } }: { agent: Agent }) {
  const t = useText(agentText)
  return (
    <>
      {version}
      {upgrade && (
        <div>
          <span className="dt-muted">{t.upgradeTo(upgrade.version)}</span> <StateTag table={upgradeStates} state={upgrade.state} />{' '}
          <span className="dt-muted">{formatInstant(upgrade.changedAt)}</span>
          {upgrade.error && <p>{upgrade.error.detail}</p>}
        </div>
      )}
    </>
  )
}

function Actions({ agent }: { agent: Agent }) {
  return (
    <div className="dt-actions">
      {agent.can.upgrade && <UpgradeButton agent={agent} />}
      {agent.can.revoke && <RevokeButton agentId={agent.id} />}
    </div>
  )
}

function UpgradeButton({ agent: { id, version, offeredVersion, lastSeenAt } }: { agent: Agent }) {
  const t = useText(agentText)
  const upgrade = useAction('upgrade_agent', { invalidates: ['list_agents'] })
  return (
    <ConfirmButton
      label={t.upgrade}
      question={t.upgradeAsk(version ?? '', offeredVersion ?? '', lastSeenAt ? formatInstant(lastSeenAt) : t.never)}
      onConfirm={() => upgrade.run({ params: { agentId: id } })}
      error={upgrade.error}
    />
  )
}

function RevokeButton({ agentId }: { agentId: string }) {
  const t = useText(agentText)
  const revoke = useAction('revoke_agent', { invalidates: ['list_agents'] })
  return (
    <ReasonButton
      danger
      label={t.revoke}
      question={t.revokeAsk}
      reasonLabel={t.reason}
      max={200}
      onConfirm={(reason) => revoke.run({ params: { agentId }, body: { reason } })}
      error={revoke.error}
    />
  )
}
