import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '#kernel/errors.ts'
import * as rules from './rules.ts'
import { type Source, type State, states } from './words.ts'

const refusal = (key: string) => (error: unknown) => error instanceof Refusal && error.key === key

test('An import goes from one state to the next only as the table says.', () => {
  const allowed = states.flatMap(from => states.filter(to => goes(from, to)).map(to => `${from} → ${to}`))
  assert.deepEqual(allowed, [
    'uploaded → checking',
    'checking → checked',
    'checking → cancelled',
    'checking → failed',
    'checked → checking',
    'checked → importing',
    'importing → cancelled',
    'importing → done',
    'importing → failed',
    'cancelled → checking',
    'cancelled → importing',
    'cancelled → undoing',
    'done → undoing',
    'failed → checking',
    'failed → importing',
    'failed → undoing',
    'undoing → failed',
    'undoing → undone',
    'undone → checking',
  ])
})

function goes(from: State, to: State): boolean {
  try {
    rules.mayGo(from, to)
    return true
  } catch {
    return false
  }
}

test('A file is read by the source that was chosen, and only if it looks like one of its kind.', () => {
  const source = { advice: 'contacts.otherKind', reads: (start: Uint8Array) => start[0] === 65 } as unknown as Source
  rules.mayRead(source, Buffer.from('A'), 'a.csv')
  assert.throws(() => rules.mayRead(source, Buffer.from('B'), 'a.csv'), refusal('contacts.otherKind'))
  assert.throws(() => rules.mayRead(source, Buffer.alloc(0), 'a.csv'), refusal('imports.emptyFile'))
})

test('At most a million lines are read from one file.', () => {
  rules.mayGoOn(1_000_000)
  assert.throws(() => rules.mayGoOn(1_000_001), refusal('imports.tooManyLines'))
})

test('Of the lines that could not be read the first ten thousand are listed, all are counted.', () => {
  const faults = [1, 2, 3].map(line => ({ line, fault: { key: 'x.y' } }))
  assert.equal(rules.listed(faults, 0).length, 3)
  assert.deepEqual(
    rules.listed(faults, 9_999).map(each => each.line),
    [1],
  )
  assert.deepEqual(rules.listed(faults, 20_000), [])
})

test('The share of a file that was read tells how far an import is.', () => {
  assert.equal(rules.shareOf(50, 200), 0.25)
  assert.equal(rules.shareOf(300, 200), 1)
  assert.equal(rules.shareOf(0, 0), 1)
})

test('Once something was brought in, a new try begins by taking it back; before that one may look again as often as one likes.', () => {
  rules.mayLookAgain('failed', false)
  assert.throws(() => rules.mayLookAgain('failed', true), refusal('imports.takeBackFirst'))
  assert.throws(() => rules.mayLookAgain('done', false), refusal('imports.notNow'))
})
