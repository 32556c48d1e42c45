/** Small trees for the tests of the check: files as text, in a folder of their own that is removed afterwards. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Fault, type House, openTree, type Part, type Tree, theHouse } from './tree.ts'

const made: string[] = []
// Not after the tests of one file: several may share the process.
process.once('exit', () => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true })
})

export type Files = Record<string, string>

/** The real floors, but none of the real exceptions. */
const strictHouse: House = { ...theHouse, exceptions: {} }

export function treeOf(files: Files, house: Partial<House> = {}, write = false): Tree {
  const root = mkdtempSync(join(tmpdir(), 'trefoil-check-'))
  made.push(root)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return openTree(root, { ...strictHouse, ...house }, write)
}

/** The faults of one part in such a tree, each as `place: sentence`. */
export async function faultsIn(part: Part, files: Files, house: Partial<House> = {}): Promise<string[]> {
  return (await part.run(treeOf(files, house))).map(shown)
}

export const shown = (fault: Fault): string => `${fault.at}: ${fault.says}`
