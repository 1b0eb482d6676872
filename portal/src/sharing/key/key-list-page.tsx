import type { AccessKey } from '#contract/sharing.ts'
import type { z } from 'zod'
import { useAction, useSeekList } from '../../api/index.ts'
import { type Column, ConfirmButton, DataTable, formatInstant, PageHeader, ToneTag, useText } from '../../ui/index.ts'
import { useHasScope } from '../../shell/index.ts'
import { sharingText } from '../text.ts'
import { CreateKeyButton } from './create-key-button.tsx'
import { keyText } from './text.ts'

type Key = z.infer<typeof AccessKey>

export function KeyListPage() {
  const t = useText(keyText)
  const list = useSeekList('list_keys', {})
  const columns = useKeyColumns()
  const create = useHasScope('sharing:apply') && <CreateKeyButton />
  return (
    <>
      <PageHeader title={t.title} purpose={t.purpose} actions={create} />
      <DataTable label={t.title} list={list} columns={columns} rowKey={(key) => key.id} empty={{ why: t.empty, todo: t.todo }} />
    </>
  )
}

function useKeyColumns(): Column<Key>[] {
  const shared = useText(sharingText)
  const t = useText(keyText)
  return [
    { key: 'name', title: t.name, render: (key) => key.name },
    { key: 'accessKey', title: t.accessKey, render: (key) => <span className="dt-mono">{key.accessKey}</span> },
    {
      key: 'state',
      title: shared.state,
      render: (key) => <ToneTag tone={key.state === 'active' ? 'good' : 'neutral'}>{t.state[key.state]}</ToneTag>,
    },
    { key: 'addresses', title: t.addresses, render: (key) => shared.list(key.allowedAddresses) || t.any },
    { key: 'expiresOn', title: t.expiresOn, render: (key) => key.expiresOn },
    { key: 'created', title: t.created, render: (key) => formatInstant(key.createdAt) },
    { key: 'lastUsed', title: t.lastUsed, render: (key) => (key.lastUsedAt ? formatInstant(key.lastUsedAt) : t.never) },
    { key: 'actions', title: shared.actions, render: (key) => key.can.revoke && <RevokeButton keyId={key.id} /> },
  ]
}

function RevokeButton({ keyId }: { keyId: string }) {
  const t = useText(keyText)
  const revoke = useAction('revoke_key', { invalidates: ['list_keys'] })
  return (
    <ConfirmButton
      danger
      size="small"
      label={t.revoke}
      question={t.revokeAsk}
      onConfirm={() => revoke.run({ params: { keyId } })}
      error={revoke.error}
    />
  )
}
