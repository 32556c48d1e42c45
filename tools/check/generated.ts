/** Pages that are made from the code: compared with what is committed, or written when asked to. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Fault, Tree } from './tree.ts'

const advice = 'is out of date; npm run check -- --write makes it anew'

export function generated(tree: Tree, path: string, text: string): Fault[] {
  const before = tree.files.includes(path) ? tree.read(path) : undefined
  if (before === text) return []
  if (!tree.write) return [{ at: path, says: advice }]
  mkdirSync(dirname(join(tree.root, path)), { recursive: true })
  writeFileSync(join(tree.root, path), text)
  return []
}

/** Only what stands between `<!-- name -->` and `<!-- /name -->` is made; the rest of the page is written by people. */
export function generatedPart(tree: Tree, path: string, name: string, text: string): Fault[] {
  const page = tree.read(path)
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [from, to] = [page.indexOf(start), page.indexOf(end)]
  if (from < 0 || to < from) return [{ at: path, says: `has no place for ${name}: ${start} … ${end}` }]
  return generated(tree, path, `${page.slice(0, from + start.length)}\n${text}${page.slice(to)}`)
}
