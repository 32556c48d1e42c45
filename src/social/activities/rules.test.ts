import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { emptied } from './rules.ts'

test('Of what happened with somebody who was erased there stay ids, times, numbers and what its word offers as a choice; every other text goes.', () => {
  const schema = z.strictObject({
    label: z.string(),
    to: z.string().nullable(),
    until: z.string(),
    because: z.enum(['mention', 'time']).optional(),
    names: z.array(z.string()).max(3),
    count: z.number(),
    inner: z.strictObject({ text: z.string() }).optional(),
  })
  const id = '01890000-0000-7000-8000-000000000001'
  const detail = {
    label: 'Anna',
    to: id,
    until: '2026-03-01T10:00:00.000Z',
    because: 'time',
    names: ['Anna'],
    count: 3,
    inner: { text: 'Anna' },
  }
  assert.deepEqual(emptied(schema, { ...detail, unknown: 'Anna' }), {
    ...detail,
    label: '',
    names: [''],
    inner: { text: '' },
  })
  assert.deepEqual(emptied(schema, { because: 'Anna' }), { because: '' })
  assert.deepEqual(emptied(undefined, { label: 'Anna' }), {})
})
