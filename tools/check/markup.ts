/** Nothing is styled or scripted in place: the looks are in web/styles, the behaviour in custom elements, and the page's policy forbids both. */
import type { Node } from 'oxc-parser'
import { codeOf, excuses, type Fault, isTestFile, type Part, type Tree, walk } from './tree.ts'

export const markup: Part = {
  name: 'markup',
  async run(tree) {
    const excuse = excuses(tree, 'markup')
    const faults = codeOf(tree, 'src/', 'channels/', 'models/')
      .filter(path => !isTestFile(path))
      .flatMap(path => inPlace(tree, path).filter(({ what }) => !excuse.cover(path, what)))
    return [...faults.map(({ at, says }) => ({ at, says })), ...excuse.idle()]
  },
}

interface Found extends Fault {
  what: 'style' | 'handler'
}

function inPlace(tree: Tree, path: string): Found[] {
  const { program, line } = tree.syntax(path)
  const found: Found[] = []
  walk(program, node => {
    const what = attributeFault(node) ?? textFault(node)
    if (what === 'style')
      found.push({
        at: `${path}:${line(node.start)}`,
        what,
        says: 'is styled in place; use a component of the kit or a class of web/styles',
      })
    if (what === 'handler')
      found.push({ at: `${path}:${line(node.start)}`, what, says: 'carries a script in place; the page’s policy would not run it' })
  })
  return found
}

function attributeFault(node: Node): Found['what'] | undefined {
  if (node.type === 'JSXOpeningElement' && node.name.type === 'JSXIdentifier' && node.name.name === 'style') return 'style'
  if (node.type !== 'JSXAttribute' || node.name.type !== 'JSXIdentifier') return undefined
  if (node.name.name === 'style') return 'style'
  return /^on[a-z]+$/i.test(node.name.name) && node.name.name !== 'on' ? 'handler' : undefined
}

/** HTML that is written as text. */
function textFault(node: Node): Found['what'] | undefined {
  const text = htmlOf(node)
  const tags = text
    .split('<')
    .slice(1)
    .map(part => part.split('>')[0]!)
    .filter(tag => /^[a-z]/i.test(tag))
  if (tags.some(tag => /\sstyle\s?=/i.test(tag))) return 'style'
  return tags.some(tag => /\son[a-z]{1,20}\s?=/i.test(tag)) ? 'handler' : undefined
}

/** The holes of a template count as a word, so that an attribute behind one is seen. */
function htmlOf(node: Node): string {
  if (node.type === 'TemplateLiteral') return node.quasis.map(part => part.value.raw).join('x')
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : ''
}
