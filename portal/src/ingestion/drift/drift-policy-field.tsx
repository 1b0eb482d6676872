import { Form, Radio } from 'antd'
import { type DriftPolicy, driftPolicies } from '#contract/ingestion/drift.ts'
import { useText } from '../../ui/index.ts'
import { driftText } from './text.ts'

/** What loads of this plan do when their source has changed its structure. */
export function DriftPolicyField({ policy, onPolicy }: { policy: DriftPolicy; onPolicy: (policy: DriftPolicy) => void }) {
  const t = useText(driftText)
  return (
    <section className="dt-panel">
      <Form layout="vertical">
        <Form.Item label={t.policyLabel} extra={t.policyHelp}>
          <Radio.Group value={policy} onChange={(event) => onPolicy(event.target.value)} className="dt-choices" aria-label={t.policyLabel}>
            {(Object.keys(driftPolicies) as DriftPolicy[]).map((value) => (
              <Radio key={value} value={value}>
                {t.policies[value]}
              </Radio>
            ))}
          </Radio.Group>
        </Form.Item>
      </Form>
    </section>
  )
}
