import assert from 'node:assert/strict'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { test } from 'node:test'
import { treeOf } from './check/fixture.ts'
import { contentsIn, withContents } from './contents.ts'
import { areasOf, lift, without } from './lift.ts'

const contents = `export const contents = [\n  'kernel',\n  'areas/crm',\n  'areas/commerce',\n]\nexport const more = ['x']\n`
const settings = JSON.stringify({
  compilerOptions: { strict: true, noEmit: true, types: [], allowImportingTsExtensions: true, module: 'nodenext' },
})
const house = (crm: string) =>
  treeOf({
    'src/contents.ts': contents,
    'src/areas/crm/words.ts': crm,
    'src/areas/commerce/words.ts': 'export const price = 1\n',
    'tsconfig.json': settings,
    'package.json': '{ "type": "module" }',
    'tools/lift-boot.ts': 'export {}\n',
  })

test('an area is taken away with its line in the table of contents', () => {
  const tree = house('export const a = 1\n')
  assert.deepEqual(areasOf(tree), ['commerce', 'crm'])
  const root = without(tree, 'crm')
  assert.deepEqual(contentsIn(readFileSync(`${root}/src/contents.ts`, 'utf8')), ['kernel', 'areas/commerce'])
  assert.equal(existsSync(`${root}/src/areas/crm`), false)
  assert.equal(existsSync(`${root}/src/areas/commerce/words.ts`), true)
  rmSync(root, { recursive: true })
})

test('an area of several modules goes as a whole', () => {
  const tree = treeOf({
    'src/contents.ts': contents.replace("'areas/crm',", "'areas/crm',\n  'areas/cases',"),
    'src/areas/crm/words.ts': 'export const a = 1\n',
    'src/areas/cases/words.ts': `export { a } from '../crm/words.ts'\n`,
    'src/areas/commerce/words.ts': 'export const price = 1\n',
    'tsconfig.json': settings,
  })
  assert.deepEqual(areasOf(tree).sort(), ['commerce', 'crm'])
  const root = without(tree, 'crm')
  assert.deepEqual(contentsIn(readFileSync(`${root}/src/contents.ts`, 'utf8')), ['kernel', 'areas/commerce'])
  assert.equal(existsSync(`${root}/src/areas/cases`), false)
  rmSync(root, { recursive: true })
})

test('an area that leans on another does not survive its going', async () => {
  const leaning = house(`import { price } from '../commerce/words.ts'\nexport const a = price\n`)
  assert.match((await lift(leaning, 'commerce', 'types'))[0] ?? '', /types: src\/areas\/crm\/words\.ts:1 TS2307: Cannot find module/)
  assert.deepEqual(await lift(leaning, 'crm', 'types'), [])
})

test('the rest of the file stays as it is when the contents change', () => {
  assert.equal(withContents(contents, ['kernel']), `export const contents = [\n  'kernel',\n]\nexport const more = ['x']\n`)
  assert.throws(() => withContents('export const contents = []', []), /one module per line/)
})
