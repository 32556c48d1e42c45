/** What a file says to people: the keys it uses, and texts that stand in the code itself. */
import type { Node } from 'oxc-parser'
import { calleeName, nameOf, type Tree, textOf, walk } from './tree.ts'

/**
 * A key that must exist; a `pattern` has `*` where it is put together, a `guess` only looks like one, a `field` is one if its module speaks at all. `values` are the names handed over, if
 * they can be seen.
 */
export interface Said {
  is: 'key' | 'pattern' | 'guess' | 'field'
  key: string
  line: number
  values?: string[]
}

export interface Saying {
  keys: Said[]
  /** Every text of the file: a key that stands anywhere counts as used. */
  literals: string[]
  visible: { text: string; line: number }[]
}

export function said(tree: Tree, path: string): Saying {
  const { program, line } = tree.syntax(path)
  const found: Saying = { keys: [], literals: [], visible: [] }
  walk(program, (node, above) => {
    const text = textOf(node)
    if (text !== undefined) found.literals.push(text)
    for (const key of [...keysOf(node), ...choicesOf(node), ...sentenceOf(node, above, path), ...deedOf(node, above, path)])
      found.keys.push({ ...key, line: line(node.start) })
    if (path.endsWith('.tsx')) for (const each of visibleIn(node, above)) found.visible.push({ text: each, line: line(node.start) })
  })
  return found
}

type Key = Omit<Said, 'line'>

/** `t(key, values)`, `refuse(code, key, values)`, `new Refusal(code, key, values)`, `new StartError(key, values)`; and any text that is put together like a key. */
function keysOf(node: Node): Key[] {
  if (node.type === 'TemplateLiteral') return keyShape.test(shapeOf(node)) ? [{ is: 'guess', key: shapeOf(node) }] : []
  if (node.type === 'Property') return fieldKeys(node)
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return []
  const at = keyArgument.get(node.callee.type === 'Identifier' ? node.callee.name : '')
  return at === undefined ? [] : keysAt(node.arguments[at], valuesOf(node.arguments[at + 1]))
}

const keyFields = ['advice', 'help', 'key', 'label', 'note', 'say', 'says', 'title']

/** `{ says: 'crm.gone' }`: in these fields a text of that form is a key. */
function fieldKeys(property: Node & { type: 'Property' }): Key[] {
  if (property.key.type !== 'Identifier' || !keyFields.includes(property.key.name)) return []
  return branches(property.value)
    .filter(text => /^[a-z]\w*(\.\w+)+$/.test(text))
    .map(key => ({ is: 'field', key }))
}

/** Function → which of its arguments is the key; the values follow it. */
const keyArgument = new Map([
  ['t', 0],
  ['refuse', 1],
  ['Refusal', 1],
  ['StartError', 0],
])

function keysAt(node: Node | undefined, values: string[] | undefined): Key[] {
  if (node?.type === 'TemplateLiteral' && node.expressions.length)
    return keyShape.test(shapeOf(node)) ? [{ is: 'pattern', key: shapeOf(node) }] : []
  return branches(node).map(key => ({ is: 'key', key, values }))
}

/** `z.enum(['tls', 'none']).meta({ label: 'irc.security' })`: each choice of a field is read as the message `<label>.<choice>`. */
function choicesOf(node: Node): Key[] {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression' || calleeName(node.callee) !== 'meta') return []
  const [about] = node.arguments
  const label = about?.type === 'ObjectExpression' ? about.properties.flatMap(labelIn)[0] : undefined
  const choices = enumBelow(node.callee.object)
  if (!label || !choices) return []
  if (choices.type !== 'ArrayExpression') return [{ is: 'pattern', key: `${label}.*` }]
  return choices.elements.flatMap(each => (each ? branches(each) : [])).map(choice => ({ is: 'field', key: `${label}.${choice}` }))
}

const labelIn = (property: Node): string[] =>
  property.type === 'Property' && property.key.type === 'Identifier' && property.key.name === 'label' ? branches(property.value) : []

/** What is given to the `z.enum` at which a chain of calls begins. */
function enumBelow(node: Node): Node | undefined {
  if (node.type !== 'CallExpression') return undefined
  if (calleeName(node.callee) === 'enum') return node.arguments[0]
  return node.callee.type === 'MemberExpression' ? enumBelow(node.callee.object) : undefined
}

