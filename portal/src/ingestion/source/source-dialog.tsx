import { App, Button, Form, Modal } from 'antd'
import { useState } from 'react'
import type { Source, SourceInput, SourceSettings } from '#contract/ingestion.ts'
import type { z } from 'zod'
import { useAction, useRoute } from '../../api/index.ts'
import { useSession } from '../../shell/index.ts'
import { ChoiceField, NumberField, ServerForm, TextField, toChoices, useText } from '../../ui/index.ts'
import { ingestionText } from '../text.ts'
import { SecretField } from './secret-field.tsx'
import { sourceText } from './text.ts'

type Input = z.input<typeof SourceInput>
type Kind = SourceSettings['kind']

/** Registers a source, or changes the one that is given. */
export function SourceDialogButton({ source, onSaved }: { source?: Source; onSaved?: (source: Source) => void }) {
  const t = useText(sourceText)
  const [isOpen, setOpen] = useState(false)
  const label = source ? t.page.update : t.list.create
  return (
    <>
      <Button type={source ? 'default' : 'primary'} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Modal
        open={isOpen}
        title={source ? t.form.update : t.form.create}
        width={720}
        footer={null}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <SourceForm
          {...(source && { source })}
          onCancel={() => setOpen(false)}
          onSaved={(saved) => {
            setOpen(false)
            onSaved?.(saved)
          }}
        />
      </Modal>
    </>
  )
}

/** What a kind begins with; nothing of another kind is sent, since the contract's schemas are closed. */
const blank: Record<Kind, Partial<SourceSettings>> = {
  postgresql: { kind: 'postgresql', port: 5432, schema: 'public' },
  mysql: { kind: 'mysql', port: 3306 },
  folder: { kind: 'folder', path: '' },
  upload: { kind: 'upload' },
}

function SourceForm({ source, onSaved, onCancel }: { source?: Source; onSaved: (source: Source) => void; onCancel: () => void }) {
  const shared = useText(ingestionText)
  const t = useText(sourceText).form
  const { message } = App.useApp()
  const [form] = Form.useForm<Input>()
  const [kind, setKind] = useState<Kind>(source?.settings.kind ?? 'upload')
  const invalidates = ['list_sources' as const, 'get_source' as const, 'list_source_objects' as const]
  const create = useAction('create_source', { invalidates, onDone: onSaved })
  const update = useAction('update_source', {
    invalidates,
    onDone: (saved) => {
      message.success(t.saved)
      onSaved(saved)
    },
  })
  const submit = ({ name, settings, secret, systemId }: Input) => {
    const body: Input = { name, settings: { ...settings, kind } as SourceSettings, systemId: systemId ?? null, ...(secret && { secret }) }
    return source ? update.run({ params: { sourceId: source.id }, body: { ...body, version: source.version } }) : create.run({ body })
  }
  const chooseKind = (chosen: Kind) => {
    setKind(chosen)
    form.setFieldValue('settings', blank[chosen])
  }
  return (
    <ServerForm<Input>
      form={form}
      initial={{
        name: source?.name ?? '',
        settings: source?.settings ?? (blank.upload as SourceSettings),
        systemId: source?.systemId ?? null,
      }}
      error={create.error ?? update.error}
      isRunning={create.isRunning || update.isRunning}
      submitLabel={source ? t.save : t.submit}
      onCancel={onCancel}
      onSubmit={submit}
    >
      <TextField name="name" label={t.name} help={t.nameHelp} required max={200} />
      <ChoiceField
        name={['settings', 'kind']}
        label={t.kind}
        choices={toChoices(shared.kind)}
        disabled={source !== undefined}
        {...(source && { help: t.kindFixed })}
        onChange={(chosen) => chooseKind(chosen as Kind)}
      />
      <KindFields kind={kind} hasSecret={source?.hasSecret ?? false} />
      <SystemField />
    </ServerForm>
  )
}

function KindFields({ kind, hasSecret }: { kind: Kind; hasSecret: boolean }) {
  const t = useText(sourceText).form
  if (kind === 'upload') return <p className="dt-muted dt-form-note">{t.upload}</p>
  if (kind === 'folder') return <TextField name={['settings', 'path']} label={t.path} help={t.pathHelp} max={1000} />
  return (
    <div className="dt-form-columns">
      <TextField name={['settings', 'host']} label={t.host} help={t.hostHelp} required max={253} />
      <NumberField name={['settings', 'port']} label={t.port} min={1} max={65535} required />
      <TextField name={['settings', 'database']} label={t.database} required max={63} />
      {kind === 'postgresql' && <TextField name={['settings', 'schema']} label={t.schema} required max={63} />}
      <TextField name={['settings', 'user']} label={t.user} help={t.userHelp} required max={63} />
      <SecretField label={t.secret} help={hasSecret ? t.secretKept : t.secretHelp} />
    </div>
  )
}

function SystemField() {
  const t = useText(sourceText).form
  const { org } = useSession()
  const systems = useRoute('list_systems', { query: { orgId: org.id, limit: 1000 } })
  const choices = (systems.data?.items ?? []).map((system) => ({ value: system.id, label: system.name }))
  return <ChoiceField name="systemId" label={t.system} help={t.systemHelp} choices={choices} clearable />
}
