import { DatePicker, Form, Input, InputNumber, Select } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import type { ReactNode } from 'react'
import { useText } from '../language.tsx'
import { uiText } from '../text.ts'

interface FieldProps {
  /** Path in the form's values, the same as in the body that is sent: server errors find the field by it. */
  name: string | (string | number)[]
  label: string
  /** What is meant and where it comes from. */
  help?: ReactNode
  required?: boolean
  disabled?: boolean
}

export interface Choice {
  value: string
  label: string
}

/** `{ a: '甲' }` → choices in that order. */
export const toChoices = (table: Record<string, string>): Choice[] => Object.entries(table).map(([value, label]) => ({ value, label }))

function itemOf({ name, label, help, required }: FieldProps, message: string) {
  return { name, label, extra: help, rules: required ? [{ required: true, message }] : [] }
}

export function TextField(props: FieldProps & { max?: number; rows?: number; placeholder?: string; autoComplete?: string }) {
  const t = useText(uiText)
  const input = { maxLength: props.max, placeholder: props.placeholder, disabled: props.disabled }
  const item = itemOf(props, t.required(props.label))
  return (
    <Form.Item {...item} rules={props.required ? [{ required: true, whitespace: true, message: t.required(props.label) }] : []}>
      {props.rows ? <Input.TextArea rows={props.rows} {...input} /> : <Input autoComplete={props.autoComplete ?? 'off'} {...input} />}
    </Form.Item>
  )
}

export function ChoiceField(
  props: FieldProps & { choices: Choice[]; clearable?: boolean; multiple?: boolean; onChange?: (value: string) => void },
) {
  const t = useText(uiText)
  return (
    <Form.Item {...itemOf(props, t.choose(props.label))}>
      <Select
        options={props.choices}
        allowClear={props.clearable ?? false}
        disabled={props.disabled}
        showSearch={{ optionFilterProp: 'label' }}
        // Some fifteen choices are seen at once, wherever the chosen one stands: the kinds of sources are the most there are.
        listHeight={512}
        {...(props.multiple && { mode: 'multiple' as const })}
        {...(props.onChange && { onChange: props.onChange })}
      />
    </Form.Item>
  )
}

/** A local date as the contract has it: 'YYYY-MM-DD' or null. */
export function DateField(props: FieldProps) {
  const t = useText(uiText)
  return (
    <Form.Item
      {...itemOf(props, t.choose(props.label))}
      getValueProps={(value: string | null) => ({ value: value ? dayjs(value) : null })}
      normalize={(value: Dayjs | null) => value?.format('YYYY-MM-DD') ?? null}
    >
      <DatePicker
        disabled={props.disabled}
        // Enter takes the date; it must not send the form as well.
        onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
      />
    </Form.Item>
  )
}

export function NumberField(props: FieldProps & { min?: number; max?: number; step?: number }) {
  const t = useText(uiText)
  return (
    <Form.Item {...itemOf(props, t.required(props.label))}>
      <InputNumber min={props.min} max={props.max} step={props.step} disabled={props.disabled} className="dt-wide" />
    </Form.Item>
  )
}
