import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as rules from './rules.ts'

test('Only conversations are merged, two different ones, and the older one stands.', () => {
  const at = (id: string, day: number, kind = 'conversation') => ({ id, kind, startedAt: new Date(day * 86_400_000) })
  assert.deepEqual(rules.inOrder(at('b', 2), at('a', 3)).destination.id, 'b')
  assert.deepEqual(rules.inOrder(at('b', 3), at('a', 3)).destination.id, 'a')
  assert.throws(() => rules.inOrder(at('a', 1), at('a', 1)), { key: 'moves.same' })
  assert.throws(() => rules.inOrder(at('a', 1), at('b', 1, 'discussion')), { key: 'moves.onlyConversations' })
})

test('What is closed to most moves only within its room.', () => {
  rules.staysInRoom(undefined, undefined)
  rules.staysInRoom('room', 'room')
  assert.throws(() => rules.staysInRoom('room', undefined), { code: 'forbidden' })
})

test('Something is split off, and something stays.', () => {
  rules.maySplit(1, 2)
  assert.throws(() => rules.maySplit(0, 2), { key: 'moves.chooseSome' })
  assert.throws(() => rules.maySplit(2, 2), { key: 'moves.leaveSome' })
})

test('A move is undone once.', () => {
  rules.isNotUndone(null)
  assert.throws(() => rules.isNotUndone(new Date()), { key: 'moves.over' })
})

test('What became one is open for whom the wider of both was.', () => {
  assert.deepEqual(
    [rules.wider('thread', 'public'), rules.wider('public', 'thread'), rules.wider('staff', 'thread')],
    ['public', 'public', 'thread'],
  )
})
