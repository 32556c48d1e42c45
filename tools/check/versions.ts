/** What is installed: never below the floors, never a named package, install scripts and licences only from the lists in floors.json. */
import type { Fault, Part, Tree } from './tree.ts'

interface Floors {
  atLeast: Record<string, string>
  never: Record<string, string>
  /** Package → why its script may run; `*` stands for the rest of a name. */
  installScripts: Record<string, string>
  licences: { accepted: string[]; besides: Record<string, string> }
}

interface Locked {
  version: string
  license?: string
  integrity?: string
  link?: boolean
  dev?: boolean
  devOptional?: boolean
  hasInstallScript?: boolean
  optional?: boolean
  os?: string[]
}

export const versions: Part = {
  name: 'versions',
  async run(tree) {
    if (!tree.files.includes('package-lock.json'))
      return [{ at: 'package-lock.json', says: 'is missing; without it nobody knows what is installed' }]
    const floors = JSON.parse(tree.read('floors.json')) as Floors
    const packages = locked(tree)
    return [...packages.flatMap(([name, it]) => faultsOf(name, it, floors)), ...direct(tree)]
  },
}

function locked(tree: Tree): [string, Locked][] {
  const { packages } = JSON.parse(tree.read('package-lock.json')) as { packages: Record<string, Locked> }
  return Object.entries(packages)
    .filter(([path]) => path.includes('node_modules/'))
    .map(([path, it]) => [path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length), it])
}

function faultsOf(name: string, it: Locked, floors: Floors): Fault[] {
  const floor = floors.atLeast[name]
  return [
    floor && order(it.version, floor) < 0 ? `is ${it.version}, below its floor ${floor}` : undefined,
    floors.never[name] ? `is never installed: ${floors.never[name]}` : undefined,
    it.hasInstallScript && !listed(name, floors.installScripts)
      ? 'runs a script when it is installed and is not in the list of floors.json'
      : undefined,
    !it.integrity && !it.link && !isOfAnotherSystem(it) ? 'has no integrity in the lock file' : undefined,
    it.dev || it.devOptional || isFree(it.license, floors) || isOfAnotherSystem(it) || listed(name, floors.licences.besides)
      ? undefined
      : `has the licence ${it.license ?? '(none)'}, which floors.json does not accept`,
  ]
    .filter(says => says !== undefined)
    .map(says => ({ at: `package-lock.json ${name}`, says }))
}

/** The lock file names the binaries of every system; those that a registry did not carry when it was written have no checksum, and are optional. */
const isOfAnotherSystem = ({ optional, os }: Locked): boolean => optional === true && os !== undefined

const listed = (name: string, list: Record<string, string>): boolean =>
  Object.keys(list).some(entry => (entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : name === entry))

/** Dependencies come from the registry, in versions: no addresses, no branches, no `latest`. */
function direct(tree: Tree): Fault[] {
  const {
    dependencies = {},
    devDependencies = {},
    optionalDependencies = {},
  } = JSON.parse(tree.read('package.json')) as Record<string, Record<string, string>>
  return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
    .filter(([, range]) => !/^[\^~]?\d+\.\d+\.\d+/.test(range))
    .map(([name, range]) => ({ at: 'package.json', says: `${name} is asked for as ${range}; name a version` }))
}

/** Below 0 when `a` comes before `b` (semver.org, section 11). */
export function order(a: string, b: string): number {
  const [left, right] = [parts(a), parts(b)]
  for (const index of [0, 1, 2]) {
    const difference = (left.core[index] ?? 0) - (right.core[index] ?? 0)
    if (difference) return difference
  }
  return orderOfPre(left.pre, right.pre)
}

function parts(version: string): { core: number[]; pre: string[] } {
  const [core = '', ...pre] = version.split('+')[0]!.split('-')
  return { core: core.split('.').map(Number), pre: pre.length ? pre.join('-').split('.') : [] }
}

function orderOfPre(left: string[], right: string[]): number {
  if (!left.length || !right.length) return right.length - left.length
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = orderOfPart(left[index], right[index])
    if (difference) return difference
  }
  return 0
}

function orderOfPart(left: string | undefined, right: string | undefined): number {
  if (left === undefined || right === undefined) return left === right ? 0 : left === undefined ? -1 : 1
  const numbers = [left, right].every(part => /^\d+$/.test(part))
  return numbers ? Number(left) - Number(right) : left < right ? -1 : left > right ? 1 : 0
}

/** Reads an SPDX expression: of `OR` one must be accepted, of `AND` all. */
export function isFree(licence: string | undefined, { licences: { accepted } }: Pick<Floors, 'licences'>): boolean {
  const tokens = licence?.match(/[()]|[^\s()]+/g) ?? []
  let at = 0
  const either = (): boolean => chain(both, 'OR', (left, right) => left || right)
  const both = (): boolean => chain(single, 'AND', (left, right) => left && right)
  function chain(next: () => boolean, word: string, join: (left: boolean, right: boolean) => boolean): boolean {
    let free = next()
    while (tokens[at] === word) {
      at++
      free = join(next(), free)
    }
    return free
  }
  function single(): boolean {
    const token = tokens[at++]
    if (token !== '(') return token !== undefined && accepted.includes(token)
    const free = either()
    at++
    return free
  }
  return tokens.length > 0 && either() && at >= tokens.length
}
