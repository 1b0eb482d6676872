import { Alert, Tabs } from 'antd'
import { Link, useParams } from 'react-router'
import { type Entry, entryStates } from '#contract/catalog.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { useRoute } from '../../api/index.ts'
import { formatCount, formatInstant, Loaded, PageHeader, StateTag, useFilters, useText } from '../../ui/index.ts'
import { catalogText } from '../text.ts'
import { EntryActions } from './entry-actions.tsx'
import { EntryContentView } from './entry-content.tsx'
import { LineageTab } from './lineage-tab.tsx'
import { ResourceList } from './resource-list.tsx'
import { entryText } from './text.ts'
import { VersionList } from './version-list.tsx'

export function EntryPage() {
  const { entryId } = useParams() as { entryId: string }
  const query = useRoute('get_entry', { params: { entryId } })
  return <Loaded query={query}>{(entry) => <EntryDetail entry={entry} />}</Loaded>
}

function EntryDetail({ entry }: { entry: Entry }) {
  const t = useText(entryText)
  const shared = useText(catalogText)
  const [{ tab }, setFilters] = useFilters('tab')
  const context = {
    code: entry.code,
    provider: entry.provider.name,
    providerUscc: entry.providerUscc,
    publishedOn: entry.publishedOn,
    system: entry.system?.name ?? null,
  }
  const facts = [
    entry.provider.name,
    entry.code || t.page.noCode,
    shared.version(entry.version),
    entry.rows === null ? shared.noData : shared.rows(formatCount(entry.rows)),
    ...(entry.loadedAt ? [`${shared.loadedAt} ${formatInstant(entry.loadedAt)}`] : []),
    t.page.userCount(entry.userCount),
  ]
  return (
    <>
      <PageHeader
        title={entry.name}
        purpose={facts.join(' · ')}
        tags={<StateTag table={entryStates} state={entry.state} />}
        actions={<EntryActions entry={entry} />}
      />
      <EntryNotices entry={entry} />
      <Tabs
        activeKey={tab ?? 'content'}
        onChange={(key) => setFilters({ tab: key === 'content' ? undefined : key })}
        items={[
          { key: 'content', label: t.page.tabs.content, children: <EntryContentView content={entry.content} context={context} /> },
          { key: 'resources', label: t.page.tabs.resources(entry.resources.length), children: <ResourceList entry={entry} /> },
          ...(entry.state === 'unpublished'
            ? []
            : [{ key: 'lineage', label: t.lineage.title, children: <LineageTab entryId={entry.id} /> }]),
          { key: 'versions', label: t.page.tabs.versions, children: <VersionList entryId={entry.id} /> },
        ]}
      />
    </>
  )
}

/** What is under way with the entry, and who acts next. */
function EntryNotices({ entry }: { entry: Entry }) {
  const t = useText(entryText)
  const { withdrawal, openRevision } = entry
  return (
    <>
      {withdrawal && (
        <Alert
          type="warning"
          showIcon
          className="dt-problem"
          title={t.withdrawal.notice(withdrawal.reason, withdrawal.announcedOn, withdrawal.effectiveOn)}
          description={entry.state === 'withdrawing' && t.withdrawal.next}
        />
      )}
      {openRevision && (
        <Alert
          type="info"
          showIcon
          className="dt-problem"
          title={t.page.openRevision(openRevision.number)}
          action={<Link to={portalPath('revision', { revisionId: openRevision.id })}>{t.page.openRevisionLink}</Link>}
        />
      )}
    </>
  )
}
