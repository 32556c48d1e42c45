import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jsonOf } from './body.ts'
import { deepestJson, depthOf, readJson } from './json.ts'

const lists = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`

test('JSON is read down to 64 levels; brackets in texts count for nothing', () => {
  assert.deepEqual([depthOf('{"a":[{}],"b":[]}'), depthOf('"[[["'), depthOf('"\\"[["'), depthOf('1'), depthOf(']]][')], [3, 0, 0, 0, 0])
  assert.deepEqual([readJson(lists(deepestJson)) !== undefined, readJson(lists(deepestJson + 1))], [true, undefined])
  assert.equal(readJson(`"${'['.repeat(100)}"`), '['.repeat(100))
  for (const broken of ['', '{', 'nul', '{"a":}']) assert.equal(readJson(broken), undefined)
})

test('a bomb ends at once, at our own doors too', async () => {
  const start = performance.now()
  const ask = (body: string) =>
    jsonOf(new Request('http://house.example', { method: 'POST', body, headers: { 'content-type': 'application/json' } }), 8_000_000)
  for (const bomb of [lists(500_000), `{"a":${'['.repeat(1_000_000)}`, '{"a":'.repeat(500_000), lists(65)])
    await assert.rejects(ask(bomb), { code: 'invalid', key: 'kernel.brokenForm' })
  assert.deepEqual(await ask(lists(64)), JSON.parse(lists(64)))
  assert.ok(performance.now() - start < 1000)
})
