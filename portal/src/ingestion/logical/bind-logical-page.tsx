import { Button, Checkbox, Form, InputNumber } from 'antd'
import { useEffect, useState } from 'react'
import { useNavigate } from 'react-router'
import type { Entry } from '#contract/catalog.ts'
import type { ObjectDescription, Source } from '#contract/ingestion.ts'
import { portalPath } from '#contract/portal-paths.ts'
import { sourceKinds } from '#contract/source-settings.ts'
import { useAction, useRoute } from '../../api/index.ts'
import { EmptyState, Loaded, PageHeader, ProblemAlert, useFilters, useText } from '../../ui/index.ts'
import { ChooseOrigin } from '../plan/choose-origin.tsx'
import { toLines, toMapping } from '../plan/mapping-lines.ts'
import { MappingTable } from '../plan/mapping-table.tsx'
import { logicalText } from './text.ts'

const isReadInPlace = ({ settings }: Source) => sourceKinds[settings.kind].isReadInPlace === true

/** `?entryId= &sourceId= &object=`: which entry is read from which table. */
export function BindLogicalPage() {
  const t = useText(logicalText)
  const [{ entryId, sourceId, object }] = useFilters('entryId', 'sourceId', 'object')
  return (
    <>
      <PageHeader title={t.create} purpose={t.bind.purpose} />
      <ChooseOrigin offers={isReadInPlace} />
      {entryId && sourceId && object ? (
        <Chosen key={`${entryId} ${sourceId} ${object}`} entryId={entryId} sourceId={sourceId} object={object} />
      ) : (
        <section className="dt-panel">
          <EmptyState why={t.bind.chooseFirst} todo={t.bind.chooseFirstTodo} />
        </section>
      )}
    </>
  )
}

function Chosen({ entryId, sourceId, object }: { entryId: string; sourceId: string; object: string }) {
  const entry = useRoute('get_entry', { params: { entryId } })
  const description = useRoute('describe_source_object', { params: { sourceId }, query: { object } })
  return (
    <Loaded query={entry}>
      {(loaded: Entry) => (
        <Loaded query={description}>{(described) => <BindForm entry={loaded} sourceId={sourceId} description={described} />}</Loaded>
      )}
    </Loaded>
  )
}

function BindForm({ entry, sourceId, description }: { entry: Entry; sourceId: string; description: ObjectDescription }) {
  const t = useText(logicalText)
  const navigate = useNavigate()
  const { object, columns } = description
  const { items } = entry.content
  const [lines, setLines] = useState(() => toLines(items, []))
  const [cacheSeconds, setCacheSeconds] = useState(0)
  const [answerWhenAway, setAnswerWhenAway] = useState(false)
  const suggest = useAction('suggest_mapping', { onDone: ({ mapping }) => setLines(toLines(items, mapping)) })
  const bind = useAction('bind_logical', {
    invalidates: ['list_logical', 'get_entry'],
    onDone: () => navigate(portalPath('logical')),
  })
  const match = () => suggest.run({ body: { entryId: entry.id, sourceId, object, dialect: null } })
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the form opens; afterwards only when asked
  useEffect(() => void match(), [])

  const mapping = toMapping(lines).map(({ item, column }) => ({ item, column }))
  return (
    <>
      <MappingTable
        isPlain
        items={items}
        lines={lines}
        columns={columns.map(({ name }) => name)}
        sampleOf={(column) => columns.find(({ name }) => name === column)?.samples[0] ?? ''}
        onChange={(code, part) => setLines(lines.map((line) => (line.item === code ? { ...line, ...part } : line)))}
        onMatch={match}
        isMatching={suggest.isRunning}
        error={suggest.error}
      />
      <section className="dt-panel">
        <h2>{t.bind.answers}</h2>
        <p className="dt-muted dt-form-note">{t.bind.plain}</p>
        <Form layout="vertical">
          <Form.Item label={t.bind.seconds} htmlFor="logical-seconds" extra={t.bind.secondsHelp}>
            <InputNumber
              id="logical-seconds"
              min={0}
              max={86_400}
              precision={0}
              value={cacheSeconds}
              onChange={(seconds) => setCacheSeconds(seconds ?? 0)}
            />
          </Form.Item>
          <Checkbox checked={answerWhenAway} onChange={(event) => setAnswerWhenAway(event.target.checked)}>
            {t.whenAway}
          </Checkbox>
        </Form>
      </section>
      <ProblemAlert error={bind.error} labelOf={(pointer) => itemAt(pointer, mapping, items)} />
      <div className="dt-actions">
        <Button
          type="primary"
          loading={bind.isRunning}
          disabled={mapping.length === 0}
          onClick={() => bind.run({ body: { entryId: entry.id, sourceId, object, mapping, cacheSeconds, answerWhenAway } })}
        >
          {t.bind.save}
        </Button>
      </div>
    </>
  )
}

/** `/mapping/3` → the item's name. */
function itemAt(pointer: string, mapping: readonly { item: string }[], items: Entry['content']['items']): string | undefined {
  const at = /^\/mapping\/(\d+)/.exec(pointer)?.[1]
  return items.find(({ code }) => at && code === mapping[Number(at)]?.item)?.name
}
