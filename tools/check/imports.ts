/** What a file imports: every form of it, resolved to a path of the tree or the name of a package. */
import { posix } from 'node:path'
import type { Node } from 'oxc-parser'
import { type House, type Tree, textOf, walk } from './tree.ts'

export interface Import {
  /** As written. */
  says: string
  /** Path from the root; undefined for packages and Node's own modules. */
  path: string | undefined
  /** Only types: nothing of it is there when the program runs. */
  type: boolean
  line: number
}

export function importsOf(tree: Tree, path: string): Import[] {
  const { program, line } = tree.syntax(path)
  const found: Import[] = []
  walk(program, node => {
    const source = sourceOf(node)
    const says = textOf(source)
    if (source && says !== undefined)
      found.push({ says, path: resolve(says, path, tree.house), type: isTypeOnly(node), line: line(source.start) })
  })
  return found
}

function sourceOf(node: Node): Node | null {
  if (node.type === 'ImportDeclaration' || node.type === 'ExportAllDeclaration' || node.type === 'ExportNamedDeclaration')
    return node.source
  if (node.type === 'ImportExpression' || node.type === 'TSImportType') return node.source
  return null
}

function isTypeOnly(node: Node): boolean {
  if (node.type === 'TSImportType') return true
  if (node.type === 'ImportDeclaration') return node.importKind === 'type' || allTypes(node.specifiers)
  if (node.type === 'ExportNamedDeclaration') return node.exportKind === 'type'
  return node.type === 'ExportAllDeclaration' && node.exportKind === 'type'
}

const allTypes = (specifiers: Node[]): boolean =>
  specifiers.length > 0 && specifiers.every(each => each.type === 'ImportSpecifier' && each.importKind === 'type')

/** Aliases are the floors' names, and `#root/` for the root; nothing else is looked up. */
function resolve(says: string, from: string, house: House): string | undefined {
  if (says.startsWith('.')) return posix.join(posix.dirname(from), says)
  if (says.startsWith('#root/')) return says.slice('#root/'.length)
  const floor = house.floors.find(each => says.startsWith(`#${each.name}/`))
  return floor && `${floor.folder}/${says.slice(floor.name.length + 2)}`
}
