import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as soon } from 'node:timers/promises'
import { gate } from './gate.ts'

/** Runs that end when they are told to, and who has begun so far. */
function runs(through: ReturnType<typeof gate>) {
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  const run = (name: string) =>
    through(async () => {
      begun.push(name)
      await new Promise<void>(resolve => ends.set(name, resolve))
    })
  const end = async (name: string) => {
    ends.get(name)!()
    await soon()
  }
  return { begun, run, end }
}

test('so many run at once, the others in their order, also after one that failed', async () => {
  const through = gate(2)
  const { begun, run, end } = runs(through)
  const all = ['a', 'b', 'c', 'd'].map(run)
  await soon()
  assert.deepEqual(begun, ['a', 'b'])
  await end('b')
  assert.deepEqual(begun, ['a', 'b', 'c'])
  await assert.rejects(
    Promise.all([
      through(() => Promise.reject(new Error('no'))),
      (async () => {
        for (const name of ['a', 'c', 'd']) await end(name)
      })(),
    ]),
    /no/,
  )
  await Promise.all(all)
  assert.deepEqual(begun, ['a', 'b', 'c', 'd'])
  const after = ['e', 'f', 'g'].map(run)
  await soon()
  assert.deepEqual(begun.slice(4), ['e', 'f'])
  for (const name of ['e', 'f', 'g']) await end(name)
  await Promise.all(after)
})

test('whoever has waited long enough goes all the same; afterwards no more run at once than before', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { begun, run, end } = runs(gate(1, 100))
  const all = ['slow', 'a', 'b'].map(run)
  t.mock.timers.tick(99)
  await soon()
  assert.deepEqual(begun, ['slow'])
  t.mock.timers.tick(1)
  await soon()
  assert.deepEqual(begun, ['slow', 'a', 'b'])
  const late = run('c')
  for (const name of ['a', 'b']) await end(name)
  assert.deepEqual(begun, ['slow', 'a', 'b'])
  await end('slow')
  assert.deepEqual(begun, ['slow', 'a', 'b', 'c'])
  await end('c')
  await Promise.all([...all, late])
})
