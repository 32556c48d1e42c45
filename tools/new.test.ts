import assert from 'node:assert/strict'
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { treeOf } from './check/fixture.ts'
import { run } from './check/run.ts'
import { type Fault, openTree, type Tree, theHouse } from './check/tree.ts'
import { checkAll, parts } from './check.ts'
import { contentsIn } from './contents.ts'
import { makeNew, onFloor, Unfit } from './new.ts'

const here = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')

/** This tree again, in a folder where one may write. */
function copyOfHouse(): string {
  const { root } = treeOf({})
  for (const path of openTree(here).files) cpSync(`${here}/${path}`, `${root}/${path}`)
  symlinkSync(`${here}/node_modules`, `${root}/node_modules`)
  return root
}

/** The same exceptions, and floors that know the new module. */
const withModule = (name: string) => ({
  ...theHouse,
  floors: theHouse.floors.map(floor => (floor.name === 'areas' ? { ...floor, modules: [...floor.modules, name] } : floor)),
})

/** The compiler is to judge what is new, with all that it calls, and the formatter nothing else; the whole tree is judged by the check itself. */
function judgeOnly(root: string, folders: string[]): void {
  const set = (file: string, change: object) => {
    const settings = JSON.parse(readFileSync(`${root}/${file}`, 'utf8')) as object
    writeFileSync(`${root}/${file}`, `${JSON.stringify({ ...settings, ...change }, null, 2)}\n`)
  }
  set('tsconfig.json', { include: folders })
  set('biome.json', { files: { includes: folders.map(folder => `${folder}/**`) } })
}

async function faultsAt(tree: Tree, folders: string[]): Promise<Fault[]> {
  const judged = parts.filter(part => !['pages', 'versions', 'rulebook', 'patterns'].includes(part.name))
  const results = await checkAll(tree, judged, () => {})
  return results
    .flatMap(({ faults }) => faults)
    .filter(({ at, says }) => folders.some(folder => at.startsWith(folder) || says.includes(folder.replace('src/', ''))))
}

/** Does what a guide says: its blocks that name a file become that file. */
function follow(root: string, guide: string): void {
  for (const [, path, text] of readFileSync(`${root}/${guide}`, 'utf8').matchAll(/^```ts (\S+)\n(.*?)^```$/gms))
    writeFileSync(`${root}/${path}`, text!)
}

const textsIn = (root: string): Map<string, string> =>
  new Map(openTree(root).files.map(path => [path, readFileSync(`${root}/${path}`, 'latin1')]))

test('a new module, channel and model pass the check, and their tests pass; a channel, made as its guide says, touches nothing outside its folder', async () => {
  const root = copyOfHouse()
  const made = [makeNew(root, 'module', 'loyalty'), makeNew(root, 'model', 'stairs')]
  const before = textsIn(root)
  const folders = [...made, makeNew(root, 'channel', 'raven')]
  follow(root, 'docs/guide/a-channel.md')
  assert.deepEqual(folders, ['src/areas/loyalty', 'models/stairs', 'channels/raven'])
  const touched = [...textsIn(root)].filter(([path, text]) => before.get(path) !== text).map(([path]) => path)
  assert.deepEqual([touched.length > 10, touched.filter(path => !path.startsWith('channels/raven/'))], [true, []])
  judgeOnly(root, folders)
  assert.deepEqual(await faultsAt(openTree(root, withModule('loyalty')), folders), [])
  const tests = [
    'src/areas/loyalty/rules.test.ts',
    'channels/raven/channel.test.ts',
    'channels/raven/converse.test.ts',
    'models/stairs/model.test.ts',
  ]
  const { code, text } = await run(process.execPath, ['--import', './tools/hook.mjs', '--test', ...tests], root)
  assert.equal(code, 0, text)
})

test('a module stands in the contents after the areas that are there, and every rule of its has its test', () => {
  const root = copyOfHouse()
  makeNew(root, 'module', 'loyalty')
  const contents = contentsIn(readFileSync(`${root}/src/contents.ts`, 'utf8'))
  const at = contents.indexOf('areas/loyalty')
  assert.match(contents[at - 1] ?? '', /^(areas|social)\//)
  assert.ok(contents.slice(at + 1).every(module => !module.startsWith('areas/') && !module.startsWith('social/')))
})

test('nothing is overwritten, and names that are no folder are refused', () => {
  const { root } = treeOf({ 'models/stairs/model.ts': '' })
  assert.throws(() => makeNew(root, 'model', 'stairs'), Unfit)
  for (const name of ['Loyalty', '../x', 'two words', 'a', 'loyal-ty', '']) assert.throws(() => makeNew(root, 'model', name), Unfit, name)
  assert.throws(() => onFloor(`{ name: 'kernel', modules: [] }`, 'kernel', 'x'), Unfit)
})
