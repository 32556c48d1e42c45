/** The table of contents and the floors tell the same: every module that exists is listed, from the ground up. */
import { contentsIn } from '../contents.ts'
import { homeOf } from './rooms.ts'
import type { Fault, Part, Tree } from './tree.ts'

const file = 'src/contents.ts'

export const contents: Part = {
  name: 'contents',
  async run(tree) {
    if (!tree.files.includes(file)) return []
    const listed = contentsIn(tree.read(file))
    return [...listed.flatMap((module, index) => misplaced(tree, module, listed[index - 1])), ...forgotten(tree, listed)]
  },
}

function misplaced(tree: Tree, module: string, before: string | undefined): Fault[] {
  if (!tree.files.some(path => path.startsWith(`src/${module}/`))) return [{ at: file, says: `lists ${module}, which is not there` }]
  if (before === undefined || orderOf(tree, before) <= orderOf(tree, module)) return []
  return [{ at: file, says: `lists ${module} after ${before}, which stands above it` }]
}

/** Floors count a thousand, places on a floor one. */
function orderOf(tree: Tree, module: string): number {
  const home = homeOf(`src/${module}/words.ts`, tree.house)
  if (home.is !== 'room') return Number.POSITIVE_INFINITY
  return home.height * 1000 + (home.floor.inside === 'leftward' ? home.place : 0)
}

/** A folder with something to load that nobody loads. */
function forgotten(tree: Tree, listed: string[]): Fault[] {
  const folders = tree.files.flatMap(path => /^src\/(.+)\/(?:words\.ts|actions\.ts|pages\.tsx|\d{4}-[^/]*\.sql)$/.exec(path)?.[1] ?? [])
  return [...new Set(folders)]
    .filter(folder => !listed.includes(folder))
    .map(folder => ({ at: `src/${folder}`, says: `is not listed in ${file}, so nothing of it is loaded` }))
}
