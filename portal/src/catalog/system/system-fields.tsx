import { toChoices, ChoiceField, DateField, NumberField, TextField, useText } from '../../ui/index.ts'
import { catalogWords } from '../words.ts'
import { systemText } from './text.ts'

/** The fields of a business system, for registering and for changing it. */
export function SystemFields() {
  const t = useText(systemText).field
  const words = useText(catalogWords)
  return (
    <div className="dt-form-columns">
      <TextField name="name" label={t.name} required max={200} />
      <TextField name="shortName" label={t.shortName} max={50} />
      <ChoiceField name="state" label={t.state} choices={toChoices(words.systemState)} />
      <ChoiceField name="network" label={t.network} choices={toChoices(words.network)} />
      <NumberField name="protectionLevel" label={t.protectionLevel} min={1} max={5} />
      <DateField name="goLiveOn" label={t.goLiveOn} />
      <div className="dt-full">
        <TextField name="description" label={t.description} rows={3} max={4000} />
      </div>
      <TextField name="duty" label={t.duty} help={t.dutyHelp} rows={2} max={500} />
      <TextField name="noDataReason" label={t.noDataReason} help={t.noDataReasonHelp} rows={2} max={500} />
      <TextField name="builder" label={t.builder} max={200} />
    </div>
  )
}
