/**
 * `npm run check`: everything that the house promises about its own code, one line per part.
 * `--only walls,types` runs some parts; `--write` makes what is made from the code, and formats; `--notes` also shows what is only worth a look.
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { contents } from './check/contents.ts'
import { doors } from './check/doors.ts'
import { format } from './check/format.ts'
import { languages } from './check/languages.ts'
import { leaks } from './check/leaks.ts'
import { length } from './check/length.ts'
import { markup } from './check/markup.ts'
import { networks } from './check/networks.ts'
import { pages } from './check/pages.ts'
import { patterns } from './check/patterns.ts'
import { permissions } from './check/permissions.ts'
import { queries } from './check/queries.ts'
import { readmes } from './check/readmes.ts'
import { rulebook } from './check/rulebook.ts'
import { tables } from './check/tables.ts'
import { type Fault, openTree, type Part, type Tree } from './check/tree.ts'
import { types } from './check/types.ts'
import { versions } from './check/versions.ts'
import { walls } from './check/walls.ts'

/** Those that wait for other programs come first, so that the rest is done meanwhile. */
export const parts: readonly Part[] = [
  types, format, pages, patterns, contents, walls, tables, queries, doors, networks, markup, permissions, languages, rulebook, versions, leaks, length, readmes,
] // biome-ignore format: one list, read at a glance

export interface Result {
  name: string
  faults: Fault[]
  notes: Fault[]
  seconds: number
}

export const checkAll = (tree: Tree, chosen: readonly Part[], done: (result: Result) => void): Promise<Result[]> =>
  Promise.all(
    chosen.map(async part => {
      const result = await checkOne(tree, part)
      done(result)
      return result
    }),
  )

async function checkOne(tree: Tree, part: Part): Promise<Result> {
  const start = performance.now()
  const all = await part.run(tree).catch((error: Error): Fault[] => [{ at: part.name, says: `could not run: ${error.message}` }])
  const [notes, faults] = [all.filter(each => each.note), all.filter(each => !each.note)]
  return { name: part.name, faults, notes, seconds: (performance.now() - start) / 1000 }
}

function print({ name, faults, notes, seconds }: Result, withNotes: boolean): void {
  const outcome = faults.length ? `${faults.length} to mend` : 'ok'
  const remark = notes.length && !withNotes ? `  (${notes.length} notes: --notes)` : ''
  console.log(`${faults.length ? '✗' : '✓'} ${name.padEnd(12)} ${outcome.padEnd(12)} ${seconds.toFixed(1)} s${remark}`)
  for (const { at, says } of [...faults, ...(withNotes ? notes : [])]) console.log(`    ${at}  ${says}`)
}

function choose(only: string | undefined): Part[] {
  const names = only?.split(',') ?? parts.map(part => part.name)
  const unknown = names.find(name => !parts.some(part => part.name === name))
  if (unknown !== undefined) throw new Error(`there is no part "${unknown}"; there are ${parts.map(part => part.name).join(', ')}`)
  return parts.filter(part => names.includes(part.name))
}

async function main(): Promise<void> {
  const yes = { type: 'boolean', default: false } as const
  const { values } = parseArgs({ options: { only: { type: 'string' }, write: yes, notes: yes } })
  const tree = openTree(fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, ''), undefined, values.write)
  const results = await checkAll(tree, choose(values.only), result => print(result, values.notes))
  const count = results.reduce((sum, { faults }) => sum + faults.length, 0)
  console.log(count ? `${count} to mend in ${tree.files.length} files` : `${tree.files.length} files, nothing to mend`)
  process.exitCode = count ? 1 : 0
}

if (import.meta.main)
  await main().catch((error: Error) => {
    console.error(error.message)
    process.exitCode = 2
  })
