import { Form, InputNumber, Radio } from 'antd'
import type { PlanInput } from '#contract/ingestion.ts'
import { useText } from '../../ui/index.ts'
import { planText } from './text.ts'

interface VerifyFieldsProps {
  verify: PlanInput['verify']
  /** A share, 0–1; shown in percent. */
  limit: number
  rowLimit: PlanInput['quarantineRowLimit']
  onVerify: (verify: PlanInput['verify']) => void
  onLimit: (limit: number) => void
  onRowLimit: (rowLimit: PlanInput['quarantineRowLimit']) => void
}

/** What a load must prove before it counts. */
export function VerifyFields({ verify, limit, rowLimit, onVerify, onLimit, onRowLimit }: VerifyFieldsProps) {
  const t = useText(planText).verify
  return (
    <section className="dt-panel">
      <h2>{t.title}</h2>
      <Form layout="vertical">
        <Form.Item label={t.how}>
          <Radio.Group value={verify} onChange={(event) => onVerify(event.target.value)} className="dt-choices" aria-label={t.how}>
            {(['count', 'content'] as const).map((value) => (
              <Radio key={value} value={value}>
                {t[value]}
                <span className="dt-muted dt-choice-help">{value === 'count' ? t.countHelp : t.contentHelp}</span>
              </Radio>
            ))}
          </Radio.Group>
        </Form.Item>
        <Form.Item label={t.limit} htmlFor="plan-limit" extra={t.limitHelp}>
          <InputNumber
            id="plan-limit"
            min={0}
            max={100}
            value={Number((limit * 100).toFixed(4))}
            onChange={(percent) => onLimit((percent ?? 0) / 100)}
          />
        </Form.Item>
        <Form.Item label={t.rowLimit} htmlFor="plan-row-limit" extra={t.rowLimitHelp}>
          <InputNumber id="plan-row-limit" min={0} precision={0} value={rowLimit} placeholder={t.noRowLimit} onChange={onRowLimit} />
        </Form.Item>
      </Form>
    </section>
  )
}
