import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { firstIdAt, newId, timeOf } from './ids.ts'

const uuidv7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const moments = fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true })

test('an id is a uuidv7 that knows its moment to the millisecond', () => {
  fc.assert(
    fc.property(moments, at => {
      const id = newId(at)
      assert.match(id, uuidv7)
      assert.equal(timeOf(id).getTime(), at.getTime())
    }),
  )
})

test('later moments have greater ids, and those of one millisecond keep their order', () => {
  fc.assert(fc.property(moments, moments, (one, other) => one.getTime() >= other.getTime() || assert.ok(newId(one) < newId(other))))
  const at = new Date('2026-03-01T12:00:00Z')
  const made = Array.from({ length: 3000 }, (_, index) => {
    // What is heard late is made in between.
    if (index % 7 === 0) newId(new Date(at.getTime() - index * 1000))
    return newId(at)
  })
  assert.deepEqual([...made].sort(), made)
  assert.equal(new Set(made).size, made.length)
})

test('the first id of a moment is not after any other of it, and after all before', () => {
  fc.assert(
    fc.property(moments, at => {
      assert.ok(firstIdAt(at) <= newId(at))
      if (at.getTime() > 0) assert.ok(newId(new Date(at.getTime() - 1)) < firstIdAt(at))
    }),
  )
})
