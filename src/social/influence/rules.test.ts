import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isTie, weightAt } from './rules.ts'

test('A tie leads from one person to another one, and weighs something.', () => {
  assert.equal(isTie(0, 1, 0.5), true)
  for (const [from, to, weight] of [
    [1, 1, 1],
    [-1, 1, 1],
    [1, -1, 1],
    [0, 1, 0],
    [0, 1, -1],
    [0, 1, Number.NaN],
    [0, 1, Number.POSITIVE_INFINITY],
  ] as const)
    assert.equal(isTie(from, to, weight), false, `${from} ${to} ${weight}`)
})

test('What is later weighs more, twice as much for each half-life that lies between, so that the passing of time alone changes no order.', () => {
  assert.equal(weightAt(3, 20, 0, 10), 12)
  assert.equal(weightAt(3, -10, 0, 10), 1.5)
  const [old, young] = [weightAt(1, 5, 0, 10), weightAt(1, 25, 0, 10)]
  assert.ok(Math.abs(young / old - weightAt(1, 25, -500, 10) / weightAt(1, 5, -500, 10)) < 1e-9)
  assert.ok(Number.isFinite(Math.fround(weightAt(1, 1e12, 0, 10))))
})
