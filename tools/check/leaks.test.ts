import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { faultsIn, shown, treeOf } from './fixture.ts'
import { leaks } from './leaks.ts'
import { openTree } from './tree.ts'

// Put together here, so that this file does not hold what it looks for.
const joined = (...parts: string[]) => parts.join('')

test('paths, keys, tokens and half-done merges are found, with their line', async () => {
  for (const [text, what] of [
    [joined('x = "/ho', 'me/anna/shop/a.ts"'), 'a path of one machine'],
    [joined('-----BEGIN PRIVATE ', 'KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\n'), 'a private key'],
    [joined('AKIA', 'ABCDEFGHIJKLMNOP'), 'an access token'],
    [joined('<<<<', '<<< HEAD'), 'a half-done merge'],
  ] as const) {
    assert.deepEqual(await faultsIn(leaks, { 'docs/a.md': `first\n${text}\n` }), [`docs/a.md:2: names ${what}`])
  }
})

test('the place of this checkout is found in any file', async () => {
  const tree = treeOf({ 'src/a.ts': '' })
  writeFileSync(`${tree.root}/README.md`, `cd ${tree.root}/src\n`)
  assert.deepEqual((await leaks.run(openTree(tree.root, tree.house))).map(shown), ['README.md:1: names a path of this machine'])
})

test('a lock file that names another registry is found', async () => {
  const lock = (host: string) => ({ 'package-lock.json': `{\n"resolved": "https://${host}/a.tgz" }` })
  assert.deepEqual(await faultsIn(leaks, lock('registry.npmjs.org')), [])
  assert.deepEqual(await faultsIn(leaks, lock('mirror.example')), ['package-lock.json:2: names another registry'])
})

test('ordinary paths and words are fine', async () => {
  assert.deepEqual(await faultsIn(leaks, { 'docs/a.md': 'go to /home or /srv/trefoil, and =======\n' }), [])
})