/** A word is read as the message `<module>.happened.<its name>`. */
function sentenceOf(node: Node, above: readonly Node[], path: string): Key[] {
  const module = path.endsWith('/words.ts') ? path.split('/').at(-2) : undefined
  if (!module || node.type !== 'VariableDeclarator' || above.at(-2)?.type !== 'ExportNamedDeclaration') return []
  const isWord = node.init?.type === 'CallExpression' && calleeName(node.init.callee) === 'word'
  const name = isWord ? nameOf(node.id) : undefined
  return name === undefined ? [] : [{ is: 'key', key: `${module}.happened.${name}` }]
}

/** What the audit keeps of an action is read as the message `<module>.did.<its name>`; what another function made may be one. */
function deedOf(node: Node, above: readonly Node[], path: string): Key[] {
  const module = /\/actions(-\w+)?\.ts$/.test(path) ? path.split('/').at(-2) : undefined
  if (!module || node.type !== 'VariableDeclarator' || above.at(-2)?.type !== 'ExportNamedDeclaration') return []
  const name = node.init?.type === 'CallExpression' ? nameOf(node.id) : undefined
  if (name === undefined || node.init?.type !== 'CallExpression') return []
  const about = node.init.arguments[0]
  const leavesNone = about?.type === 'ObjectExpression' && about.properties.some(each => each.type === 'Property' && isQuiet(each))
  const isAction = calleeName(node.init.callee) === 'action'
  return isAction && leavesNone ? [] : [{ is: isAction ? 'key' : 'guess', key: `${module}.did.${name}` }]
}

const isQuiet = (property: Node & { type: 'Property' }) =>
  property.key.type === 'Identifier' && ['reads', 'passing'].includes(property.key.name)

const keyShape = /^[a-z][\w-]*\.[\w.*-]*$/i

const shapeOf = (node: Node & { type: 'TemplateLiteral' }): string => node.quasis.map(part => part.value.cooked ?? '').join('*')

/** The texts that an expression may turn out to be. */
export function branches(node: Node | undefined): string[] {
  if (node?.type === 'ConditionalExpression') return [...branches(node.consequent), ...branches(node.alternate)]
  if (node?.type === 'LogicalExpression') return [...branches(node.left), ...branches(node.right)]
  const text = textOf(node)
  return text === undefined ? [] : [text]
}

function valuesOf(node: Node | undefined): string[] | undefined {
  if (!node) return []
  if (node.type !== 'ObjectExpression') return undefined
  const names = node.properties.map(each => (each.type === 'Property' && each.key.type === 'Identifier' ? each.key.name : undefined))
  return names.every(name => name !== undefined) ? names : undefined
}

const shownAttributes = ['title', 'placeholder', 'alt', 'label', 'aria-label', 'aria-description', 'aria-placeholder', 'summary']
/** What stands in these is a name for programs or keys, not a sentence. */
const notSpoken = ['code', 'kbd', 'script', 'pre', 'samp']

/** Texts with words in them that would reach the reader as they are. */
function visibleIn(node: Node, above: readonly Node[]): string[] {
  if (above.some(each => each.type === 'JSXElement' && notSpoken.includes(tagOf(each)))) return []
  return textsShown(node, above.at(-1))
    .map(text => text.trim())
    .filter(hasWords)
}

function textsShown(node: Node, parent: Node | undefined): string[] {
  if (node.type === 'JSXText') return [node.value]
  if (node.type === 'JSXExpressionContainer' && (parent?.type === 'JSXElement' || parent?.type === 'JSXFragment'))
    return branches(node.expression)
  if (node.type !== 'JSXAttribute' || node.name.type !== 'JSXIdentifier' || !shownAttributes.includes(node.name.name)) return []
  return node.value?.type === 'JSXExpressionContainer' ? branches(node.value.expression) : branches(node.value ?? undefined)
}

const hasWords = (text: string): boolean => /\p{L}{2}/u.test(text.replace(/&[a-z]{1,20};/gi, ''))

const tagOf = (node: Node & { type: 'JSXElement' }): string =>
  node.openingElement.name.type === 'JSXIdentifier' ? node.openingElement.name.name : ''
