import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { faultsIn, treeOf } from './fixture.ts'
import { format } from './format.ts'
import { types } from './types.ts'

const settings = JSON.stringify({ compilerOptions: { strict: true, noEmit: true, types: [], skipLibCheck: true }, files: ['a.ts'] })

test('a wrong type is found, with its line', async () => {
  assert.deepEqual(await faultsIn(types, { 'tsconfig.json': settings, 'a.ts': '\nexport const a: string = 1\n' }), [
    "a.ts:2: TS2322: Type 'number' is not assignable to type 'string'.",
  ])
  assert.deepEqual(await faultsIn(types, { 'tsconfig.json': settings, 'a.ts': 'export const a: number = 1\n' }), [])
})

test('a compiler that cannot start does not pass', async () => {
  assert.equal((await faultsIn(types, { 'tsconfig.json': '{ "files": ["gone.ts"] }' })).length, 1)
})

test('what Biome would change, and what it warns of, is found', async () => {
  const faults = await faultsIn(format, { 'biome.json': '{}', 'a.ts': 'export const a =   1\n', 'b.ts': 'const b = 1;\n' })
  assert.ok(faults.includes('a.ts:1: format: npm run check -- --write puts it in order'))
  assert.ok(faults.some(fault => fault.startsWith('b.ts:1: lint/correctness/noUnusedVariables')))
})

test('asked to write, it puts the tree in order', async () => {
  const tree = treeOf({ 'biome.json': '{}', 'a.ts': 'export const a =   1\n' }, {}, true)
  assert.deepEqual(await format.run(tree), [])
  assert.equal(readFileSync(`${tree.root}/a.ts`, 'utf8'), 'export const a = 1;\n')
})
