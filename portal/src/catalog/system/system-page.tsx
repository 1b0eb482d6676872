import { App } from 'antd'
import { useParams } from 'react-router'
import { SystemInput, type System } from '#contract/catalog.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { useAction, useRoute } from '../../api/index.ts'
import { useHasScope } from '../../shell/index.ts'
import { FieldTable, LinkButton, Loaded, PageHeader, ServerForm, useText } from '../../ui/index.ts'
import { catalogWords } from '../words.ts'
import { SystemFields } from './system-fields.tsx'
import { systemText } from './text.ts'

export function SystemPage() {
  const { systemId } = useParams() as { systemId: string }
  const query = useRoute('get_system', { params: { systemId } })
  return <Loaded query={query}>{(system) => <SystemDetail key={`${system.id} ${system.version}`} system={system} />}</Loaded>
}

function SystemDetail({ system }: { system: System }) {
  const t = useText(systemText).page
  const mayCompile = useHasScope('catalog:write') && system.can.update
  return (
    <>
      <PageHeader
        title={system.name}
        purpose={t.purpose(system.code, system.org.name)}
        actions={
          <>
            {mayCompile && (
              <LinkButton type="primary" to={portalPath('new_entry', { systemId: system.id })}>
                {t.newEntry}
              </LinkButton>
            )}
            <LinkButton to={portalPath('entries', { systemId: system.id })}>{t.entries(system.entryCount)}</LinkButton>
          </>
        }
      />
      <section className="dt-panel dt-narrow">
        {system.can.update ? <SystemForm system={system} /> : <SystemReading system={system} />}
      </section>
    </>
  )
}

function SystemForm({ system }: { system: System }) {
  const t = useText(systemText).page
  const { message } = App.useApp()
  const update = useAction('update_system', {
    invalidates: ['get_system', 'list_systems'],
    onDone: () => message.success(t.saved),
  })
  return (
    <ServerForm<SystemInput>
      initial={SystemInput.strip().parse(system)}
      error={update.error}
      isRunning={update.isRunning}
      submitLabel={t.save}
      onSubmit={(values) => update.run({ params: { systemId: system.id }, body: { ...values, version: system.version } })}
    >
      <SystemFields />
    </ServerForm>
  )
}

function SystemReading({ system }: { system: System }) {
  const t = useText(systemText)
  const words = useText(catalogWords)
  return (
    <>
      <FieldTable
        label={system.name}
        fields={[
          { label: t.field.shortName, value: system.shortName },
          { label: t.field.state, value: words.systemState[system.state] },
          { label: t.field.network, value: words.network[system.network] },
          { label: t.field.protectionLevel, value: t.page.level(system.protectionLevel) },
          { label: t.field.goLiveOn, value: system.goLiveOn },
          { label: t.field.description, value: system.description },
          { label: t.field.duty, value: system.duty },
          { label: t.field.builder, value: system.builder },
          { label: t.field.noDataReason, value: system.noDataReason },
        ]}
      />
      <p className="dt-muted dt-below">{t.page.readOnly(system.org.name)}</p>
    </>
  )
}
