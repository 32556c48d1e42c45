/** Where records come from by themselves: a door at which another system calls, signed, and an address that is asked again and again. */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { action, id, line } from '#kernel/action.ts'
import { now } from '#kernel/clock.ts'
import type { Ctx } from '#kernel/context.ts'
import { seal, unseal } from '#kernel/crypto.ts'
import { asSystem } from '#kernel/db.ts'
import { ChannelError, Refusal, refuse } from '#kernel/errors.ts'
import { type Answered, guardedFetch } from '#kernel/fetch.ts'
import { newId } from '#kernel/ids.ts'
import { every, laterAll, outsideJob } from '#kernel/jobs.ts'
import { type Json, readJson } from '#kernel/json.ts'
import { placesIn } from '#kernel/json-places.ts'
import { tell } from '#kernel/live.ts'
import { cut, storable } from '#kernel/plain.ts'
import { proven, secretOf } from '#kernel/signed.ts'
import { claim, record } from '#social/activities/actions.ts'
import { isTable, linesOf, lookAt } from '#social/contacts/actions.ts'
import { administratorsOf } from '#social/members/actions.ts'
import { notify } from '#social/notifications/actions.ts'
import { kindBy } from './actions-kinds.ts'
import { keepRefused, putAll } from './actions-putting.ts'
import * as rules from './rules.ts'
import * as store from './store-sources.ts'
import * as words from './words.ts'

const theSource = async (ctx: Ctx, wanted: string): Promise<store.Whole> =>
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

export const askNow = action({
  says: 'Ask an address for records now, whenever it is due',
  who: 'records.manage',
  takes: z.strictObject({ source: id }),
  gives: z.object({}),
  run: async (ctx, { source: one }) => {
    const was = await theSource(ctx, one)
    if (was.way !== 'address' || was.pausedAt) refuse('conflict', 'records.isPaused')
    await laterAll(ctx, [{ kind: askAddress, data: { source: one } }])
    return {}
  },
})

// —— at the door ——

const part = 500

/**
 * What a push brings in: null where there is no such door, for which nothing is read; a refusal where the push does not prove itself. The same push again
 * changes nothing.
 */
export async function takeAtDoor(org: string, one: string, headers: Headers, read: () => Promise<Uint8Array>): Promise<Came | null> {
  const known = await asSystem(org, async ctx => {
    const row = await store.source(ctx, one)
    return row?.way === 'door' && !row.removedAt ? { row, secret: await unseal(ctx, row.secret!) } : null
  })
  if (!known) return null
  const body = await read()
  const push = proven(known.secret, headers, body, now()) ?? refuse('forbidden', 'records.notGenuine')
  if (known.row.pausedAt) refuse('unavailable', 'records.isPaused')
  const text = new TextDecoder().decode(body)
  const json = readJson(text)
  const items = json === undefined ? null : rules.itemsIn(json, known.row.listAt)
  if (!items) {
    await asSystem(org, ctx => failed(ctx, known.row, json === undefined ? 'records.noJson' : 'records.noList', text))
    refuse('invalid', json === undefined ? 'records.noJson' : 'records.noList')
  }
  return takeParts(org, known.row, items, text, `records ${one} ${push.id}`)
}

export interface Came {
  new: number
  changed: number
  same: number
  refused: number
  items: words.Outcome[]
}

/** Part after part, each a transaction of its own, which is done once whatever the number of times that it is asked for. */
async function takeParts(org: string, row: store.Whole, items: readonly Json[], text: string, once?: string): Promise<Came> {
  const all: words.Outcome[] = []
  for (let at = 0; at < items.length || at === 0; at += part) {
    const some = items.slice(at, at + part).map(each => rules.rowAt(each, row.places))
    const outcomes = await asSystem(org, async ctx => {
      if (once && (await claim(ctx, [`${once} ${at}`])).size === 0) return []
      const put = (await putAll(ctx, await kindBy(ctx, row.kind), some)).outcomes
      await keepRefused(ctx, row.kind, row.id, some, put)
      if (at === 0) await arrived(ctx, row, text)
      return put
    })
    all.push(...outcomes.map(each => ({ ...each, row: each.row + at })))
  }
  const count = (outcome: words.Outcome['outcome']) => all.filter(each => each.outcome === outcome).length
  return { new: count('new'), changed: count('changed'), same: count('same'), refused: count('refused'), items: all }
}

const longestSample = 20_000

async function arrived(ctx: Ctx, row: store.Whole, text: string): Promise<void> {
  const sample = cut(storable(text), longestSample)
  await store.changeSource(ctx, row.id, { arrived_at: ctx.now, asked_at: ctx.now, failing_since: null, says: null, sample })
  tell(ctx, `records.source:${row.id}`)
}

async function failed(ctx: Ctx, row: store.Whole, says: string, text?: string): Promise<void> {
  const since = row.failingSince ?? ctx.now
  const minutes = row.minutes ?? 60
  const failures = Math.ceil((ctx.now.getTime() - since.getTime()) / (minutes * 60_000)) + 1
  await store.changeSource(ctx, row.id, {
    ...{ asked_at: ctx.now, failing_since: since, says, ...(text && { sample: cut(storable(text), longestSample) }) },
    ...(row.way === 'address' && { due_at: rules.nextAsk(ctx.now, minutes, Math.ceil(Math.log2(failures + 1)) - 1) }),
  })
  tell(ctx, `records.source:${row.id}`)
  if (!row.failingSince) await warn(ctx, row)
}

