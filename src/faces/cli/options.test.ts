import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#kernel/errors.ts'
import { type Field, inputOf, optionOf } from './options.ts'

const fields: Field[] = [
  { name: 'firstName', schema: { type: 'string' } },
  { name: 'count', schema: { type: 'integer' } },
  { name: 'done', schema: { type: 'boolean' } },
  { name: 'labels', schema: { type: 'array', items: { type: 'string' } } },
  { name: 'choices', schema: { type: 'array', items: { type: 'object' } } },
  { name: 'hours', schema: { type: 'object' } },
]

test('Every field of an action is an option of its command.', () => {
  assert.deepEqual(fields.map(optionOf), [
    '--first-name <firstName>',
    '--count <count>',
    '--done [yes]',
    '--labels <labels...>',
    '--choices <choices...>',
    '--hours <hours>',
  ])
})

test('What is typed becomes what the schema takes; what is not given is left out.', () => {
  assert.deepEqual(
    inputOf(fields, { firstName: '7', count: '7', done: true, labels: ['a', 'b'], choices: ['{"kind":"mention"}'], hours: '{"from":9}' }),
    { firstName: '7', count: 7, done: true, labels: ['a', 'b'], choices: [{ kind: 'mention' }], hours: { from: 9 } },
  )
  assert.deepEqual(inputOf(fields, { done: 'no' }), { done: false })
})

test('The whole input can be given as JSON, and single fields over it.', () => {
  assert.deepEqual(inputOf(fields, { count: '2' }, '{"count": 1, "firstName": "Ada"}'), { count: 2, firstName: 'Ada' })
  assert.throws(() => inputOf(fields, {}, '{'), Refusal)
})

test('A number that is none is left to the schema, which says what is wrong with it.', () => {
  assert.deepEqual(inputOf(fields, { count: 'many' }), { count: 'many' })
})
