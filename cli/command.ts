import { z } from 'zod'
import { rooms } from '#contract/index.ts'
import type { RouteSpec } from '#contract/route.ts'

/** A flag made from one field of a route's params, query or body. */
export interface Flag {
  name: string
  part: 'params' | 'query' | 'body'
  field: string
  isRequired: boolean
  /** `json`: a list or an object, written as JSON. */
  kind: 'text' | 'number' | 'boolean' | 'json'
  values: string[]
}

/** Every route is a command: `datong catalog create-system --name …`. Nothing is declared twice. */
export interface Command {
  room: string
  name: string
  routeName: string
  spec: RouteSpec
  flags: Flag[]
}

const toFlagName = (field: string) => field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

interface JsonSchema {
  type?: string | string[]
  enum?: unknown[]
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  $ref?: string
  $defs?: Record<string, JsonSchema>
}

/** What a value looks like on the command line, from its JSON Schema; unions take the first form that is not null. */
function kindOf(field: z.ZodType): Pick<Flag, 'kind' | 'values'> {
  const whole = z.toJSONSchema(field, { io: 'input', unrepresentable: 'any' }) as JsonSchema
  const resolve = (node: JsonSchema): JsonSchema => (node.$ref ? resolve(whole.$defs?.[node.$ref.split('/').at(-1)!] ?? {}) : node)
  const schema = resolve(whole)
  const form = (schema.anyOf ?? schema.oneOf)?.map(resolve).find((option) => option.type !== 'null') ?? schema
  if (form.enum) return { kind: 'text', values: form.enum.map(String) }
  if (form.type === 'integer' || form.type === 'number') return { kind: 'number', values: [] }
  if (form.type === 'boolean') return { kind: 'boolean', values: [] }
  return { kind: form.type === 'array' || form.type === 'object' ? 'json' : 'text', values: [] }
}

function flagsOf(spec: RouteSpec): Flag[] {
  const body = spec.body instanceof z.ZodObject ? spec.body : undefined
  const parts = { params: spec.params, query: spec.query, body }
  return (['params', 'query', 'body'] as const).flatMap((part) =>
    Object.entries(parts[part]?.shape ?? {}).map(([field, schema]): Flag => {
      const type = schema as z.ZodType
      return { name: toFlagName(field), part, field, isRequired: !type.safeParse(undefined).success, ...kindOf(type) }
    }),
  )
}

/** All commands, in the order of the contract. */
export const commands: Command[] = Object.entries(rooms).flatMap(([room, specs]) =>
  Object.entries(specs as Record<string, RouteSpec>).map(([routeName, spec]) => ({
    room,
    name: routeName.replaceAll('_', '-'),
    routeName,
    spec,
    flags: flagsOf(spec),
  })),
)

export const findCommand = (room: string, name: string): Command | undefined =>
  commands.find((command) => command.room === room && command.name === name)
