import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#kernel/errors.ts'
import { mayEdit } from './rules.ts'

test('Only its writer changes a note.', () => {
  mayEdit({ by: 'anna' }, 'anna')
  for (const by of ['ben', null]) assert.throws(() => mayEdit({ by }, 'anna'), new Refusal('forbidden', 'notes.notYours'))
})
