/** Who may do what stands in one table: every door names a row of it, and every row has a door. */
import type { Node } from 'oxc-parser'
import { branches } from './said.ts'
import { codeOf, type Fault, isTestFile, type Part, type Tree, walk } from './tree.ts'

const table = 'src/roles.ts'

export const permissions: Part = {
  name: 'permissions',
  async run(tree) {
    if (!tree.files.includes(table)) return []
    const rows = rowsOf(tree)
    const paths = codeOf(tree, 'src/').filter(path => path !== table && !isTestFile(path))
    const uses = paths.flatMap(path => usesIn(tree, path))
    const unknown = uses
      .filter(({ name, firm }) => firm && !rows.has(name))
      .map(({ at, name }) => ({ at, says: `${name} is no row of ${table}` }))
    const used = new Set(uses.map(({ name }) => name))
    const idle = [...rows]
      .filter(([name]) => !used.has(name))
      .map(([name, line]): Fault => ({ at: `${table}:${line}`, says: `nothing asks for ${name} yet`, note: true }))
    return [...unknown, ...idle]
  },
}

/** Every `'area.verb': { … }` of the table. */
function rowsOf(tree: Tree): Map<string, number> {
  const { program, line } = tree.syntax(table)
  const rows = new Map<string, number>()
  walk(program, node => {
    if (node.type === 'Property' && node.key.type === 'Literal' && node.value.type === 'ObjectExpression')
      rows.set(String(node.key.value), line(node.start))
  })
  return rows
}

/** `who: '…'`, `may(actor, '…')` and `raw(method, path, '…')` must be rows; any other text of that name counts as a use. */
function usesIn(tree: Tree, path: string): { name: string; at: string; firm: boolean }[] {
  const { program, line } = tree.syntax(path)
  const found: { name: string; at: string; firm: boolean }[] = []
  walk(program, node => {
    for (const name of asked(node)) found.push({ name, at: `${path}:${line(node.start)}`, firm: true })
    if (node.type === 'Literal' && typeof node.value === 'string') found.push({ name: node.value, at: path, firm: false })
  })
  return found
}

function asked(node: Node): string[] {
  if (node.type === 'Property' && node.key.type === 'Identifier' && node.key.name === 'who')
    return branches(node.value).filter(isPermission)
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return []
  const at = { may: 1, raw: 2 }[node.callee.name]
  return at === undefined ? [] : branches(node.arguments[at]).filter(isPermission)
}

/** Doors for everybody carry a word without a dot. */
const isPermission = (text: string): boolean => /^[a-z]+\.[a-zA-Z]+$/.test(text)
