/** A module is a folder: what its files export is what it is. This finds it all and gives each thing its name. */
import { existsSync } from 'node:fs'
import { type Action, isAction } from './action.ts'
import { addJobKind, addTimer, type JobKind, type Timer } from './jobs.ts'
import { loadMessages } from './messages.ts'
import {
  type FormRoute,
  isForm,
  isOffer,
  isOpenDoors,
  isPage,
  isRaw,
  type Offer,
  type OpenDoors,
  type PageRoute,
  type RawRoute,
} from './page.tsx'

export interface Module {
  /** The folder's path from `src`, such as `social/people`. */
  folder: string
  name: string
  actions: Action[]
  pages: PageRoute[]
  forms: FormRoute[]
  raws: RawRoute[]
  openDoors: OpenDoors[]
  offers: Offer[]
  /** Everything else that its words and actions export, for floors that look for their own kinds (words, reactions, measures). */
  exports: { name: string; value: unknown }[]
}

const files = ['words.ts', 'actions.ts', 'pages.tsx']

export async function loadModule(root: string, folder: string): Promise<Module> {
  const name = folder.split('/').at(-1)!
  loadMessages(`${root}/${folder}`, name)
  const loaded = await Promise.all(files.map(file => imported(`${root}/${folder}/${file}`)))
  const exports = loaded.flatMap(Object.entries).map(([key, value]) => ({ name: `${name}.${key}`, value }))
  const only = <T>(is: (it: unknown) => boolean) => exports.filter(each => is(each.value)).map(each => each.value as T)
  const module: Module = {
    folder,
    name,
    actions: only<Action>(isAction),
    pages: only<PageRoute>(isPage),
    forms: only<FormRoute>(isForm),
    raws: only<RawRoute>(isRaw),
    openDoors: only<OpenDoors>(isOpenDoors),
    offers: only<Offer>(isOffer),
    exports,
  }
  for (const each of exports) christen(each.name, each.value)
  return module
}

async function imported(file: string): Promise<Record<string, unknown>> {
  return existsSync(file) ? import(file) : {}
}

const has = (value: unknown, is: string) => typeof value === 'object' && value !== null && 'is' in value && value.is === is

function christen(name: string, value: unknown): void {
  if (isAction(value)) value.info.name ||= name
  else if (has(value, 'job')) addJobKind(named(value as JobKind, name))
  else if (has(value, 'timer')) addTimer(named(value as Timer, name))
  else if (has(value, 'reaction')) named(value as { name: string }, name)
  else if (has(value, 'word')) named(value as { name: string }, name)
}

function named<T extends { name: string }>(it: T, name: string): T {
  it.name ||= name
  return it
}
