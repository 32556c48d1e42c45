/** Reads and changes the table of contents in src/contents.ts: one module per line, between `contents = [` and `]`. */

const list = /(contents\b[^=\n]{0,80}= \[\n)([^\]]*)(\])/

export function contentsIn(text: string): string[] {
  return [...(list.exec(text)?.[2] ?? '').matchAll(/'([^']+)'/g)].map(found => found[1]!)
}

export function withContents(text: string, modules: string[]): string {
  if (!list.test(text)) throw new Error('src/contents.ts has no list `contents = [` with one module per line')
  return text.replace(
    list,
    (_, before: string, __, after: string) => `${before}${modules.map(module => `  '${module}',\n`).join('')}${after}`,
  )
}
