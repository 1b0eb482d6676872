import { useNavigate } from 'react-router'
import { SystemInput } from '#contract/catalog.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { useAction } from '../../api/index.ts'
import { PageHeader, ServerForm, useText } from '../../ui/index.ts'
import { SystemFields } from './system-fields.tsx'
import { systemText } from './text.ts'

const { name: _, ...blank } = SystemInput.parse({ name: '-' })

export function CreateSystemPage() {
  const t = useText(systemText).create
  const navigate = useNavigate()
  const create = useAction('create_system', {
    invalidates: ['list_systems'],
    onDone: (system) => navigate(portalPath('system', { systemId: system.id })),
  })
  return (
    <>
      <PageHeader title={t.title} purpose={t.purpose} />
      <section className="dt-panel dt-narrow">
        <ServerForm<SystemInput>
          initial={blank}
          error={create.error}
          isRunning={create.isRunning}
          submitLabel={t.submit}
          onSubmit={(body) => create.run({ body })}
        >
          <SystemFields />
        </ServerForm>
      </section>
    </>
  )
}
