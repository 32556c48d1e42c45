import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { action } from '#kernel/action.ts'
import { curlOf, exampleOf, firstToTry, jsonSchema, openApi, parametersOf, pathOf } from './rules.ts'

const named = <T extends { info: { name: string } }>(it: T, name: string): T => {
  it.info.name = name
  return it
}
const look = named(
  action({
    says: 'Look',
    who: 'x',
    reads: true,
    takes: z.strictObject({ id: z.uuid(), limit: z.coerce.number().int().min(1).default(5) }),
    gives: z.object({ at: z.date() }),
    run: async () => ({ at: new Date() }),
  }),
  'room.look',
)
const change = named(
  action({
    says: 'Change',
    who: 'x',
    takes: z.strictObject({ name: z.string().max(9), kind: z.enum(['a', 'b']), note: z.string().optional() }),
    gives: z.object({}),
    run: async () => ({}),
  }),
  'room.change',
)

test('An action’s address is its module and its name.', () => {
  assert.equal(pathOf(look), '/api/v1/room/look')
})

test('Dates are written as text, in ISO 8601; what JSON Schema cannot say is left open.', () => {
  assert.deepEqual((jsonSchema(look.info.gives, 'output').properties as Record<string, unknown>).at, {
    type: 'string',
    format: 'date-time',
  })
  assert.deepEqual(jsonSchema(z.object({ it: z.custom(() => true) }), 'output').properties, { it: {} })
})

test('A query’s fields become parameters of the address.', () => {
  assert.deepEqual(
    parametersOf(look.info.takes).map(({ name, required }) => [name, required]),
    [
      ['id', true],
      ['limit', false],
    ],
  )
})

test('The whole description; only actions that are published stand in it.', () => {
  const api = openApi([look, change], 'https://x.test') as {
    openapi: string
    paths: Record<string, Record<string, { operationId: string }>>
  }
  assert.equal(api.openapi, '3.1.0')
  assert.deepEqual(
    Object.entries(api.paths).map(([path, each]) => [path, Object.keys(each)]),
    [
      ['/api/v1/room/look', ['get']],
      ['/api/v1/room/change', ['post']],
    ],
  )
})

test('What one may paste: the address, the key and an example body.', () => {
  const pasted = curlOf(change, 'https://x.test', 'tf_1')
  assert.match(pasted, /https:\/\/x\.test\/api\/v1\/room\/change/)
  assert.match(pasted, /Bearer tf_1/)
  assert.match(pasted, /\{"name":"text","kind":"a"\}/)
  assert.doesNotMatch(curlOf(look, 'https://x.test', 'tf_1'), /-d/)
})

test('The first thing to try with a new key is whatever it may look at without saying more.', () => {
  assert.equal(
    firstToTry([change, look], () => true),
    undefined,
  )
  const plain = action({
    says: 'See all',
    who: 'home.read',
    reads: true,
    takes: z.strictObject({ most: z.number().optional() }),
    gives: z.object({}),
    run: async () => ({}),
  })
  assert.equal(
    firstToTry([change, look, plain], () => true),
    plain,
  )
  assert.equal(
    firstToTry([plain], who => who !== 'home.read'),
    undefined,
  )
})

test('An example of a schema is its first allowed value, or the plainest of its kind.', () => {
  const schema = z.object({
    id: z.uuid(),
    mail: z.email(),
    many: z.array(z.enum(['x', 'y'])),
    number: z.number().min(3),
    yes: z.boolean(),
    either: z.union([z.literal(7), z.string()]),
    maybe: z.string().optional(),
  })
  const example = exampleOf(jsonSchema(schema, 'input'))
  assert.equal(schema.safeParse(example).success, true)
  assert.equal('maybe' in (example as object), false)
})
