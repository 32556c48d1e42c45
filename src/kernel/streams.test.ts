import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTurn, paced } from './streams.ts'

test('a page looks at once after a quiet time, less and less often while news keep coming, and always after the last of them', context => {
  context.mock.timers.enable({ apis: ['setTimeout', 'Date'] })
  const said: number[] = []
  const news = paced(() => void said.push(Date.now()))
  for (let at = 0; at < 20_000; at += 50) {
    if (at < 10_000) news.ring()
    context.mock.timers.tick(50)
  }
  assert.deepEqual(said, [0, 250, 750, 1750, 3750, 5750, 7750, 9750, 11_750])
  news.ring()
  assert.equal(said.at(-1), 20_000)
  news.ring()
  news.end()
  context.mock.timers.tick(10_000)
  assert.equal(said.length, 10)
})

test('those who have the same list open look one after the other, none is left out, and after a quiet time the first looks at once', context => {
  context.mock.timers.enable({ apis: ['setTimeout', 'Date'] })
  const said: [number, number][] = []
  const all = () => [0, 1, 2].forEach(nth => void inTurn(() => void said.push([nth, Date.now()])))
  for (let at = 0; at < 600; at += 5) {
    if (at % 300 === 0) all()
    context.mock.timers.tick(5)
  }
  assert.deepEqual(said, [[0, 0], [1, 80], [2, 160], [0, 300], [1, 380], [2, 460]]) // biome-ignore format: one list
})

test('whoever waits in line is told once, and a long line is told faster', context => {
  context.mock.timers.enable({ apis: ['setTimeout', 'Date'] })
  const said = new Map<number, number[]>()
  const all = Array.from({ length: 1000 }, (_, nth) => () => void said.set(nth, [...(said.get(nth) ?? []), Date.now()]))
  for (let times = 0; times < 3; times++) for (const say of all) inTurn(say)
  for (let at = 0; at < 40_000; at++) context.mock.timers.tick(1)
  assert.equal(said.size, 1000)
  // The first was told before it was wanted again.
  assert.deepEqual(
    [...said].filter(([, times]) => times.length !== 1).map(([nth]) => nth),
    [0],
  )
  assert.ok(said.get(999)![0]! < 18_000, `the last after ${said.get(999)} ms`)
})
