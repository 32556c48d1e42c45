import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readForm } from './form-data.ts'

const sent = (body: FormData | URLSearchParams) => new Request('http://house.invalid/', { method: 'POST', body })

test('a form becomes plain values: empty fields left out, brackets and repeated names as lists', async () => {
  const body = new URLSearchParams([
    ['name', 'Anna'],
    ['empty', ''],
    ['label', 'a'],
    ['label', 'b'],
    ['threads[]', 'one'],
    ['none[]', ''],
  ])
  const { plain } = await readForm(sent(body))
  assert.deepEqual(plain, { name: 'Anna', label: ['a', 'b'], threads: ['one'], none: [] })
})

test('files stay files, and a field in which none was chosen is not there', async () => {
  const body = new FormData()
  body.set('picture', new File(['north'], 'map.txt'))
  body.set('nothing', new File([], ''))
  const { plain } = await readForm(sent(body))
  assert.deepEqual(Object.keys(plain), ['picture'])
  assert.equal(await (plain.picture as File).text(), 'north')
})

test('names that mean something to JavaScript are names like any other', async () => {
  const body = new URLSearchParams([
    ['__proto__', 'x'],
    ['constructor', 'y'],
    ['toString[]', 'z'],
  ])
  const { plain } = await readForm(sent(body))
  assert.equal(Object.getPrototypeOf(plain), Object.prototype)
  assert.equal(({} as { x?: string }).x, undefined)
  assert.deepEqual([plain.constructor, plain.toString], ['y', ['z']])
})

test('another type and a broken body are refused', async () => {
  const json = new Request('http://house.invalid/', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })
  await assert.rejects(readForm(json), { code: 'invalid', key: 'kernel.wrongType' })
  const headers = { 'content-type': 'multipart/form-data; boundary=x' }
  await assert.rejects(readForm(new Request('http://house.invalid/', { method: 'POST', body: '--y', headers })), {
    key: 'kernel.brokenForm',
  })
})
