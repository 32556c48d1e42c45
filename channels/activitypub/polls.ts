/** Questions of our own: each voter counts once, in private; how it stands is told at most once a minute, and at the end for good. */
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import type { Account, AskedPoll } from '#social/channels/words.ts'
import { minute } from './lasting.ts'
import { writtenBy } from './message.ts'
import { hashOf, keyIn } from './names.ts'
import { type Kept, keepNote, noteAt } from './notes.ts'
import type { Person } from './people.ts'
import type { Settings } from './settings.ts'
import type { Activity } from './shapes.ts'

type On = Account<Settings>

const choice = z.object({ name: z.string(), replies: z.object({ totalItems: z.int() }) })
const question = z.object({
  type: z.literal('Question'),
  endTime: z.string(),
  oneOf: z.array(choice).optional(),
  anyOf: z.array(choice).optional(),
})
type Question = z.output<typeof question>

export const questionIn = ({ note }: Kept): Question | undefined => question.safeParse(note).data
export const choicesIn = ({ oneOf, anyOf }: Question): z.output<typeof choice>[] => oneOf ?? anyOf ?? []

/** Of a note that asks, what makes it a question; `published` begins its time. */
export function asking({ choices, many, minutes }: AskedPoll, published: string): Record<string, unknown> {
  const open = choices.map(name => ({ type: 'Note', name, replies: { type: 'Collection', totalItems: 0 } }))
  const endTime = new Date(Date.parse(published) + minutes * minute).toISOString()
  return { type: 'Question', [many ? 'anyOf' : 'oneOf']: open, endTime, votersCount: 0 }
}

// —— votes ——

const all = (key: string): string => `vote:${key}:`

/**
 * Is this act somebody's vote? Then it is no message, and counts once: the first one of each voter, or the first for each choice where several may be
 * chosen; none after the end, and none for what is no choice.
 */
export async function isVote(account: On, activity: Activity, person: Person): Promise<boolean> {
  const thing = activity.type === 'Create' ? writtenBy(person, activity.object, account.settings) : undefined
  const key = thing?.name && !thing.content && thing.inReplyTo ? keyIn(account.settings, thing.inReplyTo) : undefined
  const asked = key ? await noteAt(account, key) : undefined
  const about = asked && !asked.gone ? questionIn(asked) : undefined
  if (!asked || !about) return false
  const at = choicesIn(about).findIndex(({ name }) => name === thing!.name)
  if (at >= 0 && !isOver(about)) await count(account, asked.key, { at, id: person.id, many: Boolean(about.anyOf) })
  return true
}

const isOver = ({ endTime }: Question): boolean => Date.parse(endTime) <= now().getTime()

async function count({ memory, later }: On, key: string, { at, id, many }: { at: number; id: string; many: boolean }): Promise<void> {
  const isNew = await memory.set(`${all(key)}${hashOf(id)}${many ? `:${at}` : ''}`, { at, id }, { fresh: true })
  if (!isNew) return
  const until = new Date(now().getTime() + minute)
  const isFirst = await memory.set(`tally:${key}`, true, { fresh: true, until })
  if (isFirst) await later([{ do: 'tally', note: key }], until)
}

const vote = z.object({ at: z.int(), id: z.string() })

async function votesOf({ memory }: On, key: string): Promise<z.output<typeof vote>[]> {
  const found: z.output<typeof vote>[] = []
  for (let after: string | undefined; ; ) {
    const page = await memory.list(all(key), { limit: 1000, ...(after && { after }) })
    found.push(...page.flatMap(({ value }) => vote.safeParse(value).data ?? []))
    if (page.length < 1000) return found
    after = page.at(-1)!.name
  }
}

// —— how it stands ——

/** The note with its votes as they are now. */
export async function tallied(account: On, kept: Kept): Promise<Kept> {
  const about = questionIn(kept)
  if (!about) return kept
  const votes = await votesOf(account, kept.key)
  const counted = choicesIn(about).map((each, at) => ({
    ...each,
    type: 'Note',
    replies: { type: 'Collection', totalItems: votes.filter(vote => vote.at === at).length },
  }))
  const votersCount = new Set(votes.map(({ id }) => id)).size
  const end = isOver(about) && { closed: about.endTime }
  return { ...kept, note: { ...kept.note, [about.anyOf ? 'anyOf' : 'oneOf']: counted, votersCount, ...end } }
}

/** Kept as it is now; undefined when nothing is other than it was told. With `voters`, once it is over: they want to know how it ended. */
export async function tally(account: On, key: string): Promise<{ voters: string[] } | undefined> {
  const before = await noteAt(account, key)
  const after = before && !before.gone ? await tallied(account, before) : undefined
  if (!after || JSON.stringify(after.note) === JSON.stringify(before!.note)) return undefined
  await keepNote(account, { ...after, tallied: now().toISOString() })
  return { voters: after.note.closed ? [...new Set((await votesOf(account, key)).map(({ id }) => id))] : [] }
}

/** Votes for each choice, of those of these ids that ask. */
export async function standing(account: On, remoteIds: string[]) {
  const notes = await Promise.all(remoteIds.map(async id => ({ id, note: await noteAt(account, keyIn(account.settings, id) ?? '') })))
  return notes.flatMap(({ id, note }) => {
    const about = note && !note.gone ? questionIn(note) : undefined
    return (about ? choicesIn(about) : []).map(({ replies }, at) => ({
      remoteId: id,
      measure: `choice ${at}`,
      value: replies.totalItems,
      at: now(),
    }))
  })
}
