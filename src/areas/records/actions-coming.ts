/** What comes in by itself: pushed to a door, signed, or asked for at an address; read as somebody chose it. */
import { z } from 'zod'
import { action, id } from '#kernel/action.ts'
import { now } from '#kernel/clock.ts'
import type { Ctx } from '#kernel/context.ts'
import { unseal } from '#kernel/crypto.ts'
import { asSystem } from '#kernel/db.ts'
import { ChannelError, Refusal, refuse } from '#kernel/errors.ts'
import { type Answered, guardedFetch } from '#kernel/fetch.ts'
import { every, laterAll, outsideJob } from '#kernel/jobs.ts'
import { type Json, readJson } from '#kernel/json.ts'
import { placesIn } from '#kernel/json-places.ts'
import { tell } from '#kernel/live.ts'
import { cut, storable } from '#kernel/plain.ts'
import { proven } from '#kernel/signed.ts'
import { claim } from '#social/activities/actions.ts'
import { isTable, linesOf, lookAt } from '#social/contacts/actions.ts'
import { administratorsOf } from '#social/members/actions.ts'
import { notify } from '#social/notifications/actions.ts'
import { kindBy } from './actions-kinds.ts'
import { keepRefused, putAll } from './actions-putting.ts'
import { theSource } from './actions-sources.ts'
import * as rules from './rules.ts'
import * as store from './store-sources.ts'
import type * as words from './words.ts'

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
