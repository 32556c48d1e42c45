import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { treeOf } from './check/fixture.ts'
import { run } from './check/run.ts'
import { checkAll, parts, type Result } from './check.ts'

const check = fileURLToPath(new URL('check.ts', import.meta.url))
const hook = new URL('hook.mjs', import.meta.url).href

test('every part that exists is run, once', async () => {
  const folder = new URL('check/', import.meta.url)
  const names = readdirSync(folder).filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  const exported = await Promise.all(names.map(name => import(new URL(name, folder).href)))
  const found = exported
    .flatMap(module => Object.values<unknown>(module))
    .filter(it => typeof it === 'object' && it !== null && 'run' in it)
  assert.deepEqual(new Set(found), new Set(parts))
  assert.equal(new Set(parts.map(part => part.name)).size, parts.length)
})

test('faults, notes and a part that breaks are told apart', async () => {
  const one = {
    name: 'one',
    run: async () => [
      { at: 'a', says: 'b' },
      { at: 'c', says: 'd', note: true as const },
    ],
  }
  const two = { name: 'two', run: () => Promise.reject(new Error('no disk')) }
  const seen: string[] = []
  const results = await checkAll(treeOf({}), [one, two], (result: Result) => seen.push(result.name))
  assert.deepEqual(seen.sort(), ['one', 'two'])
  assert.deepEqual(
    results.map(({ faults, notes }) => [faults.length, notes.length]),
    [
      [1, 1],
      [1, 0],
    ],
  )
  assert.match(results[1]!.faults[0]!.says, /could not run: no disk/)
})

test('an unknown part ends with advice', async () => {
  const { code, text } = await run(process.execPath, ['--import', hook, check, '--only', 'wals'], process.cwd())
  assert.equal(code, 2)
  assert.match(text, /no part "wals"; there are types, /)
})