/** Whoever can mend it is told, once. */
async function warn(ctx: Ctx, row: store.Whole): Promise<void> {
  const path = `/settings/records/sources/${row.id}`
  const notice = { kind: 'account' as const, object: row.id, actor: null, says: 'records.tell.failing', told: { name: row.name }, path }
  const people = await administratorsOf(ctx)
  await notify(
    ctx,
    people.map(({ person }) => ({ ...notice, person })),
  )
}

// —— asking ——

/** In milliseconds: for so long no other process asks. */
const lease = 15 * 60_000

export const askDue = every({ minutes: 5 }, 'Addresses that are due are asked for records', async ctx => {
  const due = await store.takeDue(ctx, new Date(ctx.now.getTime() + lease))
  await laterAll(
    ctx,
    due.map(one => ({ kind: askAddress, data: { source: one } })),
  )
})

const mostBytes = 16 * 1024 * 1024
const mostItems = 20_000

export const askAddress = outsideJob('An address is asked for records', z.object({ source: z.uuid() }), async (org, asked) => {
  const row = await asSystem(org, ctx => store.source(ctx, asked.source))
  if (row?.way !== 'address' || row.pausedAt || row.removedAt) return
  try {
    const answer = await ask(row)
    if (answer.status !== 304) await takeAnswer(org, row, answer)
    await asSystem(org, ctx => succeeded(ctx, row, answer))
  } catch (error) {
    const says = error instanceof ChannelError ? error.says : error instanceof Refusal ? error.key : null
    if (!says) throw error
    await asSystem(org, ctx => failed(ctx, row, says))
  }
})

/** Only what is new since: 304 says that nothing is. */
async function ask(row: store.Whole): Promise<Answered> {
  const headers = { ...(row.etag && { 'if-none-match': row.etag }), ...(row.modified && { 'if-modified-since': row.modified }) }
  const accept = row.format === 'json' ? 'application/json' : 'text/csv'
  const answer = await guardedFetch(row.url!, { headers, accept, maxBytes: mostBytes, timeoutMs: 60_000 })
  if (answer.status !== 304 && (answer.status < 200 || answer.status > 299)) throw new Refusal('unavailable', `records.answered.${answer.status < 500 ? 'refused' : 'down'}`) // biome-ignore format: one line
  return answer
}

async function takeAnswer(org: string, row: store.Whole, { bytes }: Answered): Promise<void> {
  const text = new TextDecoder().decode(bytes.subarray(0, row.format === 'json' ? undefined : longestSample))
  const items = row.format === 'json' ? jsonItems(text, row.listAt) : await tableItems(bytes)
  if (items.length > mostItems) refuse('tooLarge', 'records.tooMany', { most: mostItems })
  await takeParts(org, row, items, text)
}

function jsonItems(text: string, listAt: string): Json[] {
  const json = readJson(text)
  if (json === undefined) refuse('invalid', 'records.noJson')
  return rules.itemsIn(json, listAt) ?? refuse('invalid', 'records.noList')
}

/** A line as a thing with the heads of its columns. */
async function tableItems(bytes: Uint8Array): Promise<Json[]> {
  if (!isTable(bytes.subarray(0, 65_536))) refuse('invalid', 'records.noTable')
  const { encoding, delimiter, rows } = lookAt({ start: bytes.subarray(0, 65_536) })
  const heads = (rows[0] ?? []).map(each => each.trim())
  const read = async function* () {
    yield bytes
  }
  const items: Json[] = []
  // A line that cannot be read is told as one that has no key.
  for await (const each of linesOf({ read }, { encoding, delimiter, heads: true }))
    items.push('cells' in each ? Object.fromEntries(heads.map((head, at) => [head, each.cells[at] ?? ''])) : {})
  return items
}

const succeeded = (ctx: Ctx, row: store.Whole, { status, headers }: Answered): Promise<unknown> =>
  store.changeSource(ctx, row.id, {
    ...{ asked_at: ctx.now, failing_since: null, says: null, due_at: rules.nextAsk(ctx.now, row.minutes ?? 60, 0) },
    ...(status !== 304 && {
      etag: headers.get('etag')?.slice(0, 500) ?? null,
      modified: headers.get('last-modified')?.slice(0, 100) ?? null,
    }),
  })

// —— choosing where what stands ——

export interface SourcePreview {
  /** Of the first thing: where a text or a number stands, and how it begins. */
  places: { place: string; holds: string }[]
  /** What the first things would become. */
  rows: { key: string | null; fault?: rules.Fault; row: unknown }[]
}

/** What came last, read as it is chosen now; undefined while nothing has come. */
export async function previewOf(ctx: Ctx, it: words.Source): Promise<SourcePreview | undefined> {
  if (!it.sample) return undefined
  const kind = await kindBy(ctx, it.kind)
  const json = it.format === 'json' ? readJson(it.sample) : undefined
  const items = it.format === 'csv' ? await tableItems(Buffer.from(it.sample)).catch(() => []) : json === undefined ? [] : (rules.itemsIn(json, it.listAt) ?? []) // biome-ignore format: one line
  const rows = items.slice(0, 3).map((item, at) => {
    const row = rules.rowAt(item, it.places)
    const read = rules.readRow(kind, row, at, (_field, text) => text)
    return { key: read.key, row, ...('fault' in read && { fault: read.fault }) }
  })
  return { places: items[0] === undefined ? [] : it.format === 'csv' ? headsOf(items[0]) : placesIn(items[0]), rows }
}

const headsOf = (item: Json): { place: string; holds: string }[] =>
  Object.entries(item as Record<string, string>).map(([place, holds]) => ({ place, holds: cut(holds, 60) }))
