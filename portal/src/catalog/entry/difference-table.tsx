import { useRoute } from '../../api/index.ts'
import { type Column, DataTable, Loaded, ToneTag, useText, wholeList } from '../../ui/index.ts'
import { DifferenceValue } from './difference-value.tsx'
import { entryText } from './text.ts'

interface Difference {
  pointer: string
  label: string
  kind: 'added' | 'removed' | 'changed'
  before: unknown
  after: unknown
}
const tones = { added: 'good', removed: 'bad', changed: 'warning' } as const

/** What a version changes against another: the one before unless `against` names it. */
export function DifferenceTable({ revisionId, against }: { revisionId: string; against?: number }) {
  const t = useText(entryText).versions
  const query = useRoute('compare_revision', { params: { revisionId }, query: { against } })
  const columns: Column<Difference>[] = [
    { key: 'label', title: t.field, width: '26%', render: ({ label }) => label },
    { key: 'kind', title: '', width: 84, render: ({ kind }) => <ToneTag tone={tones[kind]}>{t.kinds[kind]}</ToneTag> },
    { key: 'before', title: t.before, render: ({ pointer, before }) => <DifferenceValue pointer={pointer} value={before} /> },
    { key: 'after', title: t.after, render: ({ pointer, after }) => <DifferenceValue pointer={pointer} value={after} /> },
  ]
  return (
    <Loaded query={query}>
      {(compared) => (
        <DataTable
          label={t.compare}
          size="small"
          list={wholeList(compared.differences)}
          columns={columns}
          rowKey={(difference) => difference.pointer}
          empty={{ why: compared.against === null ? t.first : t.same }}
        />
      )}
    </Loaded>
  )
}
