import assert from 'node:assert/strict'
import { test } from 'node:test'
import { treeOf } from './check/fixture.ts'
import { rulesAbout, shown } from './rule.ts'

const tree = treeOf({
  'src/areas/crm/rules.ts':
    '/** A refund never exceeds what was paid. */\nexport const mayRefund = () => 1\n\n/** A snooze ends by itself. */\nexport const wakes = () => 1\n',
  'src/areas/crm/rules.test.ts': `test('A refund never exceeds what was paid.', () => {})\n`,
})

test('a word finds its rules by sentence, by name and by module', () => {
  const names = (...words: string[]) => rulesAbout(tree, words).map(rule => rule.name)
  assert.deepEqual(names('REFUND'), ['mayRefund'])
  assert.deepEqual(names('wakes'), ['wakes'])
  assert.deepEqual(names('crm'), ['mayRefund', 'wakes'])
  assert.deepEqual(names('refund', 'snooze'), [])
})

test('a rule is shown with its place and its test, or without one', () => {
  const [refund, snooze] = rulesAbout(tree, ['crm'])
  assert.equal(
    shown(refund!),
    'A refund never exceeds what was paid.\n    src/areas/crm/rules.ts:2  mayRefund\n    src/areas/crm/rules.test.ts:1\n',
  )
  assert.match(shown(snooze!), /no test bears this sentence/)
})
