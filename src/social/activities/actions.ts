import { z } from 'zod'
import { action, cursor, id, limit } from '#kernel/action.ts'
import { beforeCommit, type Ctx } from '#kernel/context.ts'
import { newId } from '#kernel/ids.ts'
import { every, job, laterAll } from '#kernel/jobs.ts'
import { keeps } from '#kernel/keeps.ts'
import { tell } from '#kernel/live.ts'
import { t } from '#kernel/messages.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import type { Activity, Audience, Happening, Reaction, Word } from './words.ts'

const reactions = new Map<string, Reaction>()
const listening = new Map<string, Reaction[]>()

/** Who listens to what; given by the composition root. */
export function useReactions(all: Reaction[]): void {
  reactions.clear()
  listening.clear()
  for (const reaction of all) {
    reactions.set(reaction.name, reaction)
    for (const word of reaction.words) listening.set(keyOf(word), [...(listening.get(keyOf(word)) ?? []), reaction])
  }
}

const names = new Map<string, string>()
const details = new Map<string, z.ZodType>()

/** All words that there are; given by the composition root, so that what happened can be told by its name and as a sentence. */
export function useWords(all: Word[]): void {
  for (const { name, verb, noun, detail } of all) {
    names.set(`${name.split('.')[0]} ${verb}:${noun}`, name)
    details.set(`${name.split('.')[0]} ${verb}:${noun}`, detail)
  }
}

/** The names of all words, such as `crm.Assigned`. */
export const wordNames = (): string[] => [...new Set(names.values())]

/** The name of the word that was recorded; undefined for one that this version does not know. */
export const wordNameOf = (activity: Pick<Activity, 'area' | 'verb' | 'noun'>): string | undefined =>
  names.get(`${activity.area} ${keyOf(activity)}`)

/** What happened as the sentence that a person reads: the message `<module>.happened.<word>`, with the names of those who are in it. */
export function sentenceOf(
  activity: Pick<Activity, 'area' | 'verb' | 'noun'>,
  named: { actor: string; object: string; target: string },
): string {
  const [area, word] = (wordNameOf(activity) ?? '').split('.')
  return area && word ? t(`${area}.happened.${word}`, named) : `${activity.verb} ${activity.noun}`
}

const keyOf = (word: { verb: string; noun: string }) => `${word.verb}:${word.noun}`

const pending = new WeakMap<Ctx, store.ActivityRow[]>()

/**
 * Says that something happened. It is written with the rest of the transaction, together with one job for each reaction that listens.
 * Returns the id of the activity.
 */
export function record<D extends z.ZodType>(ctx: Ctx, word: Word<D>, it: Happening<z.input<D>>): string {
  const at = it.at ?? ctx.now
  const row: store.ActivityRow = {
    id: newId(at),
    at,
    verb: word.verb,
    noun: word.noun,
    actor: it.actor === undefined ? ctx.actor.person : it.actor,
    object: it.object ?? null,
    target: it.target ?? null,
    thread: it.thread ?? null,
    channel: it.channel ?? null,
    audience: it.audience ?? 'staff',
    area: word.name.split('.')[0] || 'social',
    campaign: it.campaign ?? null,
    side: it.side ?? (ctx.actor.role === 'customer' ? 'outside' : 'inside'),
    detail: word.detail.parse(it.detail ?? {}) as object,
    caused_by: it.causedBy ?? null,
    dedupe_key: it.dedupeKey ?? null,
  }
  collectedBy(ctx).push(row)
  beforeCommit(ctx, 'activities', write)
  return row.id
}

function collectedBy(ctx: Ctx): store.ActivityRow[] {
  const rows = pending.get(ctx) ?? []
  pending.set(ctx, rows)
  return rows
}

/** Writes down at once what was recorded so far, for whoever asks the log in the same transaction. */
export async function write(ctx: Ctx): Promise<void> {
  const rows = pending.get(ctx) ?? []
  pending.delete(ctx)
  if (rows.length === 0) return
  await store.addAll(ctx, rows)
  await laterAll(ctx, jobsFor(rows, await heardEverywhere(ctx)))
  for (const thread of new Set(rows.map(row => row.thread))) if (thread) tell(ctx, `thread:${thread}`)
}

/** Who hears every word here, if anybody does. */
async function heardEverywhere(ctx: Ctx): Promise<Reaction[]> {
  const found: Reaction[] = []
  for (const reaction of reactions.values()) if (await reaction.everything?.(ctx)) found.push(reaction)
  return found
}

