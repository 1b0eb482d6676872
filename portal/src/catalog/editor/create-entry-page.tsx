import { Form } from 'antd'
import { Link, useNavigate } from 'react-router'
import { portalPath } from '#contract/portal-paths.ts'
import { useAction } from '../../api/index.ts'
import { useHasScope } from '../../shell/index.ts'
import { LinkButton, PageHeader, ServerForm, TextField, useFilters, useText } from '../../ui/index.ts'
import { SystemSelect } from '../system/system-select.tsx'
import { editorText } from './text.ts'

interface NewEntry {
  content: { name: string; systemId: string | null }
}

export function CreateEntryPage() {
  const t = useText(editorText).create
  const navigate = useNavigate()
  const [{ systemId }] = useFilters('systemId')
  const mayDerive = useHasScope('ingestion:write')
  const create = useAction('create_entry', {
    invalidates: ['list_my_revisions', 'list_entries'],
    onDone: (revision) => navigate(portalPath('edit_revision', { revisionId: revision.id })),
  })
  return (
    <>
      <PageHeader
        title={t.title}
        purpose={t.purpose}
        actions={
          <>
            <LinkButton to={portalPath('import_entries')}>{t.import}</LinkButton>
            {mayDerive && <LinkButton to={portalPath('sources')}>{t.sources}</LinkButton>}
          </>
        }
      />
      <section className="dt-panel dt-narrow">
        <ServerForm<NewEntry>
          initial={{ content: { name: '', systemId: systemId ?? null } }}
          error={create.error}
          isRunning={create.isRunning}
          submitLabel={t.submit}
          onSubmit={(body) => create.run({ body })}
        >
          <TextField name={['content', 'name']} label={t.name} help={t.nameHelp} required max={200} />
          <Form.Item
            name={['content', 'systemId']}
            label={t.system}
            extra={
              <>
                {t.systemHelp} <Link to={portalPath('new_system')}>{t.registerSystem}</Link>
              </>
            }
          >
            <SystemSelect />
          </Form.Item>
        </ServerForm>
        <p className="dt-muted dt-below">{t.others}</p>
      </section>
    </>
  )
}
