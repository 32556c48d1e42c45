import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import * as rules from './rules.ts'

const [anna, customer, space] = [newId(), newId(), newId()]
const agent = { audiences: ['public', 'staff', 'thread'] as ('public' | 'staff' | 'thread')[], spaces: [], self: [anna] }
const member = { ...agent, audiences: ['public', 'staff'] as ('public' | 'staff')[] }
const outside = { audiences: ['public'] as 'public'[], spaces: [], self: [customer] }
const conversation = { audience: 'thread' as const, space: null, person: customer }
const refused = (run: () => unknown) => {
  try {
    run()
  } catch (error) {
    if (error instanceof Refusal) return `${error.code} ${error.key}`
  }
  return 'may'
}

test('Nothing in a thread is for more people than the thread itself.', () => {
  const may = (thread: Parameters<typeof rules.mayCarry>[0], audience: Parameters<typeof rules.mayCarry>[1]) =>
    refused(() => rules.mayCarry(thread, audience))
  for (const [thread, audience] of [['public', 'staff'], ['public', 'public'], ['thread', 'thread'], ['thread', 'staff'], ['members', 'members'], ['staff', 'staff']] as const) assert.equal(may(thread, audience), 'may') // biome-ignore format: a list
  for (const [thread, audience] of [['thread', 'public'], ['staff', 'thread'], ['staff', 'public'], ['members', 'thread'], ['staff', 'members']] as const) assert.equal(may(thread, audience), 'forbidden threads.tooWide') // biome-ignore format: a list
})

test('A thread opens for its audience, for whoever it is with, and for colleagues who take part in it.', () => {
  assert.equal(rules.mayRead(conversation, agent, false), true)
  assert.equal(rules.mayRead(conversation, member, false), false)
  assert.equal(rules.mayRead(conversation, member, true), true)
  assert.equal(rules.mayRead(conversation, outside, false), true)
  assert.equal(rules.mayRead({ ...conversation, person: newId() }, outside, false), false)
  const inSpace = { audience: 'members' as const, space, person: null }
  assert.equal(rules.mayRead(inSpace, agent, false), false)
  assert.equal(rules.mayRead(inSpace, { ...outside, spaces: [space] }, false), true)
})

test('Inside a thread a colleague who takes part reads everything, and whoever it is with reads all that is not for staff.', () => {
  assert.deepEqual(rules.reachIn(conversation, member, true).audiences, ['public', 'staff', 'thread'])
  assert.deepEqual(rules.reachIn(conversation, member, false).audiences, ['public', 'staff'])
  assert.deepEqual(rules.reachIn(conversation, outside, false).audiences, ['public', 'thread'])
  assert.deepEqual(rules.reachIn(conversation, outside, true).audiences, ['public', 'thread'])
  assert.deepEqual(rules.reachIn({ person: null, space }, member, true).spaces, [space])
})

test('Several news of one thread are one: their sum, the latest moment, the words of the latest, and whom the first is with.', () => {
  const at = (day: number) => new Date(Date.UTC(2026, 0, day))
  const touch = (thread: string, day: number, count: number) => ({ thread, at: at(day), snippet: `day ${day}`, count })
  assert.deepEqual(rules.summed([touch('b', 2, 1), touch('a', 1, 1), touch('b', 3, 2), touch('b', 1, 4)]), [
    touch('a', 1, 1),
    touch('b', 3, 7),
  ])
  const [with1, with2] = [
    { ...touch('a', 2, 1), person: 'one' },
    { ...touch('a', 3, 1), person: 'two' },
  ]
  assert.deepEqual(rules.summed([touch('a', 1, 1), with1, with2]), [{ ...touch('a', 3, 3), person: 'one' }])
})

test('A thread is unread when something is newer than what one read last.', () => {
  const at = new Date('2026-03-01T10:00:00.123Z')
  assert.equal(rules.isUnread(at, newId(at)), false)
  assert.equal(rules.isUnread(new Date(at.getTime() + 1), newId(at)), true)
  assert.equal(rules.isUnread(at, null), true)
})

test('What was imported, and what the house itself wrote to somebody, is no news.', () => {
  const isNews = (side: string, detail: object) => rules.isNews({ side, detail })
  assert.deepEqual([isNews('inside', {}), isNews('outside', { automatic: 'list' })], [true, true])
  assert.deepEqual([isNews('outside', { imported: true }), isNews('inside', { automatic: 'auto-generated' })], [false, false])
})

test('News are told to those who take part and have not muted the thread, but not to those who only read it.', () => {
  assert.equal(rules.isTold({ because: 'wrote', mutedAt: null }), true)
  assert.equal(rules.isTold({ because: 'wrote', mutedAt: new Date() }), false)
  assert.equal(rules.isTold({ because: 'read', mutedAt: null }), false)
})

test('A stronger reason to take part replaces a weaker one, never the other way round.', () => {
  assert.equal(rules.strongerOf('read', 'mention'), 'mention')
  assert.equal(rules.strongerOf('assigned', 'watch'), 'assigned')
})

test('A name that is being called begins with the first word after an @; twenty of them are looked for.', () => {
  assert.deepEqual(rules.namesBegunIn('@Anna Berg, mail@ben.example (@Ben) @Anna @[X](person:1) @ @7'), ['Anna', 'Ben'])
  assert.equal(rules.namesBegunIn(Array.from({ length: 50 }, (_, at) => `@N${at}`).join(' ')).length, 20)
})
