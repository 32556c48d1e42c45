/** By which ways records come in by themselves: a door at which another system calls, and an address that is asked; how they are made and changed. */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { action, id, line } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { seal } from '#kernel/crypto.ts'
import { refuse } from '#kernel/errors.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { secretOf } from '#kernel/signed.ts'
import { record } from '#social/activities/actions.ts'
import { kindBy } from './actions-kinds.ts'
import * as rules from './rules.ts'
import * as store from './store-sources.ts'
import * as words from './words.ts'

export const theSource = async (ctx: Ctx, wanted: string): Promise<store.Whole> =>
  (await store.source(ctx, wanted)) ?? refuse('notFound', 'records.noSource')

/** Never its secret. */
const shown = ({ secret: _s, etag: _e, modified: _m, due_at: _d, ...rest }: store.Whole): words.Source => rest

export const sources = action({
  says: 'List the doors and addresses by which records of a kind come in by themselves',
  who: 'records.manage',
  reads: true,
  takes: z.strictObject({ kind: id }),
  gives: z.object({ items: z.array(words.source) }),
  run: async (ctx, { kind }) => ({ items: await store.sources(ctx, kind) }),
})

export const source = action({
  says: 'Show one door or address by which records come in',
  who: 'records.manage',
  reads: true,
  takes: z.strictObject({ source: id }),
  gives: words.source,
  run: async (ctx, input) => shown(await theSource(ctx, input.source)),
})

// —— making and changing ——

const fresh = () => secretOf(randomBytes(32))
const mostSources = 50

async function add(ctx: Ctx, row: Omit<store.NewSource, 'id'>): Promise<string> {
  rules.isInUse(await kindBy(ctx, row.kind))
  if ((await store.sources(ctx, row.kind)).length >= mostSources) refuse('conflict', 'records.sourcesFull', { most: mostSources })
  const one = newId(ctx.now)
  await store.addSource(ctx, { ...row, id: one })
  told(ctx, words.SourceMade, { id: one, ...row })
  return one
}

function told(ctx: Ctx, word: typeof words.SourceMade, it: { id: string; kind: string; name: string }): void {
  record(ctx, word, { object: it.id, detail: { name: it.name } })
  for (const topic of [`records.source:${it.id}`, 'records.kinds']) tell(ctx, topic)
}

export const makeDoor = action({
  says: 'Open a door at which another system brings records of a kind, signed by Standard Webhooks; its secret is shown once',
  who: 'records.manage',
  takes: z.strictObject({ kind: id, name: line(100) }),
  gives: z.object({ source: id, secret: z.string() }),
  run: async (ctx, input) => {
    const secret = fresh()
    const row = { ...input, way: 'door' as const, format: 'json' as const, url: null, minutes: null, due_at: null }
    return { source: await add(ctx, { ...row, secret: await seal(ctx, secret) }), secret }
  },
})

const aboutAddress = {
  name: line(100),
  url: z.url({ protocol: /^https?$/ }).max(2000),
  format: z.enum(words.formats).default('json'),
  minutes: z.coerce.number().int().min(15).max(10_080).default(60),
}

export const makeAddress = action({
  says: 'Ask an address for records of a kind again and again, every so many minutes, as JSON or as CSV',
  who: 'records.manage',
  takes: z.strictObject({ kind: id, ...aboutAddress }),
  gives: z.object({ source: id }),
  run: async (ctx, input) => ({ source: await add(ctx, { ...input, way: 'address', secret: null, due_at: ctx.now }) }),
})

const places = z.record(z.string().max(40), z.string().trim().max(300)).refine(it => Object.keys(it).length <= 100, 'records.placesMany')

export const changeSource = action({
  says: 'Change a door or an address: its name, where it is and how often it is asked, and where in what it brings each field stands',
  who: 'records.manage',
  takes: z.strictObject({
    source: id,
    ...z.object(aboutAddress).partial().shape,
    listAt: z.string().trim().max(300).optional(),
    places: places.optional(),
  }),
  gives: z.object({ was: words.source }),
  run: async (ctx, { source: one, listAt, ...input }) => {
    const was = await theSource(ctx, one)
    const own = was.way === 'address' ? input : { name: input.name, places: input.places }
    const set = Object.fromEntries(Object.entries({ ...own, list_at: listAt }).filter(([, value]) => value !== undefined))
    // Read otherwise, what it says now is news again.
    await store.changeSource(ctx, one, { ...set, etag: null, modified: null, ...(was.way === 'address' && { due_at: ctx.now }) })
    told(ctx, words.SourceChanged, { ...was, name: input.name ?? was.name })
    return { was: shown(was) }
  },
})

export const renewSecret = action({
  says: 'Give a door a new secret, shown once; the old one is good no longer',
  who: 'records.manage',
  takes: z.strictObject({ source: id }),
  gives: z.object({ secret: z.string() }),
  run: async (ctx, { source: one }) => {
    const was = await theSource(ctx, one)
    if (was.way !== 'door') refuse('conflict', 'records.noSource')
    const secret = fresh()
    await store.changeSource(ctx, one, { secret: await seal(ctx, secret) })
    told(ctx, words.SourceChanged, was)
    return { secret }
  },
})

/** A state of a source that is taken and given back. */
const sourceIs = (says: string, set: (ctx: Ctx) => store.SourceChange, word: typeof words.SourceMade) =>
  action({
    says,
    who: 'records.manage',
    takes: z.strictObject({ source: id }),
    gives: z.object({ kind: id }),
    run: async (ctx, { source: one }) => {
      const was = await theSource(ctx, one)
      await store.changeSource(ctx, one, set(ctx))
      told(ctx, word, was)
      return { kind: was.kind }
    },
  })

export const pauseSource = sourceIs('Take nothing from a door or an address for now', ctx => ({ paused_at: ctx.now }), words.SourceChanged)
export const resumeSource = sourceIs(
  'Take records from a door or an address again',
  ctx => ({ paused_at: null, failing_since: null, says: null, due_at: ctx.now }),
  words.SourceChanged,
)
export const removeSource = sourceIs(
  'Take a door or an address away; the records that it brought stay',
  ctx => ({ removed_at: ctx.now }),
  words.SourceRemoved,
)
export const bringSourceBack = sourceIs(
  'Bring back a door or an address that was taken away',
  () => ({ removed_at: null }),
  words.SourceBack,
)
