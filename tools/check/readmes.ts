/** Every module, channel and model says in a few lines what it promises, and what it does not. */
import type { Fault, Part, Tree } from './tree.ts'

export const readmes: Part = {
  name: 'readmes',
  async run(tree) {
    return [
      ...modulesOf(tree).flatMap(folder => wrongWith(tree, folder, 15)),
      ...foundIn(tree).flatMap(folder => wrongWith(tree, folder, 60)),
    ]
  },
}

const foldersBelow = (tree: Tree, start: string): string[] => [
  ...new Set(
    tree.files
      .filter(path => path.startsWith(`${start}/`) && path.slice(start.length + 1).includes('/'))
      .map(path =>
        path
          .split('/')
          .slice(0, start.split('/').length + 1)
          .join('/'),
      ),
  ),
]

/** Rooms of the house with something in them: floors that are one room, and the modules of the others. */
const modulesOf = (tree: Tree): string[] =>
  tree.house.floors.flatMap(({ folder, modules }) => {
    if (modules.length) return foldersBelow(tree, folder)
    return tree.files.some(path => path.startsWith(`${folder}/`)) ? [folder] : []
  })

const foundIn = (tree: Tree): string[] => tree.house.discovered.flatMap(({ folder }) => foldersBelow(tree, folder))

function wrongWith(tree: Tree, folder: string, most: number): Fault[] {
  const path = `${folder}/README.md`
  if (!tree.files.includes(path))
    return [{ at: folder, says: 'has no README.md: in five to fifteen lines, what it promises and what it does not' }]
  const lines = tree.read(path).trim().split('\n').length
  if (lines < 5) return [{ at: path, says: `has ${lines} lines; what does it promise, and what does it not?` }]
  return lines > most ? [{ at: path, says: `has ${lines} lines, at most ${most} are read; the code says the rest` }] : []
}
