/** The tree under check: its files, their text and their syntax, each read once and shared by all parts. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Comment, type EcmaScriptModule, type Node, type Program, parseSync, visitorKeys } from 'oxc-parser'
import { discovered, type Exception, type ExceptionPart, exceptions, type Floor, floors, overEverything } from '../../floors.ts'

/** What is wrong, and where: `src/a.ts:12`. A `note` is worth reading, but does not fail the check. */
export interface Fault {
  at: string
  says: string
  note?: true
}

/** One part of the check: one question about the whole tree. */
export interface Part {
  name: string
  run(tree: Tree): Promise<Fault[]>
}

/** `floors.ts` as one value, so that tests can build a smaller house. */
export interface House {
  floors: readonly Floor[]
  discovered: typeof discovered
  overEverything: readonly string[]
  exceptions: Partial<Record<ExceptionPart, Exception[]>>
}

export const theHouse: House = { floors, discovered, overEverything, exceptions }

export interface Syntax {
  program: Program
  module: EcmaScriptModule
  comments: Comment[]
  /** The line, from 1, of a place in the text. */
  line(offset: number): number
}

export interface Tree {
  /** Absolute path, without a slash at its end. */
  root: string
  /** Paths from the root, with forward slashes, sorted. */
  files: string[]
  house: House
  /** Parts that generate something write it instead of comparing. */
  write: boolean
  read(path: string): string
  syntax(path: string): Syntax
}

export function openTree(root: string, house: House = theHouse, write = false): Tree {
  const texts = new Map<string, string>()
  const parsed = new Map<string, Syntax>()
  const read = (path: string) => remembered(texts, path, () => readFileSync(join(root, path), 'utf8'))
  const syntax = (path: string) => remembered(parsed, path, () => parse(path, read(path)))
  return { root, files: filesOf(root).sort(), house, write, read, syntax }
}

function remembered<T>(known: Map<string, T>, key: string, make: () => T): T {
  const kept = known.get(key)
  if (kept !== undefined) return kept
  const made = make()
  known.set(key, made)
  return made
}

/** What git would commit; in a tree without git, everything but what is installed, built or hidden. */
function filesOf(root: string): string[] {
  if (!existsSync(join(root, '.git'))) return walkFolder(root, '')
  const list = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 })
  return [...new Set(list.split('\0'))].filter(path => path && existsSync(join(root, path)))
}

const notOurs = new Set(['node_modules', 'data'])

function walkFolder(root: string, below: string): string[] {
  return readdirSync(join(root, below), { withFileTypes: true }).flatMap(entry => {
    const path = below ? `${below}/${entry.name}` : entry.name
    if (entry.name.startsWith('.') || notOurs.has(path)) return []
    return entry.isDirectory() ? walkFolder(root, path) : [path]
  })
}

function parse(path: string, text: string): Syntax {
  const { program, module, comments, errors } = parseSync(path, text)
  if (errors.length) throw new SyntaxError(`${path}: ${errors[0]?.message}`)
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return { program, module, comments, line: offset => lineOf(starts, offset) }
}

function lineOf(starts: number[], offset: number): number {
  let low = 0
  let high = starts.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (starts[middle]! <= offset) low = middle
    else high = middle
  }
  return low + 1
}

/** Visits every node in the order of the text; `above` are the nodes around it, outermost first. */
export function walk(node: Node, visit: (node: Node, above: readonly Node[]) => void, above: Node[] = []): void {
  visit(node, above)
  above.push(node)
  const fields = node as unknown as Record<string, Node | (Node | null)[] | null | undefined>
  for (const key of visitorKeys[node.type] ?? []) {
    const child = fields[key]
    if (Array.isArray(child)) for (const each of child) each && walk(each, visit, above)
    else if (child) walk(child, visit, above)
  }
  above.pop()
}

const isTest = /\.test\.tsx?$|\/(testing(-[a-z]+)?|contract)\.ts$/
/** Tests, and what stands beside them for the tests of others. */
export const isTestFile = (path: string): boolean => isTest.test(path) || /(^|\/)(fixtures|recordings)\//.test(path)
export const isCode = (path: string): boolean =>
  /\.(ts|tsx)$/.test(path) && !path.endsWith('.d.ts') && !/(^|\/)(fixtures|recordings)\//.test(path)

/** The code of the tree; `below` are folders or files it must start with. */
export const codeOf = (tree: Tree, ...below: string[]): string[] =>
  tree.files.filter(path => isCode(path) && (!below.length || below.some(start => path.startsWith(start))))

/** The text of a string literal or of a template without holes; undefined for anything else. */
export function textOf(node: Node | null | undefined): string | undefined {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value
  if (node?.type === 'TemplateLiteral' && !node.expressions.length) return node.quasis[0]?.value.cooked ?? undefined
  return undefined
}

/** The name by which something is called: `a` of `a()`, `b` of `x.b()`. */
export function calleeName(callee: Node): string | undefined {
  if (callee.type === 'Identifier') return callee.name
  if (callee.type === 'MemberExpression' && callee.property.type === 'Identifier') return callee.property.name
  return undefined
}

/** The name that a declaration gives; undefined where it takes something apart. */
export const nameOf = (id: Node): string | undefined => (id.type === 'Identifier' ? id.name : undefined)

/** Exceptions in use: asks each time, and tells at the end which were not needed. */
export function excuses(tree: Tree, part: ExceptionPart): { cover(path: string, what: string): boolean; idle(): Fault[] } {
  const entries = tree.house.exceptions[part] ?? []
  const used = new Set<Exception>()
  const covers = (entry: Exception, path: string, what: string) =>
    entry.what === what && (entry.at.endsWith('/') ? path.startsWith(entry.at) : path === entry.at)
  return {
    cover(path, what) {
      const found = entries.filter(entry => covers(entry, path, what))
      for (const entry of found) used.add(entry)
      return found.length > 0
    },
    idle: () =>
      entries
        .filter(entry => !used.has(entry))
        .map(({ at, what }) => ({
          at: 'floors.ts',
          says: `the exception of ${part} for ${what} at ${at} is not needed any more; remove it`,
        })),
  }
}
