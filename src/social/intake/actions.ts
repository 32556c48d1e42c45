import type { Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { Refusal } from '#kernel/errors.ts'
import { keepReady, prepare, type Ready } from '#kernel/files.ts'
import { gate } from '#kernel/gate.ts'
import { newId } from '#kernel/ids.ts'
import { later, outsideJob } from '#kernel/jobs.ts'
import { log } from '#kernel/log.ts'
import { claim, makeRoom, record } from '#social/activities/actions.ts'
import { keptRemoteId, nameRemotely, namespaceOf, normaliserOf, ownAddresses, remotesOf, roomOf } from '#social/channels/actions.ts'
import type { Attachment, Heard, HeardMessage, HeardReport, Remote } from '#social/channels/words.ts'
import { keepAll } from '#social/content/actions.ts'
import { type AttachedFile, Said } from '#social/content/words.ts'
import { findOrMeet } from '#social/people/actions.ts'
import { openAll, touchAll } from '#social/threads/actions.ts'
import { takeInChanges } from './actions-changes.ts'
import { foundParents, parentsToSeek, sought } from './actions-parents.ts'
import { alsoKnown } from './actions-same.ts'
import { together } from './actions-together.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import type { Source } from './words.ts'
import * as words from './words.ts'

const isMessage = (heard: Heard): heard is HeardMessage => heard.is === 'message'
const isReport = (heard: Heard): heard is HeardReport => heard.is === 'report'

/** What an intake made, so that it can be taken back. */
export interface Taken {
  /** How many were not known before, and by which names. */
  new: number
  names: string[]
  contents: string[]
  threads: string[]
  /** Keys by which they will be known. */
  claims: string[]
}

/**
 * Takes in what a network told, each thing once whatever the number of times, with its people, thread, files and activity; a fixed number of statements
 * for any number of messages.
 */
export async function takeIn(ctx: Ctx, from: Source, heard: Heard[], prepared?: Prepared): Promise<Taken> {
  if (heard.length === 0) return { new: 0, names: [], contents: [], threads: [], claims: [] }
  await store.oneAtATime(ctx, from.channel)
  const said = heard.filter((each): each is HeardMessage | HeardReport => isMessage(each) || isReport(each))
  const named = rules.firsts(said.map(each => ({ ...each, remoteId: keptRemoteId(each.remoteId) })))
  const within = await namespaceOf(ctx, from.channel, from.account)
  const free = await claim(
    ctx,
    named.map(each => rules.onceKey(within, each.remoteId)),
  )
  const fresh = named.filter(each => free.has(rules.onceKey(within, each.remoteId)))
  const messages = fresh.filter(isMessage)
  const kept = await takeInMessages(ctx, from, messages, prepared ?? (await prepareFiles(ctx.org, messages)))
  const parents = await parentsToSeek(ctx, from, messages)
  if (parents) await later(ctx, fetchParents, parents)
  const reports = fresh.filter(isReport)
  await takeInReports(ctx, from, reports)
  const changed = await takeInChanges(
    ctx,
    from,
    heard.filter(each => !isMessage(each) && !isReport(each)),
  )
  const names = [...kept.map(each => each.message.remoteId), ...reports.map(each => each.remoteId), ...changed]
  return {
    new: names.length,
    names,
    contents: kept.map(each => each.id),
    threads: kept.filter(each => each.opens).map(each => each.thread),
    claims: [...free],
  }
}

async function takeInMessages(ctx: Ctx, from: Source, heard: HeardMessage[], files: Prepared): Promise<rules.Planned[]> {
  if (heard.length === 0) return []
  const messages = heard.map(each => rules.storable({ ...each, answers: each.answers.slice(0, 200).map(keptRemoteId) }, ctx.now))
  const ids = [...new Set(messages.flatMap(each => [each.remoteId, ...each.answers]))]
  const known = await remotesOf(ctx, from.channel, ids, from.account)
  const there = new Set(known.filter(each => each.object).map(each => each.remoteId))
  const plan = rules.plan(
    messages.filter(each => !there.has(each.remoteId)),
    known,
    newId,
  )
  if (plan.messages.length) await keepPlan(ctx, from, plan, files)
  return plan.messages
}

interface Told extends rules.Planned {
  /** The one outside whom it is from or to. */
  person: string | null
  ours: boolean
}

async function keepPlan(ctx: Ctx, from: Source, { messages, names }: rules.Plan, prepared: Prepared): Promise<void> {
  const told = await meet(ctx, from, messages)
  const written = told.flatMap(({ message, person, ours }) => (person && !ours ? [{ handle: message.from, person }] : []))
  await alsoKnown(ctx, from, written)
  await openThreads(ctx, from, told)
  const files = await keepFiles(ctx, messages, prepared)
  await keepAll(
    ctx,
    told.map(each => sayingOf(from, each, files.get(each.id))),
  )
  await nameRemotely(ctx, from.channel, from.account, names)
  await touchAll(
    ctx,
    told.map(({ thread, message, person }) => ({ thread, at: message.at, snippet: rules.snippetOf(message), count: 1, person })),
  )
  for (const [at, each] of told.entries()) tellOf(ctx, from, each, new Date(ctx.now.getTime() + at))
}

const authorOf = (it: Told) => (it.ours ? null : it.person)
const sideOf = (it: Told) => (it.ours ? ('inside' as const) : ('outside' as const))

const sayingOf = (from: Source, it: Told, attachments: AttachedFile[] | undefined) => ({
  id: it.id,
  noun: 'Message' as const,
  thread: it.thread,
  author: authorOf(it),
  audience: rules.audienceOf(it.message),
  side: sideOf(it),
  at: it.message.at,
  subject: it.message.subject,
  text: it.message.text,
  html: it.message.html,
  quoted: it.message.quoted,
  language: rules.languageIn(it.message.language),
  channel: from.channel,
  detail: rules.detailOf(it.message, from.account),
  ...(it.ours && it.person && { to: [it.person] }),
  attachments,
})

/** Who each conversation is with; nobody where we wrote to ourselves. */
async function meet(ctx: Ctx, from: Source, messages: rules.Planned[]): Promise<Told[]> {
  const normalise = normaliserOf(from.channel)
  const own = await ownAddresses(ctx, from.channel, from.account)
  const others = messages.map(({ message }) => rules.otherSide(message, own, normalise))
  const met = messages.flatMap(({ message }, at) => {
    const handle = others[at]
    const because = handle === message.from ? 'heard' : 'addressed'
    return handle ? [{ ...handle, normal: normalise(handle.address), because, at: message.at }] : []
  })
  const people = (await findOrMeet(ctx, met, undefined, await roomOf(ctx, from.channel, from.account))).values()
  return messages.map((each, at) => ({
    ...each,
    ours: rules.isOurs(each.message, own, normalise),
    person: others[at] ? (people.next().value ?? null) : null,
  }))
}

async function openThreads(ctx: Ctx, from: Source, told: Told[]): Promise<void> {
  const opening = told.filter(each => each.opens)
  if (opening.length === 0) return
  await openAll(
    ctx,
    opening.map(({ thread, person, message }) => ({
      id: thread,
      subject: message.subject ?? '',
      kind: 'conversation',
      audience: rules.audienceOf(message),
      person,
      startedAt: message.at,
      channel: from.channel,
      account: from.account,
    })),
  )
}

/** What was heard together was heard in its order, a millisecond after each other. */
function tellOf(ctx: Ctx, from: Source, it: Told, heard: Date): void {
  const { automatic, at } = it.message
  record(ctx, Said, {
    object: it.id,
    actor: authorOf(it),
    thread: it.thread,
    channel: from.channel,
    audience: rules.audienceOf(it.message),
    side: sideOf(it),
    at,
    detail: {
      ...(automatic && { automatic }),
      ...(from.account && { account: from.account }),
      ...(from.imported ? { imported: true } : { heard: heard.toISOString() }),
    },
  })
}

// —— files ——

/** Files that lie on disk already, by the remote id of their message; they get their rows with it. */
export type Prepared = Map<string, { ready: Ready; file: AttachedFile }[]>

/** Puts the files of messages on disk, before the transaction that keeps the messages. A file that cannot be kept is left out, and the message says so. */
export async function prepareFiles(org: string, messages: HeardMessage[]): Promise<Prepared> {
  const prepared: Prepared = new Map()
  for (const message of messages) {
    const files = rules.filesOf(message)
    if (files.length) prepared.set(keptRemoteId(message.remoteId), await prepareAll(org, message, files))
  }
  return prepared
}

async function prepareAll(org: string, message: HeardMessage, files: Attachment[]) {
  const kept = []
  for (const { name, type, content, cid, inline, alt } of files) {
    const ready = await prepare(org, content, { name, type, foreign: true }).catch(error => {
      if (!(error instanceof Refusal)) throw error
      message.flaws = [...new Set([...(message.flaws ?? []), 'intake.flawFile'])]
    })
    if (!ready) continue
    const about = { name: ready.name, type: ready.type, size: ready.size }
    kept.push({
      ready,
      file: { file: ready.id, ...about, cid: cid?.slice(0, 500) ?? null, inline: inline ?? false, alt: rules.altOf(alt) },
    })
  }
  return kept
}

async function keepFiles(ctx: Ctx, messages: rules.Planned[], prepared: Prepared): Promise<Map<string, AttachedFile[]>> {
  const mine = messages.map(each => [each.id, prepared.get(each.message.remoteId) ?? []] as const).filter(([, files]) => files.length)
  await keepReady(
    ctx,
    mine.flatMap(([, files]) => files.map(each => each.ready)),
  )
  return new Map(mine.map(([id, files]) => [id, files.map(each => each.file)]))
}

// —— reports ——

const wordOf = { delivered: words.Delivered, failed: words.Bounced, delayed: words.Delayed } as const

/** What became of our messages is told as an activity; who keeps the outbox listens. A report about something unknown says nothing to us. */
async function takeInReports(ctx: Ctx, from: Source, reports: HeardReport[]): Promise<void> {
  const ids = [...new Set(reports.map(each => keptRemoteId(each.about)))]
  const known = await remotesOf(ctx, from.channel, ids, from.account)
  const ours = new Map(known.filter((each): each is Remote & { object: string } => each.object !== null).map(each => [each.remoteId, each]))
  for (const report of reports) {
    const about = ours.get(keptRemoteId(report.about))
    if (!about) continue
    record(ctx, wordOf[report.outcome], {
      object: about.object,
      actor: null,
      thread: about.thread,
      channel: from.channel,
      audience: 'thread',
      side: 'outside',
      at: rules.believable(report.at, ctx.now),
      detail: { says: report.says.slice(0, 2000), ...(report.recipient && { recipient: report.recipient.slice(0, 500) }) },
    })
  }
}

// —— for good ——

/** Whether taking in less at once may help. */
export const isOfTheData = rules.isOfTheData

const roomMade = new Set<string>()

/** The months of what was heard have their place in the log. In a transaction of its own, because it holds up others for a moment. */
export async function roomFor(org: string, heard: Heard[]): Promise<void> {
  const moments = heard.map(each => each.at).filter(at => !Number.isNaN(at.getTime()))
  const fresh = new Map(moments.map(at => [at.toISOString().slice(0, 7), at] as const).filter(([month]) => !roomMade.has(month)))
  if (fresh.size === 0) return
  await asSystem(org, ctx => makeRoom(ctx, [...fresh.values()]))
  for (const month of fresh.keys()) roomMade.add(month)
}

/** Messages with files that are not there yet: what is heard again needs none of its files. */
export async function withNewFiles(org: string, { channel, account }: Source, heard: Heard[]): Promise<HeardMessage[]> {
  const messages = heard.filter(isMessage).filter(each => rules.filesOf(each).length > 0)
  if (messages.length === 0) return []
  const ids = messages.map(each => keptRemoteId(each.remoteId))
  const known = await asSystem(org, ctx => remotesOf(ctx, channel, ids, account))
  const there = new Set(known.filter(each => each.object).map(each => each.remoteId))
  return messages.filter(each => !there.has(keptRemoteId(each.remoteId)))
}

/** As what is older: nobody is waked by what was said before. */
export const fetchParents = outsideJob('What a message answers is fetched, because nobody here knows it', sought, async (org, asked) => {
  const had = await foundParents(org, asked)
  if (!had?.found.length) return
  const from = { channel: had.channel, account: asked.account, imported: true, depth: asked.depth }
  await takeInForGood(org, from, had.found, async () => {})
})

const intakes = gate(3)

/** As `takeInForGood`, for what comes one by one: whatever else comes meanwhile by the same account is kept in one go. */
export const takeInTogether = (org: string, from: Source, heard: Heard[]): Promise<number> =>
  together(org, from, heard, (...all) => kept(...all, async () => {}))

/**
 * Takes in a batch for good, `finish` with the last of it in one transaction. When the database refuses it, it is taken in halves, and the one message
 * that cannot be kept is kept as its bare words, so that it holds up nothing. Returns how many were new.
 */
export const takeInForGood = async (org: string, from: Source, heard: Heard[], finish: Finish): Promise<number> =>
  (await kept(org, from, heard, finish)).length

type Finish = (ctx: Ctx) => Promise<unknown>

/** By which names. */
async function kept(org: string, from: Source, heard: Heard[], finish: Finish): Promise<string[]> {
  await roomFor(org, heard)
  const prepared = await prepareFiles(org, await withNewFiles(org, from, heard))
  try {
    return await intakes(() =>
      asSystem(org, async ctx => {
        const taken = await takeIn(ctx, from, heard, prepared)
        await finish(ctx)
        return taken.names
      }),
    )
  } catch (error) {
    if (!rules.isOfTheData(error)) throw error
    return inHalves(org, from, heard, finish, error)
  }
}

async function inHalves(org: string, from: Source, heard: Heard[], finish: Finish, fault: unknown): Promise<string[]> {
  if (heard.length > 1) {
    const middle = heard.length >> 1
    const first = await kept(org, from, heard.slice(0, middle), async () => {})
    return [...first, ...(await kept(org, from, heard.slice(middle), finish))]
  }
  const [only] = heard
  if (only?.is !== 'message' || only.flaws?.includes('intake.flawBare')) throw fault
  log.error({ err: fault, channel: from.channel, remoteId: only.remoteId }, 'a message is kept as its bare words')
  return kept(org, from, [rules.bare(only)], finish)
}

/** Until the end of this transaction nothing comes in by these channels: what moves meanwhile is found where it is then. */
export async function holdIntake(ctx: Ctx, channels: (string | null)[]): Promise<void> {
  for (const channel of [...new Set(channels)].sort()) if (channel) await store.oneAtATime(ctx, channel)
}
