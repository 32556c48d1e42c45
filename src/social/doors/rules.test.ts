import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as rules from './rules.ts'

test('What can be nobody’s address or id is not looked for.', () => {
  assert.ok(rules.canBe({ address: 'support@company.example' }) && rules.canBe({ id: crypto.randomUUID() }))
  for (const address of ['', 'x'.repeat(501), 'a\0b', '\ud800']) assert.ok(!rules.canBe({ address }), JSON.stringify(address))
  for (const id of ['', 'x', `${crypto.randomUUID()} `]) assert.ok(!rules.canBe({ id }), id)
})

test('A channel’s doors lie below its own name, or where the open network looks for what is well known.', () => {
  const ours = ['/.well-known/webfinger', '/pigeon/actors/:name', '/pigeon/*']
  for (const path of ours) assert.ok(rules.isItsDoor('pigeon', path), path)
  const others = ['/', '/*', '/settings', '/pigeons/x', '/pigeon', '/api/v1/pigeon/', '/pigeon/../settings', '/pigeon//x', '/pigeon/a b']
  for (const path of others) assert.ok(!rules.isItsDoor('pigeon', path), path)
})

test('Who was seen in the last ten minutes is there.', () => {
  assert.deepEqual(rules.presentSince(new Date(600_000)), new Date(0))
})
