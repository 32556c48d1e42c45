import { createHash } from 'node:crypto'
import type { Ctx } from '#kernel/context.ts'
import { refuse } from '#kernel/errors.ts'
import { type MboxFault, splitMbox } from '#kernel/mbox.ts'
import { date, t } from '#kernel/messages.ts'
import { release, write } from '#social/activities/actions.ts'
import { channelNamed, channelsThat, forgetNames, keptRemoteId } from '#social/channels/actions.ts'
import type { HeardMessage } from '#social/channels/words.ts'
import { takeBack } from '#social/content/actions.ts'
import { inOne } from '#social/imports/actions.ts'
import { type Batch, type Item, type Kept, type Made, type Mapping, type Opened, type Preview, source } from '#social/imports/words.ts'
import { isOfTheData, type Prepared, prepareFiles, roomFor, type Taken, takeIn, withNewFiles } from '#social/intake/actions.ts'
import { takeBack as takeBackPeople } from '#social/people/actions.ts'
import { recount, talkedWith } from '#social/threads/actions.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'

/** In bytes; of a longer message the beginning is taken. */
const longest = 25_000_000
/** Few, because a message may be long. */
const together = 40

type Raw = Uint8Array

// —— looking at it ——

type Items = (file: Opened) => AsyncIterable<Item<Raw>>

/** Where several channels read such files, a person says which one it is from; and sees the first that is in it. */
const previewOf =
  (items: Items) =>
  async (file: Opened, given?: Mapping): Promise<Preview> => {
    const able = channelsThat('read')
    const chosen = able.find(each => each.name === given?.channel) ?? able[0]
    if (!chosen) return refuse('unavailable', 'archives.noReader')
    const choices = able.map(each => ({ value: each.name, label: t(each.title) }))
    const options = able.length > 1 ? [{ name: 'channel', label: t('archives.channel'), value: chosen.name, choices }] : []
    return { mapping: { channel: chosen.name }, options, columns: [], samples: await samplesOf(items(file), chosen.can.read) }
  }

const shown = 5

async function samplesOf(items: AsyncIterable<Item<Raw>>, reader: ReturnType<typeof readerOf>): Promise<Preview['samples']> {
  const samples: NonNullable<Preview['samples']> = []
  for await (const item of items) {
    if ('fault' in item) continue
    const { subject, from, at } = await reader.message(item.it)
    samples.push({
      title: subject || t('archives.noSubject'),
      detail: [from.name || from.address, Number.isNaN(at.getTime()) ? '' : date(at)].filter(Boolean).join(' · '),
    })
    if (samples.length === shown) break
  }
  return samples
}

const readerOf = (mapping: Mapping) => channelNamed(mapping.channel ?? '')?.can.read ?? refuse('invalid', 'archives.noReader')

// —— reading it ——

async function* mailboxItems(file: Opened): AsyncIterable<Item<Raw>> {
  const faults: MboxFault[] = []
  let line = 0
  function* broken(): Generator<Item<Raw>> {
    for (const { reason, line: at } of faults.splice(0)) yield { line: ++line, fault: rules.faultOf(reason, at) }
  }
  for await (const it of splitMbox(file.read(), { most: longest, broken: fault => faults.push(fault) })) {
    yield* broken()
    yield { line: ++line, it }
  }
  yield* broken()
}

async function* messageItems(file: Opened): AsyncIterable<Item<Raw>> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of file.read()) {
    if (size < longest) parts.push(part)
    size += part.length
  }
  yield { line: 1, it: Buffer.concat(parts).subarray(0, longest) }
}

// —— keeping it ——

interface Line {
  line: number
  message: HeardMessage
}

async function keep(batch: Batch<Raw>, finish: (ctx: Ctx, kept: Kept) => Promise<void>): Promise<void> {
  const reader = readerOf(batch.mapping)
  const lines: Line[] = []
  for (const { line, it } of batch.items) lines.push({ line, message: await reader.message(it) })
  const messages = lines.map(each => each.message)
  await roomFor(batch.org, messages)
  const prepared = batch.dry
    ? new Map()
    : await prepareFiles(batch.org, await withNewFiles(batch.org, { channel: batch.mapping.channel!, account: null }, messages))
  const attempt = (good: Line[], faults: Kept['faults']) => inOne(batch, ctx => keepLines(ctx, batch, good, prepared, faults), finish)
  try {
    await attempt(lines, [])
  } catch (error) {
    if (!isOfTheData(error)) throw error
    const { good, faults } = await digestible(batch, lines)
    await attempt(good, faults)
  }
}

