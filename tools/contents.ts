/** Reads and changes the table of contents in src/contents.ts: one module per line, between `contents = [` and `]`. */

export const contentsIn = (text: string): string[] => [...listIn(text).list.matchAll(/'([^']{1,100})'/g)].map(found => found[1]!)

export function withContents(text: string, modules: string[]): string {
  const { before, after } = listIn(text)
  return `${before}${modules.map(module => `  '${module}',\n`).join('')}${after}`
}

const opening = 'const contents = [\n'

function listIn(text: string): { before: string; list: string; after: string } {
  const start = text.indexOf(opening)
  const from = start + opening.length
  const to = text.indexOf(']', from)
  if (start < 0 || to < 0) throw new Error('src/contents.ts has no list `contents = [` with one module per line')
  return { before: text.slice(0, from), list: text.slice(from, to), after: text.slice(to) }
}
