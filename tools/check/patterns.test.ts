import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { faultsIn, shown, treeOf } from './fixture.ts'
import { patterns } from './patterns.ts'

const inCode = (code: string) => faultsIn(patterns, { 'src/kernel/a.ts': `export const a = ${code}\n` })

test('a pattern that can be made to hang is found', async () => {
  for (const code of ['/(a+)+$/', '/\\s+$/g', `new RegExp('(a|a)*b')`, '/^(\\w+\\s?)*$/v']) {
    assert.match((await inCode(code))[0] ?? code, /^src\/kernel\/a\.ts:1: .* can be made to hang/)
  }
})

test('a harmless pattern is not', async () => {
  for (const code of ['/^[a-z0-9-]{1,63}$/i', '/\\p{L}+/gu', `new RegExp('^a+$', 'u')`]) assert.deepEqual(await inCode(code), [], code)
})

test('what is safe is kept and believed, what is not is looked at again', async () => {
  const tree = treeOf({ 'src/kernel/a.ts': 'export const a = [/(b+)+$/, /^b$/]\n' }, {}, true)
  const first = (await patterns.run(tree)).map(shown)
  assert.equal(first.length, 1)
  for (const file of ['.cache/patterns.json', 'tools/check/patterns.json']) {
    assert.deepEqual(Object.values(JSON.parse(readFileSync(`${tree.root}/${file}`, 'utf8'))), ['safe'])
  }
  assert.deepEqual((await patterns.run(tree)).map(shown), first)
})
