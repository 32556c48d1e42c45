/** The table of contents and the floors tell the same: every module that exists is listed, from the ground up. */
import { contentsIn } from '../contents.ts'
import { type Home, homeOf, shareWing } from './rooms.ts'
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
  if (before === undefined || !standsOver(homeIn(tree, before), homeIn(tree, module))) return []
  return [{ at: file, says: `lists ${module} after ${before}, which stands above it` }]
}

const homeIn = (tree: Tree, module: string): Home => homeOf(`src/${module}/words.ts`, tree.house)

/** Areas stand side by side, in any order; the modules of one area do not. */
function standsOver(one: Home, other: Home): boolean {
  if (one.is !== 'room' || other.is !== 'room') return one.is !== 'room'
  if (one.height !== other.height) return one.height > other.height
  return (one.floor.inside === 'leftward' || shareWing(one, other)) && one.place > other.place
}

/** A folder with something to load that nobody loads. */
function forgotten(tree: Tree, listed: string[]): Fault[] {
  const folders = tree.files.flatMap(path => /^src\/(.+)\/(?:words\.ts|actions\.ts|pages\.tsx|\d{4}-[^/]*\.sql)$/.exec(path)?.[1] ?? [])
  return [...new Set(folders)]
    .filter(folder => !listed.includes(folder))
    .map(folder => ({ at: `src/${folder}`, says: `is not listed in ${file}, so nothing of it is loaded` }))
}
