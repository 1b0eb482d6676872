import { z } from 'zod'
import { rooms } from '#contract/index.ts'
import type { RouteSpec } from '#contract/route.ts'
import { Problem } from '#contract/values.ts'

const tags: Record<keyof typeof rooms, string> = {
  security: '安全保障',
  duty: '时限',
  catalog: '目录',
  ingestion: '汇聚',
  sharing: '共享',
  assessment: '台账与考核',
}

type Schemas = Record<string, unknown>

/** Named schemas (`.meta({ id })`) go to components once; the form that a client sends may differ by its defaults. */
function hoist(schema: Schemas, io: 'input' | 'output', shared: Schemas): Schemas {
  const suffix = io === 'input' ? 'Input' : ''
  const text = JSON.stringify(schema).replaceAll(/"#\/\$defs\/(\w+)"/g, (_, name: string) => `"#/components/schemas/${name}${suffix}"`)
  const { $defs, $schema: _, ...rest } = JSON.parse(text) as Schemas & { $defs?: Schemas }
  for (const [name, definition] of Object.entries($defs ?? {})) shared[name + suffix] = { ...(definition as Schemas), id: undefined }
  return rest
}

// zod writes 2^53 bounds and giant patterns that only make the document unreadable (stack.md §8.6).
const jsonSchema = (schema: z.ZodType, io: 'input' | 'output', shared: Schemas) =>
  hoist(
    z.toJSONSchema(schema, {
      io,
      unrepresentable: 'any',
      override: ({ jsonSchema: node }) => {
        if (node.format) delete node.pattern
        if (node.maximum === Number.MAX_SAFE_INTEGER) delete node.maximum
        if (node.minimum === Number.MIN_SAFE_INTEGER) delete node.minimum
      },
    }) as Schemas,
    io,
    shared,
  )

function parametersOf(spec: RouteSpec, shared: Schemas) {
  const of = (schema: z.ZodObject | undefined, place: 'path' | 'query') =>
    Object.entries(schema?.shape ?? {}).map(([name, field]) => ({
      name,
      in: place,
      required: place === 'path' || !(field as z.ZodType).safeParse(undefined).success,
      schema: jsonSchema(field as z.ZodType, 'input', shared),
    }))
  return [...of(spec.params, 'path'), ...of(spec.query, 'query')]
}

function answerOf(spec: RouteSpec, shared: Schemas) {
  if (spec.output === 'none') return { 204: { description: '完成' } }
  const content =
    spec.output === 'file'
      ? { 'application/octet-stream': {} }
      : { 'application/json': { schema: jsonSchema(spec.output, 'output', shared) } }
  return { 200: { description: '成功', content } }
}

function operationOf(name: string, spec: RouteSpec, tag: string, shared: Schemas) {
  const body =
    spec.body === 'file'
      ? { 'application/octet-stream': {} }
      : spec.body && { 'application/json': { schema: jsonSchema(spec.body, 'input', shared) } }
  const security = spec.needs === 'public' ? [] : spec.needs === 'signature' ? [{ signature: [] }] : [{ session: [] }]
  return {
    operationId: name,
    summary: spec.summary,
    tags: [tag],
    security,
    'x-needs': spec.needs,
    parameters: parametersOf(spec, shared),
    ...(body && { requestBody: { required: true, content: body } }),
    responses: {
      ...answerOf(spec, shared),
      default: {
        description: '问题说明 (RFC 9457)',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

/** The OpenAPI 3.1 document of every route, made from the contract alone. */
export function openApiDocument() {
  const paths: Record<string, Schemas> = {}
  const schemas: Schemas = {}
  for (const [room, specs] of Object.entries(rooms)) {
    for (const [name, spec] of Object.entries(specs as Record<string, RouteSpec>)) {
      const path = spec.path.replace(/:(\w+)/g, '{$1}')
      paths[path] = { ...paths[path], [spec.method.toLowerCase()]: operationOf(name, spec, tags[room as keyof typeof rooms], schemas) }
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: '大同 Datong 一体化公共数据体系', version: '1', description: '接口由 contract/ 生成。错误遵循 RFC 9457。' },
    tags: Object.values(tags).map((name) => ({ name })),
    paths,
    components: {
      schemas: { ...schemas, Problem: jsonSchema(Problem, 'output', schemas) },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'datong_session', description: '登录后获得；改动类请求另带 x-csrf-token' },
        signature: { type: 'apiKey', in: 'header', name: 'x-ca-key', description: 'AK/SK 签名，见 docs/API.md' },
      },
    },
  }
}