/** One job for each reaction, with at most 500 activities each. */
function jobsFor(rows: store.ActivityRow[], everywhere: Reaction[]) {
  const heard = new Map<Reaction, string[]>()
  for (const row of rows) {
    for (const reaction of [...(listening.get(keyOf(row)) ?? []), ...everywhere]) {
      const ids = heard.get(reaction)
      if (ids) ids.push(row.id)
      else heard.set(reaction, [row.id])
    }
  }
  return [...heard].flatMap(([reaction, ids]) =>
    inParts(ids, 500).map(part => ({ kind: react, data: { reaction: reaction.name, ids: part } })),
  )
}

const inParts = <T>(list: T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size))

/** A reaction that no longer exists in this version has nothing left to do. */
export const react = job(
  'Tell those who listen',
  z.object({ reaction: z.string(), ids: z.array(z.uuid()) }),
  async (ctx, { reaction, ids }) => {
    const happened = await store.byIds(ctx, ids)
    if (happened.length) await reactions.get(reaction)?.run(ctx, happened)
  },
)

/** Which of these keys were never claimed before: hearing the same thing twice is hearing it once. */
export const claim = (ctx: Ctx, keys: string[]): Promise<Set<string>> => store.claim(ctx, keys)
/** Gives keys back, so that what was undone can be heard again. */
export const release = (ctx: Ctx, keys: string[]): Promise<unknown> => store.release(ctx, keys)

/** Makes sure that the months of these moments have their partitions. */
export async function makeRoom(ctx: Ctx, moments: Date[]): Promise<void> {
  const months = new Set(moments.map(at => at.toISOString().slice(0, 7)))
  for (const month of months) await store.makePartition(ctx, new Date(`${month}-01T00:00:00Z`))
}

export const keepRoomAhead = every({ hour: 3 }, 'The coming months have their partitions', async ctx => {
  const month = (ahead: number) => new Date(Date.UTC(ctx.now.getUTCFullYear(), ctx.now.getUTCMonth() + ahead, 1))
  await makeRoom(ctx, [month(0), month(1), month(2)])
})

const activity = z.object({
  id,
  at: z.date(),
  verb: z.string(),
  noun: z.string(),
  actor: id.nullable(),
  object: id.nullable(),
  target: id.nullable(),
  thread: id.nullable(),
  channel: z.string().nullable(),
  audience: z.string(),
  area: z.string(),
  side: z.string(),
  detail: z.unknown(),
})

/** What happened, newest first. */
export const list = action({
  says: 'List activities, newest first, optionally of one thread, actor or object',
  who: 'threads.read',
  reads: true,
  takes: z.strictObject({ thread: id.optional(), actor: id.optional(), object: id.optional(), from: id.optional(), before: cursor, limit }),
  gives: z.object({ items: z.array(activity), next: z.string().nullable() }),
  run: async (ctx, input) => {
    const items = await store.latest(ctx, input)
    return { items, next: items.length === input.limit ? items.at(-1)!.id : null }
  },
})

/** What these did and what was done with them, newest first; of one person all records, and only for audiences that the reader may see. */
export const involving = (ctx: Ctx, asked: { ids: string[]; audiences: Audience[]; before?: string; limit: number }): Promise<Activity[]> =>
  store.involving(ctx, asked)

/** What is about these objects is listed under another thread from now on; whoever moves it records that. */
export async function moveInLog(ctx: Ctx, source: string, destination: string, objects: string[]): Promise<void> {
  await write(ctx)
  await store.moveInLog(ctx, source, destination, objects)
}

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps(
  {
    // That something happened stays, for the measures; what was said of it goes, by `erase`.
    activity: {
      of: { actor: 'person', object: 'anything', target: 'anything', thread: 'thread' },
      stays: 'activities.keptBecause',
      theme: 'traces',
    },
    once: { of: { object: 'anything' }, hide: true },
  },
  async (ctx, { ids, needles }) => {
    await store.forgetKeys(ctx, needles)
    for (let last: string | undefined; ; ) {
      const rows = await store.detailsOf(ctx, ids('activity'), last, 1000)
      if (rows.length === 0) return
      await store.putDetails(
        ctx,
        rows.map(row => ({ id: row.id, detail: rules.emptied(details.get(`${row.area} ${keyOf(row)}`), row.detail) })),
      )
      last = rows.at(-1)!.id
    }
  },
)
