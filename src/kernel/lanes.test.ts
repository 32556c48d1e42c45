import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as soon } from 'node:timers/promises'
import type { Context } from 'hono'
import { canWait, lanes } from './lanes.ts'

/** Runs that end when they are told to, and who has begun so far. */
function runs() {
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  const run = (name: string) => async () => {
    begun.push(name)
    await new Promise<void>(resolve => ends.set(name, resolve))
  }
  const end = async (name: string) => {
    ends.get(name)!()
    await soon()
  }
  return { begun, run, end }
}

test('what is waited for begins at once; what can wait goes one by one when nobody waits', async () => {
  const { now, later } = lanes(60_000)
  const { begun, run, end } = runs()
  const all = [now(run('a')), later(run('x')), later(run('y')), now(run('b'))]
  await soon()
  assert.deepEqual(begun, ['a', 'b'])
  await end('a')
  assert.deepEqual(begun, ['a', 'b'])
  await end('b')
  assert.deepEqual(begun, ['a', 'b', 'x'])
  all.push(now(run('c')))
  await end('x')
  assert.deepEqual(begun, ['a', 'b', 'x', 'c'])
  await end('c')
  assert.deepEqual(begun, ['a', 'b', 'x', 'c', 'y'])
  await end('y')
  await Promise.all(all)
})

test('one that failed lets the next go, in both lanes', async () => {
  const { now, later } = lanes(60_000)
  const fails = () => Promise.reject(new Error('no'))
  await assert.rejects(now(fails), /no/)
  await assert.rejects(later(fails), /no/)
  assert.equal(await later(() => Promise.resolve(1)), 1)
})

test('what can wait has waited long enough after its time', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { now, later } = lanes(1000)
  const { begun, run, end } = runs()
  const all = [now(run('a')), later(run('x')), later(run('y'))]
  t.mock.timers.tick(999)
  await soon()
  assert.deepEqual(begun, ['a'])
  t.mock.timers.tick(1)
  await soon()
  assert.deepEqual(begun, ['a', 'x', 'y'])
  for (const name of ['x', 'y', 'a']) await end(name)
  await Promise.all([...all, later(async () => void begun.push('z'))])
  assert.deepEqual(begun, ['a', 'x', 'y', 'z'])
})

test('a request says that it can wait by an urgency below the usual one', () => {
  const asked = (priority?: string) => canWait({ req: { header: () => priority } } as unknown as Context)
  const told = [undefined, '', 'u=0, i', 'u=3', 'u=4', 'i, u=7', 'u=71', 'xu=6', `${'a'.repeat(200)}, u=6`].map(asked)
  assert.deepEqual(told, [false, false, false, false, true, true, false, false, false])
})
