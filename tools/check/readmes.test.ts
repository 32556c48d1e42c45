import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faultsIn } from './fixture.ts'
import { readmes } from './readmes.ts'

const lines = (count: number) => 'x\n'.repeat(count)

test('a module, a channel, a model and a floor without a README are found', async () => {
  const files = {
    'src/areas/crm/words.ts': '',
    'channels/pigeon/channel.ts': '',
    'models/stairs/model.ts': '',
    'src/measures/words.ts': '',
  }
  assert.deepEqual(
    (await faultsIn(readmes, files)).map(fault => fault.split(':')[0]),
    ['src/areas/crm', 'src/measures', 'channels/pigeon', 'models/stairs'],
  )
})

test('one that says nothing, and one that nobody reads, are found', async () => {
  for (const [count, faults] of [
    [4, 1],
    [5, 0],
    [15, 0],
    [16, 1],
  ] as const) {
    assert.equal((await faultsIn(readmes, { 'src/areas/crm/README.md': lines(count) })).length, faults, `${count} lines`)
  }
  assert.deepEqual(await faultsIn(readmes, { 'channels/pigeon/README.md': lines(40) }), [])
})
