import { App, Button, Form, Modal } from 'antd'
import { useState } from 'react'
import type { Source, SourceInput, SourceSettings } from '#contract/ingestion.ts'
import { SourceCare } from '#contract/source-settings.ts'
import type { z } from 'zod'
import { useAction, useRoute } from '../../api/index.ts'
import { useSession } from '../../shell/index.ts'
import { ChoiceField, ServerForm, TextField, toChoices, useText } from '../../ui/index.ts'
import { ingestionText } from '../text.ts'
import { CareFields } from './care-fields.tsx'
import { blankSettings, KindFields } from './kind-fields.tsx'
import { sourceText } from './text.ts'

type Input = z.input<typeof SourceInput>
type Kind = SourceSettings['kind']

/** Kinds that are read through a line of their own, which spares them. */
const careful: ReadonlySet<Kind> = new Set(['postgresql', 'mysql'])

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
  const submit = ({ name, settings, secret, systemId, care }: Input) => {
    // Both hours or none.
    const window = care?.window?.from && care.window.to ? care.window : null
    const body: Input = {
      name,
      settings: { ...settings, kind } as SourceSettings,
      systemId: systemId ?? null,
      care: { ...care, window, bytesPerSecond: care?.bytesPerSecond ?? null },

      ...(secret && { secret }),
    }
    return source ? update.run({ params: { sourceId: source.id }, body: { ...body, version: source.version } }) : create.run({ body })
  }
  const chooseKind = (chosen: Kind) => {
    setKind(chosen)
    form.setFieldValue('settings', blankSettings[chosen])
  }
  return (
    <ServerForm<Input>
      form={form}
      initial={{
        name: source?.name ?? '',
        settings: source?.settings ?? (blankSettings.upload as SourceSettings),
        systemId: source?.systemId ?? null,
        care: source?.care ?? SourceCare.parse({}),
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
      {careful.has(kind) && <CareFields />}
    </ServerForm>
  )
}

function SystemField() {
  const t = useText(sourceText).form
  const { org } = useSession()
  const systems = useRoute('list_systems', { query: { orgId: org.id, limit: 1000 } })
  const choices = (systems.data?.items ?? []).map((system) => ({ value: system.id, label: system.name }))
  return <ChoiceField name="systemId" label={t.system} help={t.systemHelp} choices={choices} clearable />
}