async function keepLines(ctx: Ctx, batch: Batch<Raw>, lines: Line[], prepared: Prepared, faults: Kept['faults']): Promise<Kept> {
  const messages = lines.map(each => each.message)
  return keptOf(batch, await takeIn(ctx, sourceOf(batch), messages, prepared), messages, faults)
}

const sourceOf = ({ mapping }: Batch<Raw>) => ({ channel: mapping.channel!, account: null, imported: true })

/** In a trial nothing stays from one batch to the next, so what stands twice in the file is remembered by its mark. */
function keptOf(batch: Batch<Raw>, taken: Taken, messages: HeardMessage[], faults: Kept['faults']): Kept {
  const marks = messages.map(each => rules.markOf({ ...each, remoteId: keptRemoteId(each.remoteId) }, hashOf))
  const again = batch.dry ? new Set(marks.filter(mark => batch.memory.has(mark))).size : 0
  for (const mark of marks) batch.memory.add(mark)
  const fresh = Math.max(0, taken.new - again)
  const made = (kind: string, refs: string[]) => refs.map(ref => ({ kind, ref }))
  return {
    fresh,
    known: messages.length - fresh,
    faults,
    made: [...made('claim', taken.claims), ...made('thread', taken.threads), ...made('content', taken.contents)],
  }
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

/** The database refused the batch: each is tried alone without effect, and the one that it refuses is told. */
async function digestible(batch: Batch<Raw>, lines: Line[]): Promise<{ good: Line[]; faults: Kept['faults'] }> {
  const good: Line[] = []
  const faults: Kept['faults'] = []
  for (const each of lines) {
    if (await isTaken(batch, [each])) good.push(each)
    else faults.push({ line: each.line, fault: { key: 'archives.fault.refused' } })
  }
  return { good, faults }
}

async function isTaken(batch: Batch<Raw>, lines: Line[]): Promise<boolean> {
  const bare = lines.map(({ message }) => ({ ...message, attachments: [], original: undefined }))
  const nothing = { fresh: 0, known: 0, faults: [], made: [] }
  try {
    await inOne(
      { ...batch, dry: true },
      async ctx => takeIn(ctx, sourceOf(batch), bare, new Map()).then(() => nothing),
      async () => {},
    )
    return true
  } catch (error) {
    if (!isOfTheData(error)) throw error
    return false
  }
}

// —— taking it back ——

/** Messages, their names and their threads are gone as if they had never come, and so is who was met only by them. */
async function undo(ctx: Ctx, made: Made[]): Promise<number> {
  const refs = (kind: string) => made.filter(each => each.kind === kind).map(each => each.ref)
  const [contents, threads, claims] = [refs('content'), refs('thread'), refs('claim')]
  const touched = contents.length ? await store.threadsOf(ctx, contents) : []
  const met = contents.length ? await store.metBy(ctx, contents) : []
  await takeBack(ctx, contents)
  await forgetNames(ctx, contents)
  if (claims.length) await release(ctx, claims)
  const left = await recount(ctx, [...new Set([...threads, ...touched])])
  await forgetPeople(ctx, met)
  return threads.filter(each => left.has(each)).length
}

/** Whoever was met by a message, and of whom nothing is left now. */
async function forgetPeople(ctx: Ctx, people: string[]): Promise<void> {
  if (people.length === 0) return
  await write(ctx)
  await takeBackPeople(ctx, { persons: people, handles: [], sides: [], names: [] }, await talkedWith(ctx, people))
}

const shared = { icon: 'mail', batch: together, accept: (mapping: Mapping) => void readerOf(mapping), keep, undo } as const

export const mailboxFile = source<Raw>({
  ...shared,
  name: 'mbox',
  title: 'archives.mailbox',
  why: 'archives.mailboxWhy',
  advice: 'archives.notMailbox',
  accepts: '.mbox,.mbx,application/mbox',
  reads: rules.isMailbox,
  preview: previewOf(mailboxItems),
  items: mailboxItems,
})

export const messageFile = source<Raw>({
  ...shared,
  name: 'eml',
  title: 'archives.message',
  why: 'archives.messageWhy',
  advice: 'archives.notMessage',
  accepts: '.eml,message/rfc822',
  reads: rules.isMessage,
  preview: previewOf(messageItems),
  items: messageItems,
})
