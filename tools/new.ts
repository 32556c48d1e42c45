/**
 * `npm run new module|channel|model <name>`: a complete skeleton that passes the check, and its place in the house: floors, table of contents,
 * roles. A module becomes an area; `social/<name>` puts it on that floor instead, at its right end.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { contentsIn, withContents } from './contents.ts'

export const kinds = ['module', 'channel', 'model'] as const
export type Kind = (typeof kinds)[number]

const templates = fileURLToPath(new URL('new/', import.meta.url))

export class Unfit extends Error {}

/** Makes it below `root`; returns the folder. Nothing is ever overwritten. */
export function makeNew(root: string, kind: Kind, wanted: string): string {
  const [floor, name] = wanted.includes('/') ? (wanted.split('/') as [string, string]) : ['areas', wanted]
  if (!/^[a-z][a-z0-9]{1,39}$/.test(name)) throw new Unfit(`"${name}" is no name for a folder: one word in small letters, such as loyalty.`)
  const folder = { module: `src/${floor}/${name}`, channel: `channels/${name}`, model: `models/${name}` }[kind]
  if (existsSync(join(root, folder)) && readdirSync(join(root, folder)).length) throw new Unfit(`${folder} is there already.`)
  if (kind === 'module') settle(root, floor, name)
  for (const file of filesBelow(join(templates, kind)))
    copy(join(templates, kind, file), join(root, folder, filled(file, name).replace(/\.txt$/, '')), name)
  return folder
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.txt'))

function copy(from: string, to: string, name: string): void {
  mkdirSync(dirname(to), { recursive: true })
  writeFileSync(to, filled(readFileSync(from, 'utf8'), name))
}

const filled = (text: string, name: string): string =>
  text.replaceAll('__name__', name).replaceAll('__Name__', name[0]!.toUpperCase() + name.slice(1))

/** Every module is listed: on its floor, in the contents, and with who may. */
function settle(root: string, floor: string, name: string): void {
  change(join(root, 'floors.ts'), text => onFloor(text, floor, name))
  change(join(root, 'src/contents.ts'), text => withContents(text, inOrder(contentsIn(text), floor, `${floor}/${name}`)))
  change(join(root, 'src/roles.ts'), text => withRoles(text, name))
}

const change = (path: string, how: (text: string) => string): void => writeFileSync(path, how(readFileSync(path, 'utf8')))

export function onFloor(text: string, floor: string, name: string): string {
  const list = new RegExp(`(name: '${floor}',[^[]*?modules: \\[)([^\\]]*)(\\])`).exec(text)
  if (!list || !list[2]!.trim()) throw new Unfit(`There is no floor "${floor}" with modules; floors.ts lists the floors.`)
  const names = [...list[2]!.matchAll(/'([^']+)'/g)].map(found => found[1]!)
  if (names.includes(name)) return text
  const named = [...names, name].map(each => `'${each}'`).join(', ')
  const line = `${list[1]}${named}]`
  return text.replace(
    list[0],
    line.split('\n').at(-1)!.length > 136 ? `${list[1]}\n      ${named.replaceAll(', ', ',\n      ')},\n    ]` : line,
  )
}

/** After the last module of its floor, or else of the nearest floor below. */
function inOrder(modules: string[], floor: string, added: string): string[] {
  const below = ['kernel', 'social', 'areas', 'measures', 'maturity', 'faces']
  const reach = below.slice(0, below.indexOf(floor) + 1)
  const at = modules.findLastIndex(module => reach.includes(module.split('/')[0]!)) + 1
  return modules.toSpliced(at, 0, added)
}

function withRoles(text: string, name: string): string {
  const row = (verb: string, says: string) => `  '${name}.${verb}': { says: '${says}', roles: colleagues },\n`
  return text.replace(/\} satisfies Record/, `${row('read', `See ${name}`)}${row('write', `Add to ${name}`)}} satisfies Record`)
}

function main(): void {
  const [wanted, name] = process.argv.slice(2)
  const kind = kinds.find(each => each === wanted)
  if (!kind || !name) throw new Unfit('npm run new module|channel|model <name>')
  const folder = makeNew(fileURLToPath(new URL('..', import.meta.url)), kind, name)
  console.log(`${folder} is there. Now: npm run check -- --write, then make it yours, beginning with its README.`)
}

if (import.meta.main) {
  try {
    main()
  } catch (error) {
    if (!(error instanceof Unfit)) throw error
    console.error(error.message)
    process.exitCode = 2
  }
}
