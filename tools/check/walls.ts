/** The walls: who may import whom. The directions are data in floors.ts; here they are held. */
import { basename, dirname } from 'node:path/posix'
import { doors, effects, moduleFiles, testSupport } from '../../floors.ts'
import { type Import, importsOf } from './imports.ts'
import { type Found, homeOf, type Room, shareWing, standsBelow, startsWithAny, wingOf } from './rooms.ts'
import { codeOf, excuses, type Fault, type House, isTestFile, type Part, type Tree } from './tree.ts'

export const walls: Part = {
  name: 'walls',
  async run(tree) {
    const excuse = excuses(tree, 'walls')
    const faults = codeOf(tree).flatMap(path => [
      ...strangersIn(path, tree.house),
      ...importsOf(tree, path)
        .filter(each => !excuse.cover(path, each.path ?? each.says))
        .flatMap(each => faultOf(each, path, tree)),
    ])
    return [...once(faults), ...excuse.idle()]
  },
}

const once = (faults: Fault[]): Fault[] => [...new Map(faults.map(each => [`${each.at} ${each.says}`, each])).values()]

/** Words, screens, deeds or queries that grew long may lie on several sheets, named after them; only their own module opens them. */
const isSheet = (name: string): boolean => /^(words|actions|pages|store)-[a-z]{1,30}\.tsx?$/.test(name)

/** A folder that the floors do not list, and a sixth kind of file in a module. */
function strangersIn(path: string, house: House): Fault[] {
  const home = homeOf(path, house)
  if (home.is !== 'room' || !home.floor.modules.length) return []
  if (home.place < 0) return [{ at: home.folder, says: `is not a module of ${home.floor.name}; list it in floors.ts or move it` }]
  const known = dirname(path) === home.folder && ([...moduleFiles, ...testSupport].includes(basename(path)) || isSheet(basename(path)))
  if (known || isTestFile(path)) return []
  return [{ at: path, says: `a module is ${moduleFiles.join(', ')}; what does not fit is a module of its own, or belongs a floor down` }]
}

function faultOf(what: Import, from: string, tree: Tree): Fault[] {
  const says = impurityOf(what, from) ?? wallBetween(from, what, tree.house)
  return says ? [{ at: `${from}:${what.line}`, says: `imports ${what.says}: ${says}` }] : []
}

const isPure = (path: string): boolean => /^(words(-[a-z]{1,30})?|rules)\.ts$/.test(basename(path))
/** Node's modules that compute and do nothing else. */
const harmless = ['node:crypto', 'node:util', 'node:path', 'node:buffer', 'node:assert', 'node:assert/strict']

function impurityOf(what: Import, from: string): string | undefined {
  if (what.type || !isPure(from)) return undefined
  const reaches = effects.includes(what.path ?? '') || (what.says.startsWith('node:') && !harmless.includes(what.says))
  return reaches ? `${basename(from)} is pure; let the action hand over what it needs` : undefined
}

/** The sentence that forbids it, if there is one. */
function wallBetween(from: string, what: Import, house: House): string | undefined {
  const to = what.path
  if (to === undefined) return undefined
  const here = homeOf(from, house)
  const there = homeOf(to, house)
  if (here.is === 'over' || there.is === 'beside') return undefined
  if (here.is === 'beside') return 'what stands beside the house, such as the browser’s files, imports nothing of it'
  if (here.is !== 'found' && there.is === 'found') return `nobody imports from ${there.set}/; its folders are discovered`
  if (there.is === 'over') return isTestFile(from) ? undefined : 'it stands over this floor; up is never allowed'
  if (here.is === 'found') return wallAroundFound(here, from, to, there.is)
  if (there.is !== 'room') return undefined
  if (here.folder !== there.folder) return wallOfRoom(here, from, to, there)
  return here.floor.inside === 'freely' || what.type ? undefined : backwards(from, to, here)
}

function wallAroundFound(here: Found, from: string, to: string, there: 'room' | 'found'): string | undefined {
  if (to.startsWith(`${here.folder}/`) || startsWithAny(to, here.mayImport)) return undefined
  if (isTestFile(from) && there === 'room' && (to.startsWith('src/kernel/') || isDoor(to, true))) return undefined
  return `${here.folder} sees its own folder, ${here.mayImport.join(' and ')}, nothing else`
}

function wallOfRoom(here: Room, from: string, to: string, there: Room): string | undefined {
  if (!standsBelow(there, here)) return directionFault(here, there)
  if (there.floor.opens === 'everything') return undefined
  const open = dirname(to) === there.folder && isDoor(to, isTestFile(from))
  return open ? undefined : `of another module only ${doors.join(' and ')} may be imported`
}

const isDoor = (path: string, forTest: boolean): boolean =>
  [...doors, ...(forTest ? testSupport : [])].some(name => basename(path) === name)

function directionFault(here: Room, there: Room): string {
  if (there.height > here.height)
    return `${there.floor.name} stands over ${here.floor.name}; up is never allowed (record an activity, let it listen)`
  if (shareWing(here, there)) return `within an area only leftward: ${wingOf(here)!.join(' → ')}`
  if (here.floor.inside === 'apart') return `${here.floor.name} stand side by side without doors; a word that two need moves a floor down`
  return `in ${here.floor.name} only leftward: ${here.floor.modules.join(' → ')}`
}

/** Inside a module, too, it goes one way: words ← rules ← store ← actions ← pages. Types may be borrowed, code may not. */
function backwards(from: string, to: string, room: Room): string | undefined {
  const order = (path: string) => (dirname(path) === room.folder ? moduleFiles.indexOf(basename(path)) : -1)
  const [here, there] = [order(from), order(to)]
  return here >= 0 && there > here ? `inside a module it goes one way: ${moduleFiles.join(' ← ')}` : undefined
}
