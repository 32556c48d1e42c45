/** No SQL is built from strings, and nobody but the kernel looks across organisations. */
import type { Node } from 'oxc-parser'
import { calleeName, codeOf, excuses, type Fault, isTestFile, type Part, type Tree, textOf, walk } from './tree.ts'

export const queries: Part = {
  name: 'queries',
  async run(tree) {
    const excuse = excuses(tree, 'queries')
    const faults = codeOf(tree, 'src/', 'channels/', 'models/')
      .filter(path => !isTestFile(path))
      .flatMap(path => faultsIn(tree, path).filter(({ what }) => !excuse.cover(path, what)))
    return [...faults.map(({ at, says }) => ({ at, says })), ...excuse.idle()]
  },
}

interface Found extends Fault {
  what: string
}

function faultsIn(tree: Tree, path: string): Found[] {
  const { program, line } = tree.syntax(path)
  const found: Found[] = []
  walk(program, (node, above) => {
    const fault = builtFromStrings(node) ?? (path.startsWith('src/kernel/') ? undefined : acrossOrganisations(node, above))
    if (fault) found.push({ at: `${path}:${line(node.start)}`, ...fault })
  })
  return found
}

type Says = Pick<Found, 'what' | 'says'>

function builtFromStrings(node: Node): Says | undefined {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return undefined
  const name = calleeName(node.callee)
  const object = node.callee.object
  if (object.type === 'Identifier' && ['sql', 'CompiledQuery'].includes(object.name) && ['raw', 'lit'].includes(name ?? '')) {
    return {
      what: `${object.name}.${name}`,
      says: `${object.name}.${name} puts text into SQL as it is; give it as a value: sql\`… \${value}\``,
    }
  }
  return name === 'query' && isBuilt(node.arguments[0])
    ? { what: 'query', says: 'this SQL is put together from strings; use $1 and a list of values' }
    : undefined
}

/** A template with holes, or a sum that is not only literals. */
function isBuilt(node: Node | undefined): boolean {
  if (node?.type === 'TemplateLiteral') return node.expressions.length > 0
  return node?.type === 'BinaryExpression' && node.operator === '+' && !isFixed(node)
}

const isFixed = (node: Node): boolean =>
  node.type === 'BinaryExpression' ? isFixed(node.left) && isFixed(node.right) : textOf(node) !== undefined

const kernelOnly = ['inKernel', 'kernel_scope']

function acrossOrganisations(node: Node, above: readonly Node[]): Says | undefined {
  const parent = above.at(-1)
  const isImport = parent?.type === 'ImportSpecifier' || parent?.type === 'ImportDeclaration'
  if (node.type === 'Identifier' && kernelOnly.includes(node.name) && isImport) {
    return { what: node.name, says: `${node.name} looks across organisations; only the kernel may` }
  }
  const sets = node.type === 'TemplateElement' ? node.value.raw : node.type === 'Literal' ? textOf(node) : undefined
  const isScope = sets !== undefined && /\btrefoil\.(scope|org)\b|\bkernel_scope\b/.test(sets)
  return isScope ? { what: 'trefoil.scope', says: 'only the kernel sets the organisation or the scope of a transaction' } : undefined
}
