import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faultsIn, treeOf } from './fixture.ts'
import { length } from './length.ts'

const lines = (count: number) => 'export {}\n'.repeat(count)

test('a file that nobody reads to its end is found', async () => {
  assert.deepEqual(await faultsIn(length, { 'src/kernel/a.ts': lines(400) }), [])
  assert.deepEqual(await faultsIn(length, { 'src/kernel/a.ts': lines(401) }), [
    'src/kernel/a.ts: has 401 lines, at most 400 are read; which name is missing?',
  ])
})

test('long tests and long data are only noted', async () => {
  const faults = await length.run(treeOf({ 'src/kernel/a.test.ts': lines(500), 'models/needs/model.ts': lines(500) }))
  assert.deepEqual(
    faults.map(({ at, note }) => [at, note]),
    [
      ['models/needs/model.ts', true],
      ['src/kernel/a.test.ts', true],
    ],
  )
})
