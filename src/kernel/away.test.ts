import assert from 'node:assert/strict'
import { test } from 'node:test'
import { away } from './away.ts'

const coded = (code: string) => Object.assign(new Error('x'), { code })

test('A full disk, a database that is down or starting, and a connection that was cut off pass by themselves.', () => {
  for (const code of ['53100', '53300', '57P01', '57P03', '08006', 'ECONNREFUSED', 'ENOSPC'])
    assert.equal(away(coded(code))?.code, 'unavailable', code)
  assert.equal(away(new Error('Connection terminated unexpectedly'))?.retryAfter, 10)
  assert.equal(away(new Error('wrapped', { cause: coded('57P03') }))?.code, 'unavailable')
})

test('A mistake in a statement or in the code does not pass.', () => {
  for (const error of [coded('42P01'), coded('23505'), coded('ENOENT'), new TypeError('x is not a function'), 'text', null])
    assert.equal(away(error), undefined)
})
