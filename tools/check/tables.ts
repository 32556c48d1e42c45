/** The walls in SQL: who names which table. Own tables and views of lower floors, nothing else; and SQL stands in stores only. */
import { basename, dirname } from 'node:path/posix'
import type { Node } from 'oxc-parser'
import { homeOf, type Room, standsBelow } from './rooms.ts'
import { type Created, createdIn, type Named, namedIn } from './sql-text.ts'
import { calleeName, codeOf, excuses, type Fault, isTestFile, type Part, type Tree, textOf, walk } from './tree.ts'

interface Kept extends Created {
  room: Room
  path: string
}

type Schema = Map<string, Kept>

export const tables: Part = {
  name: 'tables',
  async run(tree) {
    const excuse = excuses(tree, 'tables')
    const { schema, twice } = schemaOf(tree)
    const wrong = [...namesInMigrations(tree), ...namesInCode(tree)].flatMap(({ path, line, ...named }) => {
      const says = wallOf(named, path, schema, tree)
      return says && !excuse.cover(path, named.name) ? [{ at: `${path}:${line}`, says }] : []
    })
    const loose = codeOf(tree, 'src/').flatMap(path => sqlOutsideStore(tree, path).filter(() => !excuse.cover(path, 'SQL')))
    return [...twice, ...unguarded(tree, schema), ...wrong, ...loose, ...excuse.idle()]
  },
}

const migrations = (tree: Tree): string[] => tree.files.filter(path => /^src\/.*\/\d{4}-[^/]*\.sql$/.test(path))
const lineIn = (text: string, at: number): number => text.slice(0, at).split('\n').length

function schemaOf(tree: Tree): { schema: Schema; twice: Fault[] } {
  const schema: Schema = new Map()
  const twice: Fault[] = []
  for (const path of migrations(tree)) {
    const room = homeOf(path, tree.house)
    if (room.is !== 'room') continue
    for (const made of createdIn(tree.read(path))) {
      const before = schema.get(made.name)
      if (before && before.room.folder !== room.folder) twice.push({ at: path, says: `"${made.name}" is made by ${before.path} already` })
      else schema.set(made.name, { ...made, room, path })
    }
  }
  return { schema, twice }
}

/** Promise 5: every table belongs to an organisation and is guarded by row-level security; the kernel's few others say why in their migration. */
function unguarded(tree: Tree, schema: Schema): Fault[] {
  const guarded = (name: string, path: string) => new RegExp(`protect\\w*\\s*\\(\\s*'${name}'`).test(allMigrationsOf(tree, dirname(path)))
  return [...schema.values()]
    .filter(
      ({ is, body, room, name, path }) =>
        is === 'table' && body.length > 0 && (room.height > 0 || body[0] === 'org') && !guarded(name, path),
    )
    .map(({ name, path, at }) => ({
      at: `${path}:${lineIn(tree.read(path), at)}`,
      says: `the table "${name}" is not guarded; begin it with org and call protect('${name}')`,
    }))
}

const allMigrationsOf = (tree: Tree, folder: string): string =>
  migrations(tree)
    .filter(path => dirname(path) === folder)
    .map(tree.read)
    .join('\n')

interface Place extends Named {
  path: string
  line: number
}

const namesInMigrations = (tree: Tree): Place[] =>
  migrations(tree).flatMap(path =>
    namedIn(insideToo(tree.read(path))).map(named => ({ ...named, path, line: lineIn(tree.read(path), named.at) })),
  )

/** Bodies of functions are SQL as well: their dollar quotes become blanks, so that places stay where they are. */
const insideToo = (sql: string): string => sql.replace(/\$\w*\$/g, quote => ' '.repeat(quote.length))

const namesInCode = (tree: Tree): Place[] =>
  codeOf(tree, 'src/')
    .filter(path => !isTestFile(path))
    .flatMap(path => namesInFile(tree, path))

function namesInFile(tree: Tree, path: string): Place[] {
  const { program, line } = tree.syntax(path)
  const found: Place[] = []
  const own = new Set<string>()
  walk(program, node => {
    if (node.type === 'CallExpression') for (const name of commonNamesOf(node)) own.add(name)
    for (const named of namedBy(node)) found.push({ ...named, path, line: line(node.start) })
  })
  return found.filter(({ name }) => !own.has(name))
}

const builders =
  /^(selectFrom|insertInto|updateTable|deleteFrom|replaceInto|mergeInto|using|from|table|(inner|left|right|full|cross|outer)(Join|Apply)(Lateral)?)$/

function namedBy(node: Node): Named[] {
  if (node.type === 'TaggedTemplateExpression' && isSqlTag(node.tag)) {
    return namedIn(node.quasi.quasis.map(part => part.value.cooked ?? '').join(' ? '))
  }
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return []
  const name = calleeName(node.callee) ?? ''
  const first = node.arguments[0]
  if (name === 'query') return namedIn(textOf(first) ?? '')
  return builders.test(name) && !isGlobal(node.callee.object)
    ? literals(first).map(text => ({ name: tableOf(text), how: 'use', at: 0 }))
    : []
}

const isSqlTag = (tag: Node): boolean => tag.type === 'Identifier' && tag.name === 'sql'
/** `Array.from`, `Buffer.from`: not a query. */
const isGlobal = (node: Node): boolean => node.type === 'Identifier' && /^[A-Z]/.test(node.name)

function literals(node: Node | undefined): string[] {
  if (node?.type === 'ArrayExpression') return node.elements.flatMap(each => literals(each ?? undefined))
  const text = textOf(node)
  return text !== undefined && /^[a-z_]/i.test(text) ? [text] : []
}

/** `person as p` names `person`. */
const tableOf = (text: string): string => text.split(/ as | /i)[0]!.replace(/^public\./, '')

function commonNamesOf(call: Node & { type: 'CallExpression' }): string[] {
  if (!['with', 'withRecursive'].includes(calleeName(call.callee) ?? '')) return []
  return literals(call.arguments[0]).map(text => text.split('(')[0]!)
}

function wallOf(named: Named, path: string, schema: Schema, tree: Tree): string | undefined {
  const here = homeOf(path, tree.house)
  if (here.is !== 'room') return undefined
  const there = schema.get(named.name)
  if (!there) return here.height === 0 && named.name.startsWith('pg_') ? undefined : `names "${named.name}", which no migration makes`
  if (there.room.folder === here.folder) return undefined
  const owner = there.room.folder
  if (!standsBelow(there.room, here)) return `names "${named.name}" of ${owner}, which does not stand below ${here.folder}`
  if (there.is === 'view' || named.how === 'reference') return undefined
  return `names the table "${named.name}" of ${owner}; read a view that it publishes, or call its actions`
}

function sqlOutsideStore(tree: Tree, path: string): Fault[] {
  const home = homeOf(path, tree.house)
  if (isTestFile(path) || /^store(-[a-z]{1,30})?\.ts$/.test(basename(path)) || (home.is === 'room' && home.height === 0)) return []
  const { program, line } = tree.syntax(path)
  const found: Fault[] = []
  walk(program, node => {
    if (isQuery(node)) found.push({ at: `${path}:${line(node.start)}`, says: 'SQL stands in stores only; give this query a name there' })
  })
  return found
}

const starts = ['selectFrom', 'insertInto', 'updateTable', 'deleteFrom', 'mergeInto']

function isQuery(node: Node): boolean {
  if (node.type === 'TaggedTemplateExpression') return isSqlTag(node.tag)
  return node.type === 'CallExpression' && node.callee.type === 'MemberExpression' && starts.includes(calleeName(node.callee) ?? '')
}
