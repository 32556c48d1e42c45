/** One scarce door to each protected thing: the network, HTML that is not escaped, other programs. Who may use one is listed with its reason. */
import type { Node } from 'oxc-parser'
import { importsOf } from './imports.ts'
import { codeOf, excuses, type Fault, isTestFile, type Part, type Tree, textOf, walk } from './tree.ts'

export const doors: Part = {
  name: 'doors',
  async run(tree) {
    const excuse = excuses(tree, 'doors')
    const faults = codeOf(tree, 'src/', 'channels/', 'models/')
      .filter(path => !isTestFile(path) && !isOfBrowser.test(path))
      .flatMap(path => [...importFaults(tree, path), ...useFaults(tree, path)].filter(({ what }) => !excuse.cover(path, what)))
    return [...faults.map(({ at, says }) => ({ at, says })), ...excuse.idle()]
  },
}

/** What other people's browsers run calls home from there, by the policy of the page that it is in. */
const isOfBrowser = /^channels\/[a-z0-9]+\/browser\//

interface Found extends Fault {
  what: string
}

/** Modules that open a connection or listen for one. */
const sockets =
  /^(node:)?(net|tls|http|https|http2|dgram|dns|dns\/promises)$|^(undici|ws|got|axios|node-fetch|nodemailer(?!\/lib\/)|imapflow|ssh2|ftp|pg|pg-boss|@hono\/node-server)(\/|$)/
/** Modules that start another program, or run text as one. */
const programs = /^(node:)?(child_process|vm|worker_threads|cluster)$/

function importFaults(tree: Tree, path: string): Found[] {
  const harmless = harmlessIn(tree, path)
  const list = importsOf(tree, path).filter(each => !each.type && !harmless.has(each.line))
  const guarded = path.startsWith('channels/') && takesAddresses(tree, path)
  return list.flatMap(({ says, line }) => {
    const at = `${path}:${line}`
    if (programs.test(says)) return [{ at, what: says, says: `imports ${says}: only listed places start other programs` }]
    return sockets.test(says) && !guarded
      ? [{ at, what: says, says: `imports ${says}: ${path.startsWith('channels/') ? wayOfChannels : 'the way out is #kernel/fetch.ts'}` }]
      : []
  })
}

const wayOfChannels = 'use guardedFetch of #kernel/fetch.ts, or for other lines the address that its allowedAddress gives'

/** A channel may speak its own protocol, as long as the kernel says to which address the line goes. */
function takesAddresses(tree: Tree, path: string): boolean {
  const names = (node: Node): string[] =>
    node.type === 'ImportDeclaration' && node.source.value === '#kernel/fetch.ts' ? node.specifiers.map(importedName) : []
  return tree.syntax(path).program.body.flatMap(names).includes('allowedAddress')
}

const importedName = (specifier: Node): string =>
  specifier.type === 'ImportSpecifier' && specifier.imported.type === 'Identifier' ? specifier.imported.name : ''

/** What these modules also hold, and what opens no line: Is this an address? Which servers does the domain name? */
const openNothing: Record<string, string[]> = {
  'node:net': ['isIP', 'isIPv4', 'isIPv6'],
  'node:dns/promises': ['resolveMx', 'resolveSrv', 'resolveTxt'],
}

/** The lines of imports that take nothing else from such a module. */
function harmlessIn(tree: Tree, path: string): Set<number> {
  const { program, line } = tree.syntax(path)
  const imports = program.body.filter(node => node.type === 'ImportDeclaration')
  const isHarmless = (node: (typeof imports)[number]) =>
    node.specifiers.length > 0 && node.specifiers.every(each => openNothing[node.source.value]?.includes(importedName(each)))
  return new Set(imports.filter(isHarmless).map(node => line(node.source.start)))
}

const networkGlobals = ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest']
const evaluators = ['eval', 'Function']

function useFaults(tree: Tree, path: string): Found[] {
  const { program, line } = tree.syntax(path)
  const own = declaredIn(program)
  const found: Found[] = []
  walk(program, (node, above) => {
    const fault = globalFault(node, above.at(-1), own) ?? rawHtml(node)
    if (fault) found.push({ at: `${path}:${line(node.start)}`, ...fault })
  })
  return found
}

/** Names that the file itself gives: a parameter called `fetch` is not the global one. */
function declaredIn(program: Node): Set<string> {
  const names = new Set<string>()
  walk(program, (node, above) => {
    const parent = above.at(-1)
    if (node.type === 'Identifier' && parent && isDeclaration(parent, node)) names.add(node.name)
  })
  return names
}

function isDeclaration(parent: Node, node: Node): boolean {
  if (parent.type === 'VariableDeclarator') return parent.id === node
  if (parent.type === 'FunctionDeclaration') return parent.id === node || (parent.params as Node[]).includes(node)
  if (parent.type === 'ArrowFunctionExpression' || parent.type === 'FunctionExpression') return (parent.params as Node[]).includes(node)
  if (parent.type === 'ImportSpecifier') return parent.local === node
  return false
}

type Says = Pick<Found, 'what' | 'says'>

function globalFault(node: Node, parent: Node | undefined, own: Set<string>): Says | undefined {
  const name = globalName(node, parent)
  if (!name || own.has(name)) return undefined
  if (networkGlobals.includes(name)) return { what: name, says: `uses ${name}: the only way out is guardedFetch of #kernel/fetch.ts` }
  return evaluators.includes(name) ? { what: name, says: `uses ${name}: text is never run as a program` } : undefined
}

/** `fetch(…)`, `new WebSocket(…)`, `{ fetch: fetch }`, `globalThis.fetch`; not `page.fetch(…)`. */
function globalName(node: Node, parent: Node | undefined): string | undefined {
  if (
    node.type === 'MemberExpression' &&
    node.object.type === 'Identifier' &&
    ['globalThis', 'window', 'self'].includes(node.object.name)
  ) {
    return node.property.type === 'Identifier' ? node.property.name : textOf(node.property)
  }
  if (node.type !== 'Identifier' || (parent?.type === 'MemberExpression' && parent.property === node)) return undefined
  if (parent?.type === 'Property' && parent.key === node && parent.value !== node) return undefined
  return parent?.type.startsWith('TS') ? undefined : node.name
}

const rawAttributes = ['dangerouslySetInnerHTML', 'innerHTML', 'outerHTML', 'srcdoc']

function rawHtml(node: Node): Says | undefined {
  const name = node.type === 'JSXAttribute' && node.name.type === 'JSXIdentifier' ? node.name.name : undefined
  if (name && rawAttributes.includes(name))
    return { what: 'raw HTML', says: `${name} is not escaped; only the kernel shows HTML, cleaned by its sanitiser` }
  return importsRaw(node)
    ? { what: 'raw HTML', says: 'raw() is not escaped; only the kernel shows HTML, cleaned by its sanitiser' }
    : undefined
}

/** `raw` of `hono/html` takes text as HTML. */
function importsRaw(node: Node): boolean {
  if (node.type !== 'ImportDeclaration' || !node.source.value.startsWith('hono/')) return false
  return node.specifiers.some(
    each => each.type === 'ImportSpecifier' && each.imported.type === 'Identifier' && each.imported.name === 'raw',
  )
}
