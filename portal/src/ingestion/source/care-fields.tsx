import { NumberField, TextField, useText } from '../../ui/index.ts'
import { sourceText } from './text.ts'

/** How the source is to be spared; the defaults are gentle. */
export function CareFields() {
  const t = useText(sourceText).care
  return (
    <div className="dt-form-columns">
      <TextField name={['care', 'window', 'from']} label={t.from} help={t.windowHelp} max={5} placeholder="22:00" />
      <TextField name={['care', 'window', 'to']} label={t.to} max={5} placeholder="06:00" />
      <NumberField name={['care', 'parallelReads']} label={t.parallelReads} min={1} max={8} required />
      <NumberField name={['care', 'statementSeconds']} label={t.statementSeconds} min={10} max={21600} required />
      <NumberField name={['care', 'bytesPerSecond']} label={t.rate} help={t.rateHelp} min={65536} max={10737418240} />
    </div>
  )
}
