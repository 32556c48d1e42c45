import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#kernel/errors.ts'
import * as rules from './rules.ts'

const refusal = (key: string) => (error: unknown) => error instanceof Refusal && error.key === key
const one: rules.Standing = { audience: 'staff', archived: false, role: null, manages: false }

test('A space for its members is seen by them and by those who manage spaces; any other by every colleague.', () => {
  assert.equal(rules.maySee(one), true)
  assert.equal(rules.maySee({ ...one, audience: 'public' }), true)
  assert.equal(rules.maySee({ ...one, audience: 'members' }), false)
  assert.equal(rules.maySee({ ...one, audience: 'members', role: 'member' }), true)
  assert.equal(rules.maySee({ ...one, audience: 'members', manages: true }), true)
})

test('In an archived space nothing changes until it is opened again.', () => {
  rules.mayChange(one)
  assert.throws(() => rules.mayChange({ archived: true }), refusal('spaces.archived'))
})

test('Colleagues join a space by themselves unless it is for its members only.', () => {
  rules.mayJoin(one)
  rules.mayJoin({ ...one, audience: 'members', manages: true })
  assert.throws(() => rules.mayJoin({ ...one, audience: 'members' }), refusal('spaces.notOpen'))
  assert.throws(() => rules.mayJoin({ ...one, archived: true }), refusal('spaces.archived'))
})

test('A space is led by its keepers and by those who manage spaces.', () => {
  rules.mayLead({ ...one, role: 'keeper' })
  rules.mayLead({ ...one, manages: true })
  assert.throws(() => rules.mayLead({ ...one, role: 'member' }), refusal('spaces.notKeeper'))
  assert.throws(() => rules.mayLead(one), refusal('spaces.notKeeper'))
})

test('The last keeper of a space stays one until somebody else is.', () => {
  rules.mayStepDown('keeper', 1)
  rules.mayStepDown('member', 0)
  rules.mayStepDown(null, 0)
  assert.throws(() => rules.mayStepDown('keeper', 0), refusal('spaces.lastKeeper'))
})

test('The address of a space is made of the letters and digits of its first name, and never changes.', () => {
  const id = '01900000-0000-7000-8000-00000abcdef0'
  assert.equal(
    rules.slugOf('frage & antwort!', () => false, id),
    'frage-antwort',
  )
  assert.equal(
    rules.slugOf('sales', slug => slug === 'sales', id),
    'sales-bcdef0',
  )
  assert.equal(
    rules.slugOf('!!!', () => false, id),
    'space',
  )
  assert.equal(
    rules.slugOf('new', () => false, id),
    'new-bcdef0',
  )
  assert.ok(rules.slugOf('x'.repeat(300), () => true, id).length <= 80)
})

test('What happens in a space for its members is told to them alone.', () => {
  assert.equal(rules.audienceOf('members'), 'members')
  assert.equal(rules.audienceOf('staff'), 'staff')
  assert.equal(rules.audienceOf('public'), 'staff')
})
