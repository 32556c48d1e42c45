/**
 * `npm run map [module]`: what there is, read from the code. Each module with what it promises, the words it says, what can be done, what is
 * seen, what it listens to and what it keeps.
 */
import { fileURLToPath } from 'node:url'
import type { Node } from 'oxc-parser'
import { createdIn } from './check/sql-text.ts'
import { calleeName, nameOf, openTree, type Tree, textOf, walk } from './check/tree.ts'

export interface ModuleMap {
  folder: string
  /** The first sentence of its README. */
  promise: string
  words: string[]
  actions: string[]
  seen: string[]
  hears: string[]
  keeps: string[]
}

/** The modules from the ground up, then what is discovered in folders. */
export function modulesOf(tree: Tree): ModuleMap[] {
  const listed = tree.house.floors.flatMap(({ folder, modules }) => (modules.length ? modules.map(name => `${folder}/${name}`) : [folder]))
  const found = tree.house.discovered.flatMap(({ folder }) => [
    ...new Set(tree.files.filter(path => path.startsWith(`${folder}/`)).map(path => path.split('/').slice(0, 2).join('/'))),
  ])
  return [...listed, ...found]
    .filter(folder => tree.files.some(path => path.startsWith(`${folder}/`)))
    .map(folder => mapModule(tree, folder))
}

function mapModule(tree: Tree, folder: string): ModuleMap {
  const map: ModuleMap = { folder, promise: promiseOf(tree, folder), words: [], actions: [], seen: [], hears: [], keeps: [] }
  for (const name of ['words.ts', 'actions.ts', 'pages.tsx'])
    if (tree.files.includes(`${folder}/${name}`)) readExports(tree, `${folder}/${name}`, map)
  for (const path of tree.files.filter(each => each.startsWith(`${folder}/`) && each.endsWith('.sql'))) {
    for (const { name, is } of createdIn(tree.read(path))) map.keeps.push(is === 'view' ? `${name} (view)` : name)
  }
  return map
}

function promiseOf(tree: Tree, folder: string): string {
  const path = `${folder}/README.md`
  if (!tree.files.includes(path)) return ''
  const paragraphs = tree.read(path).split(/\n\n/)
  const text = paragraphs.find(part => part.trim() && !/^[#|`<!-]/.test(part.trim())) ?? ''
  return /^.*?[.!?](?=\s|$)/s.exec(text.replace(/\s+/g, ' ').trim())?.[0] ?? ''
}

function readExports(tree: Tree, path: string, map: ModuleMap): void {
  walk(tree.syntax(path).program, (node, above) => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return
    const name = exportedName(above)
    if (name === undefined) return
    const [first, second] = node.arguments
    const says = (what: Node | undefined) => textOf(what) ?? '…'
    const kind = calleeName(node.callee)
    if (kind === 'word') map.words.push(`${name} (${says(first)} ${says(second)})`)
    if (kind === 'action' && first?.type === 'ObjectExpression')
      map.actions.push(`${name}: ${says(valueAt(first, 'says'))} [${says(valueAt(first, 'who'))}]`)
    if (kind === 'page' || kind === 'form') map.seen.push(`${kind} ${says(first)}`)
    if (kind === 'raw') map.seen.push(`${says(first)} ${says(second)}`)
    if (kind === 'offer') map.seen.push(`panel ${name}`)
    if (kind === 'on' || kind === 'every') map.hears.push(`${name}: ${says(second)}`)
  })
}

/** `export const close = action(…)`: the name that the call gets. */
function exportedName(above: readonly Node[]): string | undefined {
  const [declarator, , declaration] = [above.at(-1), above.at(-2), above.at(-3)]
  const isExported = declarator?.type === 'VariableDeclarator' && declaration?.type === 'ExportNamedDeclaration'
  return isExported ? nameOf(declarator.id) : undefined
}

function valueAt(object: Node & { type: 'ObjectExpression' }, key: string): Node | undefined {
  const property = object.properties.find(each => each.type === 'Property' && each.key.type === 'Identifier' && each.key.name === key)
  return property?.type === 'Property' ? property.value : undefined
}

/** The part of ARCHITECTURE.md that is made: one row per module. */
export function mapOf(tree: Tree): string {
  const rows = modulesOf(tree).map(
    ({ folder, promise, words }) => `| [${folder}](${folder}) | ${promise} | ${words.map(word => word.split(' ')[0]).join(', ')} |\n`,
  )
  return `| module | what it promises | words |\n|---|---|---|\n${rows.join('')}`
}

function print(map: ModuleMap): void {
  console.log(`\n${map.folder}${map.promise ? `  ${map.promise}` : ''}`)
  for (const part of ['words', 'actions', 'seen', 'hears', 'keeps'] as const) {
    for (const [index, line] of map[part].entries()) console.log(`  ${(index ? '' : part).padEnd(8)} ${line}`)
  }
}

if (import.meta.main) {
  const wanted = process.argv[2] ?? ''
  const tree = openTree(fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, ''))
  for (const map of modulesOf(tree)) if (map.folder.includes(wanted)) print(map)
}
