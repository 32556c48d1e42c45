import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { rulesOf } from './book.ts'
import { type Files, shown, treeOf } from './fixture.ts'
import { rulebook } from './rulebook.ts'

const rule = `/**\n * A refund never exceeds what was paid.\n * Why: the bank would refuse it.\n */\nexport function mayRefund(): void {}\n`
const bearing = (title: string) => `test('${title}', () => {})\n`

const world = (rules: string, tests: string): Files => ({ 'src/areas/crm/rules.ts': rules, 'src/areas/crm/rules.test.ts': tests })
const faultsOf = async (files: Files) => (await rulebook.run(treeOf(files))).map(shown).filter(fault => !fault.startsWith('RULES.md'))

test('a rule with its sentence and its test is fine, in every form of comment', async () => {
  const tests = bearing('A refund never exceeds what was paid.')
  assert.deepEqual(await faultsOf(world(rule, tests)), [])
  assert.deepEqual(
    await faultsOf(world('// A refund never exceeds what was paid.\n// Why: so.\nexport const mayRefund = () => 1\n', tests)),
    [],
  )
  assert.deepEqual(
    await faultsOf(
      world('/** About the file */\n\n/** A refund never exceeds what was paid. */\nexport const mayRefund = () => 1\n', tests),
    ),
    [],
  )
})

test('a rule without a sentence, or with half a one, is found', async () => {
  for (const comment of ['', '// checks the amount\n', '/** Checks the amount */\n', '/** A rule of something else. */\nconst x = 1\n']) {
    const [fault, ...more] = await faultsOf(world(`${comment}export const mayRefund = () => 1\n`, bearing('Checks the amount')))
    assert.match(fault ?? comment, /mayRefund is a rule: its first comment line is one sentence/)
    assert.deepEqual(more, [])
  }
})

test('a rule whose test has another title, or none, is found', async () => {
  assert.match(
    (await faultsOf(world(rule, bearing('A refund never exceeds what was paid')))).join(),
    /no test in rules\.test\.ts bears the title/,
  )
  assert.match((await faultsOf({ 'src/areas/crm/rules.ts': rule })).join(), /no test/)
})

test('two rules never share a sentence', async () => {
  const faults = await faultsOf(world(rule + rule.replace('mayRefund', 'canRefund'), bearing('A refund never exceeds what was paid.')))
  assert.deepEqual(faults, ['src/areas/crm/rules.ts:10: has the same sentence as mayRefund'])
})

test('values, types and functions that are not exported are no rules', () => {
  const code = 'export const most = 3\nexport interface A { x: 1 }\nconst helper = () => 1\nexport type B = 1\n'
  assert.deepEqual(rulesOf(treeOf(world(code, ''))), [])
})

test('the book is compared, and written when asked to', async () => {
  const files = world(rule, bearing('A refund never exceeds what was paid.'))
  assert.deepEqual((await rulebook.run(treeOf(files))).map(shown), ['RULES.md: is out of date; npm run check -- --write makes it anew'])
  const tree = treeOf(files, {}, true)
  assert.deepEqual(await rulebook.run(tree), [])
  const book = readFileSync(`${tree.root}/RULES.md`, 'utf8')
  assert.match(
    book,
    /\| A refund never exceeds what was paid\. \| \[mayRefund\]\(src\/areas\/crm\/rules\.ts#L5\) \| \[test\]\(src\/areas\/crm\/rules\.test\.ts#L1\) \|/,
  )
  assert.deepEqual(await rulebook.run(treeOf({ ...files, 'RULES.md': book })), [])
  assert.equal((await rulebook.run(treeOf({ ...files, 'RULES.md': `${book} ` }))).length, 1)
})
