import { Button, Form, type FormInstance, type FormProps } from 'antd'
import { type ReactNode, useEffect } from 'react'
import type { Problem } from '#contract/values.ts'
import { useText } from '../language.tsx'
import { type Failed, ProblemAlert } from '../problem-alert.tsx'
import { uiText } from '../text.ts'

/** `/content/items/3/code` → ['content', 'items', 3, 'code'], the path of the form's field. */
export function toFieldPath(pointer: string): (string | number)[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
}

/** Puts the server's field errors beside their fields. `base` is cut off where the form holds a part of the body. */
export function showFieldErrors(form: FormInstance, errors: Problem['errors'], base = ''): void {
  const fields = errors
    .filter(({ pointer }) => pointer.startsWith(base))
    .map(({ pointer, detail }) => ({ name: toFieldPath(pointer.slice(base.length)), errors: [detail] }))
    .filter(({ name }) => form.getFieldInstance(name as never) !== undefined || form.getFieldValue(name as never) !== undefined)
  form.setFields(fields as never)
  const first = fields[0]
  if (first) form.scrollToField(first.name as never, { focus: true, block: 'center' })
}

interface ServerFormProps<V> {
  form?: FormInstance<V>
  initial: Partial<V>
  onSubmit: (values: V) => void
  error: Failed
  isRunning: boolean
  submitLabel?: string
  onCancel?: () => void
  /** Beside the form's own acts: another way to save. */
  otherActs?: ReactNode
  /** The field's name for a pointer of the body, for the list of problems. */
  labelOf?: (pointer: string) => string | undefined
  /** Pointer of the part of the body that the form holds. */
  base?: string
  children: ReactNode
  onValuesChange?: FormProps<V>['onValuesChange']
}

/** A form whose values are (a part of) the body of one route; the server's word on each field is shown beside it. */
export function ServerForm<V extends object>(props: ServerFormProps<V>) {
  const t = useText(uiText)
  const [own] = Form.useForm<V>()
  const form = props.form ?? own
  const { error, base = '' } = props
  useEffect(() => {
    if (error) showFieldErrors(form, error.problem.errors, base)
  }, [form, error, base])
  return (
    <Form<V>
      form={form}
      layout="vertical"
      initialValues={props.initial}
      onFinish={props.onSubmit}
      scrollToFirstError={{ focus: true, block: 'center' }}
      {...(props.onValuesChange && { onValuesChange: props.onValuesChange })}
    >
      {props.children}
      <ProblemAlert error={error} {...(props.labelOf && { labelOf: props.labelOf })} />
      <div className="dt-actions">
        <Button type="primary" htmlType="submit" loading={props.isRunning}>
          {props.submitLabel ?? t.save}
        </Button>
        {props.otherActs}
        {props.onCancel && <Button onClick={props.onCancel}>{t.cancel}</Button>}
      </div>
    </Form>
  )
}
