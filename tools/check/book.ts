/** Reads the rule book from the code: every exported function of a rules.ts, its sentence, and the test that bears it as title. */
import type { Comment, Node } from 'oxc-parser'
import { calleeName, type Syntax, type Tree, textOf, walk } from './tree.ts'

export interface Rule {
  name: string
  /** The folder of its module, such as `src/areas/crm`. */
  module: string
  path: string
  line: number
  /** The first line of the comment before it; empty when there is none. */
  sentence: string
  /** Where the test with this title stands, such as `src/areas/crm/rules.test.ts:12`. */
  test: string | undefined
}

export function rulesOf(tree: Tree): Rule[] {
  return tree.files.filter(path => /^src\/.*\/rules\.ts$/.test(path)).flatMap(path => rulesIn(tree, path))
}

function rulesIn(tree: Tree, path: string): Rule[] {
  const syntax = tree.syntax(path)
  const titles = titlesIn(tree, path.replace(/rules\.ts$/, 'rules.test.ts'))
  return syntax.program.body.flatMap(node =>
    exportedFunctions(node).map(name => {
      const sentence = sentenceBefore(node, syntax, tree.read(path))
      const module = path.slice(0, -'/rules.ts'.length)
      return { name, module, path, line: syntax.line(node.start), sentence, test: titles.get(sentence) }
    }),
  )
}

function exportedFunctions(node: Node): string[] {
  if (node.type !== 'ExportNamedDeclaration') return []
  const it = node.declaration
  if (it?.type === 'FunctionDeclaration') return [it.id?.name ?? '']
  if (it?.type !== 'VariableDeclaration') return []
  return it.declarations.flatMap(each => (isFunction(each.init) && each.id.type === 'Identifier' ? [each.id.name] : []))
}

const isFunction = (node: Node | null): boolean => node?.type === 'ArrowFunctionExpression' || node?.type === 'FunctionExpression'

/** The comment that touches the function: only blanks lie between. Of line comments that follow each other, the first. */
function sentenceBefore(node: Node, { comments }: Syntax, text: string): string {
  let at = node.start
  let first: Comment | undefined
  for (const comment of comments.filter(each => each.end <= node.start).reverse()) {
    if (text.slice(comment.end, at).trim() || (first && (first.type === 'Block' || comment.type === 'Block'))) break
    first = comment
    at = comment.start
  }
  return first ? firstLine(first.value) : ''
}

const firstLine = (comment: string): string =>
  comment
    .split('\n')
    .map(line => line.replace(/^\s*\*+/, '').trim())
    .find(line => line) ?? ''

function titlesIn(tree: Tree, path: string): Map<string, string> {
  const titles = new Map<string, string>()
  if (!tree.files.includes(path)) return titles
  const { program, line } = tree.syntax(path)
  walk(program, node => {
    const title =
      node.type === 'CallExpression' && ['test', 'it'].includes(calleeName(node.callee) ?? '') ? textOf(node.arguments[0]) : undefined
    if (title !== undefined) titles.set(title, `${path}:${line(node.start)}`)
  })
  return titles
}

/** The rule book as a page: one table per module. */
export function bookOf(rules: Rule[]): string {
  const modules = [...new Set(rules.map(rule => rule.module))]
  return `# The rule book\n\nEvery business rule: one sentence, one pure function, one test with the sentence as its title. Made by \`npm run check -- --write\`; \`npm run rule <word>\` searches it.\n${modules.map(module => chapter(module, rules)).join('')}`
}

function chapter(module: string, rules: Rule[]): string {
  const rows = rules
    .filter(rule => rule.module === module)
    .map(
      rule =>
        `| ${rule.sentence.replaceAll('|', '\\|')} | ${link(`${rule.path}:${rule.line}`, rule.name)} | ${rule.test ? link(rule.test, 'test') : 'none'} |\n`,
    )
  return `\n## ${module.replace(/^src\//, '')}\n\n| rule | function | test |\n|---|---|---|\n${rows.join('')}`
}

function link(place: string, text: string): string {
  const [path, line] = place.split(':')
  return `[${text}](${path}#L${line})`
}
