import { useParams } from 'react-router'
import type { Source } from '#contract/ingestion.ts'
import { useRoute } from '../../api/index.ts'
import { EmptyState, Loaded, PageHeader, useText } from '../../ui/index.ts'
import { ingestionText } from '../text.ts'
import { CarePanel } from './care-panel.tsx'
import { SurveyButtons } from '../survey/survey-buttons.tsx'
import { CheckPanel } from './check-panel.tsx'
import { CheckTag } from './check-tag.tsx'
import { ObjectList } from './object-list.tsx'
import { SourceDialogButton } from './source-dialog.tsx'
import { StatementList } from './statement-list.tsx'
import { sourceText } from './text.ts'
import { UploadPanel } from './upload-panel.tsx'

export function SourcePage() {
  const { sourceId } = useParams() as { sourceId: string }
  const query = useRoute('get_source', { params: { sourceId } })
  return <Loaded query={query}>{(source) => <SourceDetail source={source} />}</Loaded>
}

/** One source: its connection, and the tables or files that it has. */
function SourceDetail({ source }: { source: Source }) {
  const shared = useText(ingestionText)
  const t = useText(sourceText).page
  const isUpload = source.settings.kind === 'upload'
  const isServer = source.settings.kind === 'postgresql' || source.settings.kind === 'mysql'
  return (
    <>
      <PageHeader
        title={source.name}
        purpose={t.purpose(shared.kind[source.settings.kind], source.org.name)}
        tags={isUpload ? undefined : <CheckTag source={source} />}
        actions={
          source.can.update && (
            <>
              <SurveyButtons source={source} />
              <SourceDialogButton source={source} />
            </>
          )
        }
      />
      {!isUpload && <CheckPanel source={source} />}
      {!isUpload && <CarePanel source={source} />}
      {isUpload && source.can.update && <UploadPanel sourceId={source.id} />}
      {source.can.update ? (
        <ObjectList source={source} />
      ) : (
        <section className="dt-panel">
          <EmptyState why={t.notYours(source.org.name)} />
        </section>
      )}
      {isServer && <StatementList sourceId={source.id} />}
    </>
  )
}
