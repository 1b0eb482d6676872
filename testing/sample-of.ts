import { z } from 'zod'

type Schema = z.core.JSONSchema.BaseSchema

/**
 * A value that a schema accepts, as small as may be: what a route is called with when only its door is tried. Formats that a
 * pattern alone describes are given here once.
 */
export function sampleOf(schema: z.ZodType | 'file' | undefined): unknown {
  if (schema === undefined) return undefined
  if (schema === 'file') return Buffer.from('a,b\n1,2\n')
  const document = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  const value = sample(document, document.$defs ?? {})
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw new Error(`no sample for ${JSON.stringify(document)}: ${parsed.error.message}`)
  return value
}

const formats: Record<string, string> = {
  uuid: '00000000-0000-7000-8000-000000000000',
  date: '2026-11-20',
  'date-time': '2026-11-20T00:00:00Z',
}
const patterned = ['350200', '01', '001', '3', '113502000041380071', 'sample', '2026-11-20', '08:30']

function sample(schema: Schema, definitions: Record<string, Schema>): unknown {
  if (schema.$ref) return sample(definitions[schema.$ref.split('/').at(-1)!]!, definitions)
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  const choice = (schema.anyOf ?? schema.oneOf)?.find((one) => (one as Schema).type !== 'null')
  if (choice) return sample(choice as Schema, definitions)
  switch (schema.type) {
    case 'object': {
      const fields = Object.entries(schema.properties ?? {}).filter(([name]) => schema.required?.includes(name))
      return Object.fromEntries(fields.map(([name, field]) => [name, sample(field as Schema, definitions)]))
    }
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => sample(schema.items as Schema, definitions))
    case 'string':
      return text(schema)
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, Math.min(1, schema.maximum ?? 1))
    case 'boolean':
      return false
    default:
      return null
  }
}

function text({ format, pattern, minLength = 1 }: Schema): string {
  if (format && formats[format]) return formats[format]
  const fitting = pattern && patterned.find((one) => new RegExp(pattern, 'u').test(one) && one.length >= minLength)
  return fitting || 'sample'.repeat(Math.ceil(minLength / 6))
}
