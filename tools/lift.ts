/**
 * `npm run lift`: takes each area away in turn; what is left must type-check, start, and pass its tests. So no area leans on another.
 * `--depth types` only type-checks, `rules` (the default) also starts the server and runs the pure tests, `all` runs every test of the house.
 * `--only crm` lifts one area, and `--only nothing` tries the method on the whole house.
 */
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { floors } from '../floors.ts'
import { run } from './check/run.ts'
import { openTree, type Tree } from './check/tree.ts'
import { types } from './check/types.ts'
import { contentsIn, withContents } from './contents.ts'

export const depths = ['types', 'rules', 'all'] as const
export type Depth = (typeof depths)[number]

const areasFolder = 'src/areas'
const contentsFile = 'src/contents.ts'

const wings = floors.flatMap(floor => floor.wings ?? [])
/** All the modules of an area, by the name of any of them. */
const modulesOf = (area: string): readonly string[] => wings.find(wing => wing.includes(area)) ?? [area]

/** An area of several modules is called by the first of them. */
export const areasOf = (tree: Tree): string[] => [
  ...new Set(
    tree.files
      .filter(path => path.startsWith(`${areasFolder}/`))
      .map(path => modulesOf(path.slice(areasFolder.length + 1).split('/')[0]!)[0]!),
  ),
]

/** The house without one area, in a folder of its own; packages are the same ones. */
export function without(tree: Tree, area: string): string {
  const root = mkdtempSync(join(tmpdir(), 'trefoil-lift-'))
  const gone = modulesOf(area).map(module => `areas/${module}`)
  // The database runs as another user, who must be able to pass through.
  chmodSync(root, 0o711)
  const stays = (path: string) => !gone.some(module => path.startsWith(`src/${module}/`))
  for (const path of tree.files.filter(stays)) cpSync(join(tree.root, path), join(root, path))
  if (existsSync(join(tree.root, 'node_modules'))) symlinkSync(join(tree.root, 'node_modules'), join(root, 'node_modules'))
  const contents = readFileSync(join(root, contentsFile), 'utf8')
  writeFileSync(
    join(root, contentsFile),
    withContents(
      contents,
      contentsIn(contents).filter(module => !gone.includes(module)),
    ),
  )
  houseOnly(root)
  return root
}

/** Journeys, benchmarks and the demonstration tell of every area; the compiler is asked about the house alone. */
function houseOnly(root: string): void {
  const settings = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')) as object
  const include = ['src', 'channels', 'models', 'tools/lift-boot.ts', 'floors.ts']
  writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ ...settings, include }))
}

/** What does not hold without the area; empty when all does. */
export async function lift(tree: Tree, area: string, depth: Depth): Promise<string[]> {
  const root = without(tree, area)
  try {
    const faults = (await typesOf(root)).map(text => `types: ${text}`)
    if (faults.length || depth === 'types') return faults
    return [...(await starts(root)), ...(await testsOf(root, depth))]
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

async function typesOf(root: string): Promise<string[]> {
  const faults = await types.run(openTree(root))
  return faults.filter(({ at }) => !at.startsWith('tools/')).map(({ at, says }) => `${at} ${says}`)
}

const node = (root: string, ...args: string[]) => run(process.execPath, ['--import', './tools/hook.mjs', ...args], root)

async function starts(root: string): Promise<string[]> {
  const { code, text } = await node(root, 'tools/lift-boot.ts', join(root, 'data'))
  return code === 0 ? [] : [`start: ${lastLines(text)}`]
}

async function testsOf(root: string, depth: Depth): Promise<string[]> {
  const wanted = depth === 'all' ? /\.test\.tsx?$/ : /(rules|words|model)\.test\.ts$/
  const files = ['src', 'channels', 'models'].flatMap(folder => (existsSync(join(root, folder)) ? filesBelow(join(root, folder)) : []))
  const chosen = files.filter(path => wanted.test(path))
  if (!chosen.length) return []
  const { code, text } = await node(root, '--test', '--test-reporter=dot', ...chosen)
  return code === 0 ? [] : [`tests: ${lastLines(text)}`]
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))

const lastLines = (text: string): string => text.trim().split('\n').slice(-30).join('\n')

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { depth: { type: 'string', default: 'rules' }, only: { type: 'string' } } })
  const depth = depths.find(each => each === values.depth)
  if (!depth) throw new Error(`--depth is one of ${depths.join(', ')}`)
  const tree = openTree(fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, ''))
  for (const area of values.only ? [values.only] : areasOf(tree)) {
    const faults = await lift(tree, area, depth)
    console.log(`${faults.length ? '✗' : '✓'} without ${area.padEnd(16)} ${faults.length ? `${faults.length} do not hold` : 'ok'}`)
    for (const fault of faults) console.log(`    ${fault}`)
    if (faults.length) process.exitCode = 1
  }
}

if (import.meta.main) {
  await main().catch((error: Error) => {
    console.error(error.message)
    process.exitCode = 2
  })
}
