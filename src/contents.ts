/** The table of contents: every module, in the order in which they may know each other. Channels and models are found in their folders. */
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type FileGuard, useFileGuards } from '#kernel/files.ts'
import type { Keeps } from '#kernel/keeps.ts'
import { loadMessages, loadMessagesBelow } from '#kernel/messages.ts'
import { type Migration, migrationsOf } from '#kernel/migrate.ts'
import { loadModule, type Module } from '#kernel/modules.ts'
import { useOffers } from '#kernel/page.tsx'
import { may, usePermissions } from '#kernel/permissions.ts'
import type { Reaction, Word } from '#social/activities/words.ts'
import type { Addresses } from '#social/calls/words.ts'
import type { Channel } from '#social/channels/words.ts'
import type { Asker } from '#social/doors/words.ts'
import type { Source } from '#social/imports/words.ts'
import type { Overhearer } from '#social/listening/words.ts'
import type { Brandings, Texts } from '#social/search/words.ts'
import { roles } from './roles.ts'

export const contents = [
  'kernel',
  'social/activities',
  'social/sides',
  'social/people',
  'social/traits',
  'social/merges',
  'social/directory',
  'social/profile',
  'social/access',
  'social/credentials',
  'social/members',
  'social/teams',
  'social/companies',
  'social/fields',
  'social/consent',
  'social/notes',
  'social/lists',
  'social/graph',
  'social/spaces',
  'social/vocabulary',
  'social/matching',
  'social/mood',
  'social/alike',
  'social/influence',
  'social/search',
  'social/reactions',
  'social/content',
  'social/notifications',
  'social/calls',
  'social/drafts',
  'social/threads',
  'social/tasks',
  'social/presence',
  'social/segments',
  'social/edits',
  'social/channels',
  'social/accounts',
  'social/brands',
  'social/mailboxes',
  'social/follows',
  'social/intake',
  'social/listening',
  'social/deliveries',
  'social/amendments',
  'social/outbox',
  'social/moves',
  'social/doors',
  'social/imports',
  'social/contacts',
  'social/archives',
  'social/rights',
  'areas/marketing',
  'areas/crm',
  'areas/answers',
  'areas/macros',
  'areas/cases',
  'areas/routing',
  'areas/satisfaction',
  'areas/sales',
  'areas/records',
  'areas/assistant',
  'areas/monitors',
  'areas/influence',
  'areas/soundings',
  'areas/alerts',
  'measures',
  'maturity',
  'faces/web',
  'faces/operation',
  'faces/api',
  'faces/mcp',
  'faces/hooks',
]

const here = fileURLToPath(new URL('.', import.meta.url))
const root = fileURLToPath(new URL('..', import.meta.url))

export const migrations = (): Migration[] => migrationsOf(here, contents)

export interface House {
  modules: Module[]
}

/** Loads every module, channel and model, and makes them known to the floors that look for them. */
export async function assemble(): Promise<House> {
  usePermissions(roles)
  for (const folder of ['channels', 'models']) if (existsSync(`${root}${folder}`)) loadMessagesBelow(`${root}${folder}`)
  loadMessages(`${root}`, 'trefoil')
  const modules: Module[] = []
  for (const folder of contents) modules.push(await loadModule(here, folder))
  useOffers(
    modules.flatMap(module => module.offers),
    (see, who) => may(see.ctx.actor, who),
  )
  await introduce(modules)
  return { modules }
}

const keptBy = (module: string, exports: Module['exports']) =>
  exports.flatMap(({ value }) =>
    typeof value === 'object' && value !== null && 'is' in value && value.is === 'keeps' ? [{ ...(value as Keeps), module }] : [],
  )

const things = (modules: Module[], is: string) =>
  modules
    .flatMap(module => module.exports.map(each => each.value))
    .filter(value => typeof value === 'object' && value !== null && 'is' in value && value.is === is)

async function introduce(modules: Module[]): Promise<void> {
  const [
    { useReactions, useWords },
    { useNetworks },
    { useChannels },
    { useBrandings, useTexts },
    { useFrames },
    { frames, usePlaces },
    { useActions },
    { useModels },
    { useSources },
    { useAddresses },
    { useKept },
    { useAskers },
    { useOverhearers },
  ] = await Promise.all([
    import('#social/activities/actions.ts'),
    import('#social/people/actions.ts'),
    import('#social/channels/actions.ts'),
    import('#social/search/actions.ts'),
    import('#kernel/http.tsx'),
    import('#faces/web/pages.tsx'),
    import('#faces/api/actions.ts'),
    import('#maturity/actions.ts'),
    import('#social/imports/actions.ts'),
    import('#social/calls/actions.ts'),
    import('#social/rights/actions.ts'),
    import('#social/doors/actions.ts'),
    import('#social/listening/actions.ts'),
  ])
  useReactions(things(modules, 'reaction') as Reaction[])
  useTexts(things(modules, 'texts') as Texts[])
  useBrandings(things(modules, 'brandings') as Brandings[])
  useFileGuards(things(modules, 'fileGuard') as FileGuard[])
  useWords(things(modules, 'word') as Word[])
  const channels = await discovered<Channel>('channels', 'channel')
  useNetworks(channels)
  useChannels(channels)
  useFrames(frames)
  usePlaces(modules.flatMap(module => module.pages))
  useActions(modules.flatMap(module => module.actions))
  useModels(await discovered('models', 'model'))
  useSources(things(modules, 'importSource') as Source[])
  useAddresses(things(modules, 'callAddresses') as Addresses[])
  useAskers(things(modules, 'asker') as Asker[])
  useOverhearers(things(modules, 'overhearer') as Overhearer[])
  useKept(modules.flatMap(({ name, exports }) => keptBy(name, exports)))
}

/** What the folders below `channels` or `models` export under this name. */
export async function discovered<T>(folder: 'channels' | 'models', name: string): Promise<T[]> {
  const found: T[] = []
  if (!existsSync(`${root}${folder}`)) return found
  for (const entry of readdirSync(`${root}${folder}`, { withFileTypes: true })) {
    const file = `${root}${folder}/${entry.name}/${name}.ts`
    if (entry.isDirectory() && existsSync(file)) found.push(((await import(file)) as Record<string, T>)[name]!)
  }
  return found
}
