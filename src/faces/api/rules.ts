/** The API as a description: OpenAPI 3.1 from the very schemas that validate. */
import { z } from 'zod'
import type { Action } from '#kernel/action.ts'

type Json = Record<string, unknown>

/** An action’s address is its module and its name. */
export const pathOf = (action: Action): string => `/api/v1/${action.info.name.replace('.', '/')}`

/** Dates are written as text, in ISO 8601; what JSON Schema cannot say is left open. */
export function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const made = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'date') Object.assign(jsonSchema, { type: 'string', format: 'date-time' })
    },
  }) as Json
  delete made.$schema
  return made
}

/** A query’s fields become parameters of the address. */
export function parametersOf(schema: z.ZodType): Json[] {
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as { properties?: Record<string, Json>; required?: string[] }
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: required.includes(name), schema }))
}

const errorAnswer = (description: string) => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
})

const problems = {
  '401': errorAnswer('No key, or one that was revoked'),
  '403': errorAnswer('The role or the scopes of the key do not allow it'),
  '404': errorAnswer('There is no such thing here'),
  '409': errorAnswer('It contradicts what is there, or a request with this Idempotency-Key is under way'),
  '422': errorAnswer('The input is not right; `fields` says where'),
  '429': errorAnswer('Too often; see Retry-After'),
}

function operationOf(action: Action): Json {
  const { info } = action
  const [module, name] = info.name.split('.')
  return {
    operationId: `${module}_${name}`,
    tags: [module],
    summary: info.says,
    'x-permission': info.who,
    ...(info.reads
      ? { parameters: parametersOf(info.takes) }
      : {
          parameters: [{ $ref: '#/components/parameters/IdempotencyKey' }],
          requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(info.takes, 'input') } } },
        }),
    responses: {
      '200': { description: 'Done', content: { 'application/json': { schema: jsonSchema(info.gives, 'output') } } },
      ...problems,
    },
  }
}

/** The whole description; only actions that are published stand in it. */
export function openApi(actions: Action[], server: string): Json {
  const paths = Object.fromEntries(actions.map(action => [pathOf(action), { [action.info.reads ? 'get' : 'post']: operationOf(action) }]))
  return {
    openapi: '3.1.0',
    info: {
      title: 'Trefoil',
      version: '1',
      description:
        'Everything that can be done in Trefoil, under one’s own rights. Lists are paged by key: give what `next` said back as `before` or `after`.',
    },
    servers: [{ url: server }],
    security: [{ key: [] }],
    paths,
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'A personal key, made in the settings' } },
      parameters: {
        IdempotencyKey: {
          name: 'Idempotency-Key',
          in: 'header',
          required: false,
          description:
            'For 24 hours the same key with the same body gets the same answer and changes nothing more; with another body it is refused.',
          schema: { type: 'string', minLength: 1, maxLength: 255 },
        },
      },
      schemas: { Error: errorSchema },
    },
  }
}

const errorSchema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['type', 'says', 'request'],
      properties: {
        type: { type: 'string' },
        says: { type: 'string' },
        fields: { type: 'array', items: { type: 'object', properties: { field: { type: 'string' }, says: { type: 'string' } } } },
        request: { type: 'string' },
        more: { type: 'string' },
      },
    },
  },
}

/** What one may paste: the address, the key and an example body. */
export function curlOf(action: Action, server: string, key: string): string {
  const address = server + pathOf(action)
  if (action.info.reads) return `curl '${address}' \\\n  -H 'Authorization: Bearer ${key}'`
  return `curl '${address}' \\\n  -H 'Authorization: Bearer ${key}' \\\n  -H 'Content-Type: application/json' \\\n  -d '${JSON.stringify(exampleOf(jsonSchema(action.info.takes, 'input')))}'`
}

/** The first thing to try with a new key is whatever it may look at without saying more. */
export const firstToTry = (actions: Action[], allowed: (who: string) => boolean): Action | undefined =>
  actions.find(({ info }) => info.reads && allowed(info.who) && parametersOf(info.takes).every(each => !each.required))

/** An example of a schema is its first allowed value, or the plainest of its kind. */
export function exampleOf(schema: Json): unknown {
  if (schema.const !== undefined) return schema.const
  if (Array.isArray(schema.enum)) return schema.enum[0]
  if (schema.default !== undefined) return schema.default
  const either = (schema.anyOf ?? schema.oneOf) as Json[] | undefined
  if (either?.[0]) return exampleOf(either[0])
  if (schema.type === 'object') return exampleObject(schema)
  if (schema.type === 'array') return schema.items ? [exampleOf(schema.items as Json)] : []
  return exampleValue(schema)
}

function exampleObject({ properties = {}, required = [] }: { properties?: Record<string, Json>; required?: string[] }): Json {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([name]) => required.includes(name))
      .map(([name, each]) => [name, exampleOf(each)]),
  )
}

function exampleValue(schema: Json): unknown {
  if (schema.format === 'uuid') return '00000000-0000-7000-8000-000000000000'
  if (schema.format === 'email') return 'name@example.com'
  if (schema.format === 'date-time') return '2026-01-31T09:00:00Z'
  if (schema.type === 'integer' || schema.type === 'number') return Number(schema.minimum ?? 1)
  if (schema.type === 'boolean') return false
  return 'text'
}
