/** What people ask about their data: noted with its deadline, prepared, decided, done. */
import { z } from 'zod'
import { action, cursor, id, limit, line, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { dropFiles } from '#kernel/files.ts'
import { every, later } from '#kernel/jobs.ts'
import { tell } from '#kernel/live.ts'
import { t } from '#kernel/messages.ts'
import { beginTask, cancelTask } from '#kernel/tasks.ts'
import { memberByPerson } from '#social/members/actions.ts'
import { cardsOf, idsOf } from '#social/people/actions.ts'
import { copyLink, mailAnswer } from './actions-answering.ts'
import { copy } from './actions-copy.ts'
import { countOut, erase, sharesOf } from './actions-erasure.ts'
import { keepRequest, told } from './actions-noting.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

export { kept as keptByKernel } from '#kernel/kept.ts'
export { copyBehind, mailAnswer } from './actions-answering.ts'
export { copy } from './actions-copy.ts'
export { countOut, erase, eraseAgain, eraseDue } from './actions-erasure.ts'
export * from './actions-holds.ts'
export { noteAsked } from './actions-noting.ts'
export { askByAddress, behindProof, confirm, whoIsAsked } from './actions-public.ts'
export * from './actions-retention.ts'
/** What every module keeps; given by the composition root. */
export { declarations, useKept } from './store-kept.ts'

// —— the register ——

async function shown(ctx: Ctx, rows: store.RequestRow[]): Promise<words.Request[]> {
  const cards = await cardsOf(ctx, rows.flatMap(row => [row.person, ...(row.noted_by ? [row.noted_by] : [])])) // biome-ignore format: one line
  return rows.map(row => ({
    id: row.id,
    kind: row.kind,
    person: cards.get(row.person) ?? null,
    how: row.how,
    note: row.note,
    askedAt: row.asked_at,
    dueOn: row.due_on,
    state: row.state,
    effectiveAt: row.effective_at,
    says: row.says,
    notedBy: (row.noted_by && cards.get(row.noted_by)) || null,
    endedAt: row.ended_at,
    address: row.address,
  }))
}

const page = { before: cursor, limit: limit.default(30) }

export const list = action({
  says: 'List what people asked about their data: what is still to be done by its deadline, or with `ended` what is over, newest first',
  who: 'rights.manage',
  reads: true,
  takes: z.strictObject({ ended: z.stringbool().or(z.boolean()).default(false), ...page }),
  gives: z.object({ items: z.array(words.request), next: z.string().nullable() }),
  run: async (ctx, { ended, before, limit }) => {
    const [dueOn, last] = (before ?? '').split(' ')
    const after = dueOn && last ? { dueOn: z.iso.date().parse(dueOn), id: z.uuid().parse(last) } : null
    const rows = ended
      ? await store.endedOnes(ctx, before && z.uuid().parse(before), limit + 1)
      : await store.openOnes(ctx, after, limit + 1)
    const row = rows.length > limit ? rows[limit - 1]! : null
    return { items: await shown(ctx, rows.slice(0, limit)), next: row && (ended ? row.id : `${row.due_on} ${row.id}`) }
  },
})

export const ofPerson = action({
  says: 'List what one person asked about their data, newest first',
  who: 'rights.manage',
  reads: true,
  takes: z.strictObject({ person: id }),
  gives: z.object({ items: z.array(words.request) }),
  run: async (ctx, { person }) => ({ items: await shown(ctx, await store.ofPeople(ctx, await idsOf(ctx, person))) }),
})

/** By which the person fetches their copy, while it works. */
const link = z.object({ href: z.string(), until: z.date() }).nullable()

export const show = action({
  says: 'Show a request and, of an erasure that was counted, what would become of how much',
  who: 'rights.manage',
  reads: true,
  takes: z.strictObject({ request: id }),
  gives: words.request.extend({ shares: z.array(words.share), task: z.string().nullable(), hasCopy: z.boolean(), link }),
  run: async (ctx, { request }) => {
    const row = await theRequest(ctx, request)
    const link = copyLink(ctx.org, row)
    return {
      ...(await shown(ctx, [row]))[0]!,
      ...{ shares: sharesOf(row.counts ?? {}), task: row.task, hasCopy: row.file !== null },
      link: link ? { href: link, until: row.link_until! } : null,
    }
  },
})

const theRequest = async (ctx: Ctx, request: string) => (await store.find(ctx, request)) ?? refuse('notFound', 'rights.notFound')
const lockedRequest = async (ctx: Ctx, request: string) => (await store.locked(ctx, request)) ?? refuse('notFound', 'rights.notFound')

/** The copy itself, for whoever fetches it. */
export async function copyOf(ctx: Ctx, request: string): Promise<string> {
  return (await theRequest(ctx, request)).file ?? refuse('notFound', 'rights.noCopy')
}

const when = z.union([z.literal(''), z.iso.datetime({ offset: true, local: true }), z.iso.date()]).optional()

export const note = action({
  says: 'Note that somebody asked for a copy of their data, or that it be erased; it is due one month after they asked',
  who: 'rights.manage',
  takes: z.strictObject({
    person: id,
    kind: z.enum(words.requestKinds),
    how: z.enum(words.ways),
    note: text(2000).default(''),
    askedAt: when,
  }),
  gives: z.object({ request: id }),
  run: async (ctx, { askedAt, ...it }) => {
    const [person] = await idsOf(ctx, it.person)
    if (!person) refuse('notFound', 'rights.personNotFound')
    const asked = askedAt ? new Date(askedAt) : ctx.now
    rules.isAsked(asked, ctx.now)
    return { request: (await keepRequest(ctx, { ...it, person }, asked)).id }
  },
})

const one = { who: 'rights.manage', takes: z.strictObject({ request: id }), gives: z.object({}) }

async function go(ctx: Ctx, request: string, to: words.RequestState, more: Partial<store.RequestRow> = {}): Promise<store.RequestRow> {
  const row = await lockedRequest(ctx, request)
  rules.mayGo(row.kind, row.state, to)
  await store.change(ctx, request, { state: to, ...more })
  tell(ctx, 'rights')
  tell(ctx, `request:${request}`)
  return row
}

/** Refuses where something of these people must stay for now. */
async function mayErase(ctx: Ctx, person: string): Promise<void> {
  const people = await idsOf(ctx, person)
  const members = await Promise.all(people.map(each => memberByPerson(ctx, each)))
  rules.mayErase({ held: (await store.holds(ctx, people)).length > 0, signsIn: members.some(each => each && !each.suspendedAt) })
}

export const prepare = action({
  ...one,
  says: 'Put a copy of everything about a person together, or count what an erasure would take; a copy replaces an earlier one',
  run: async (ctx, { request }) => {
    const { kind, person } = await theRequest(ctx, request)
    const task = await beginTask(ctx, { kind: `rights.${kind}`, title: t(`rights.kind.${kind}`), startedBy: ctx.actor.person })
    if (kind === 'erasure') await mayErase(ctx, person)
    const row = await go(ctx, request, kind === 'copy' ? 'copying' : 'counting', { task, says: null, file: null })
    if (row.file) await dropFiles(ctx, [row.file])
    await later(ctx, kind === 'copy' ? copy : countOut, { request })
    return {}
  },
})

export const stop = action({
  ...one,
  says: 'Stop putting a copy together; the request stays open',
  run: async (ctx, { request }) => {
    const row = await lockedRequest(ctx, request)
    if (row.state === 'copying' && row.task) await cancelTask(ctx, row.task)
    return {}
  },
})

export const handOver = action({
  ...one,
  says: 'Note that the person has got their copy; it is deleted here after a week',
  run: async (ctx, { request }) => {
    told(ctx, words.Answered, await go(ctx, request, 'done', { ended_at: ctx.now }))
    return {}
  },
})

/** In milliseconds: how long a copy stays here after it was handed over. */
const week = 7 * 86_400_000

export const sendLink = action({
  ...one,
  says: 'Hand a copy over by a link that works for a week: it is mailed to the address that the person confirmed; without one, colleagues pass it on',
  run: async (ctx, { request }) => {
    told(ctx, words.Answered, await go(ctx, request, 'done', { ended_at: ctx.now, link_until: new Date(ctx.now.getTime() + week) }))
    await later(ctx, mailAnswer, { request })
    return {}
  },
})

export const decide = action({
  says: 'Decide that everything about a person is erased after so many days; until then it can be called off, after that nothing comes back',
  who: 'rights.manage',
  takes: z.strictObject({ request: id, days: z.coerce.number().int().default(7) }),
  gives: z.object({ effectiveAt: z.date() }),
  run: async (ctx, { request, days }) => {
    const effective = rules.effectiveAt(ctx.now, days)
    const row = await go(ctx, request, 'waiting', { effective_at: effective })
    await mayErase(ctx, row.person)
    told(ctx, words.Decided, row)
    await later(ctx, erase, { request }, { at: effective })
    return { effectiveAt: effective }
  },
})

export const callOff = action({
  ...one,
  says: 'Call off an erasure that has not taken effect yet',
  run: async (ctx, { request }) => {
    told(ctx, words.CalledOff, await go(ctx, request, 'ready', { effective_at: null }))
    return {}
  },
})

/** In milliseconds: a refusal is mailed only then, so that it can be taken back. */
const secondThoughts = 60_000

export const turnDown = action({
  says: 'Refuse a request, with the reason that the person is told',
  who: 'rights.manage',
  takes: z.strictObject({ request: id, reason: line(2000) }),
  gives: z.object({}),
  run: async (ctx, { request, reason }) => {
    told(ctx, words.Refused, await go(ctx, request, 'refused', { says: reason, ended_at: ctx.now }))
    await later(ctx, mailAnswer, { request }, { at: new Date(ctx.now.getTime() + secondThoughts) })
    return {}
  },
})

export const takeUp = action({
  ...one,
  says: 'Take a request up again that was refused',
  run: async (ctx, { request }) => {
    told(ctx, words.TakenUp, await go(ctx, request, 'open', { says: null, ended_at: null }))
    return {}
  },
})

export const forgetCopies = every({ hour: 3 }, 'Copies that were handed over a week ago are deleted', async ctx => {
  for (const { id, file } of await store.oldCopies(ctx, new Date(ctx.now.getTime() - week))) {
    await store.change(ctx, id, { file: null })
    await dropFiles(ctx, [file!])
  }
})
