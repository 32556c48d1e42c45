import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#kernel/errors.ts'
import { fits, isOver, mayEmploy } from './rules.ts'

test('Nobody leaves a company before joining it.', () => {
  fits({ since: '2026-01-01', until: '2026-01-01' })
  fits({ since: null, until: '2026-01-01' })
  assert.throws(() => fits({ since: '2026-01-02', until: '2026-01-01' }), new Refusal('invalid', 'companies.daysWrong'))
})

test('Only an organisation has people, and only a person works at one.', () => {
  mayEmploy('human', 'organisation')
  assert.throws(() => mayEmploy('organisation', 'organisation'), new Refusal('conflict', 'companies.kinds'))
})

test('Somebody works there until the day of leaving is over.', () => {
  assert.ok(isOver('2026-01-01', '2026-01-02'))
  assert.ok(!isOver('2026-01-01', '2026-01-01') && !isOver(null, '2026-01-01'))
})
