/** Long files are often two modules in one. */
import { codeOf, excuses, isTestFile, type Part } from './tree.ts'

const most = 400

export const length: Part = {
  name: 'length',
  async run(tree) {
    const excuse = excuses(tree, 'length')
    const faults = codeOf(tree).flatMap(path => {
      const lines = tree.read(path).trimEnd().split('\n').length
      if (lines <= most || excuse.cover(path, 'length')) return []
      const fault = { at: path, says: `has ${lines} lines, at most ${most} are read; which name is missing?` }
      return [isTestFile(path) || !isOfTheHouse(path) ? { ...fault, note: true as const } : fault]
    })
    return [...faults, ...excuse.idle()]
  },
}

/** Models are data, journeys are stories; both may be long. */
const isOfTheHouse = (path: string): boolean => /^(src|channels|web|tools)\//.test(path)
