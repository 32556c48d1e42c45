/** The types of the whole tree, by the TypeScript compiler. */
import { createRequire } from 'node:module'
import { run } from './run.ts'
import type { Fault, Part } from './tree.ts'

const compiler = createRequire(import.meta.url)
  .resolve('typescript/package.json')
  .replace('package.json', 'bin/tsc')

export const types: Part = {
  name: 'types',
  async run(tree) {
    const { code, text } = await run(process.execPath, [compiler, '-p', '.', '--pretty', 'false'], tree.root)
    const faults = text.split('\n').flatMap(faultOf)
    if (code !== 0 && !faults.length) return [{ at: 'tsconfig.json', says: text.trim() || `the compiler ended with ${code}` }]
    return faults
  },
}

function faultOf(line: string): Fault[] {
  const found = /^(\S[^(]*)\((\d+),\d+\): error (TS\d+: .*)$/.exec(line)
  return found ? [{ at: `${found[1]}:${found[2]}`, says: found[3]! }] : []
}
