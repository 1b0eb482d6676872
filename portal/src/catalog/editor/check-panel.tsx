import { Button } from 'antd'
import { entryFields, itemFields } from '#contract/catalog-fields.ts'
import { useLanguage, useText } from '../../ui/index.ts'
import { editorText } from './text.ts'

export interface Problem {
  pointer: string
  detail: string
}

interface CheckPanelProps {
  /** Null: not checked yet. */
  problems: Problem[] | null
  isStale: boolean
  isRunning: boolean
  onCheck: () => void
  onJump: (pointer: string) => void
}

/** Everything that stands between the draft and its submission; each line leads to its field. */
export function CheckPanel({ problems, isStale, isRunning, onCheck, onJump }: CheckPanelProps) {
  const t = useText(editorText).check
  const label = useLabelOf()
  return (
    <section className="dt-panel" aria-label={t.title}>
      <h2>{t.title}</h2>
      <div role="status">
        {problems === null ? <p className="dt-muted">{t.notYet}</p> : <p>{problems.length === 0 ? t.none : t.count(problems.length)}</p>}
        {problems !== null && isStale && <p className="dt-muted">{t.stale}</p>}
      </div>
      {problems && problems.length > 0 && (
        <ol className="dt-problem-list">
          {problems.map(({ pointer, detail }) => (
            <li key={pointer + detail}>
              <button type="button" onClick={() => onJump(pointer)}>
                <strong>{label(pointer)}</strong> {detail}
              </button>
            </li>
          ))}
        </ol>
      )}
      <Button block onClick={onCheck} loading={isRunning}>
        {t.run}
      </Button>
    </section>
  )
}

/** `/items/3/code` → 第 4 项 信息项代码. */
function useLabelOf(): (pointer: string) => string {
  const t = useText(editorText).item
  const { language } = useLanguage()
  return (pointer) => {
    const [field = '', index, part] = pointer.split('/').slice(1)
    if (field !== 'items' || index === undefined) return entryFields[field as keyof typeof entryFields]?.[language] ?? ''
    return t.cell(Number(index) + 1, itemFields[part as keyof typeof itemFields]?.[language] ?? '')
  }
}
