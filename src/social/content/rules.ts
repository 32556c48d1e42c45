import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { refuse } from '#kernel/errors.ts'
import { cut, storable } from '#kernel/plain.ts'
import type { Content, Noun, Saying } from './words.ts'

const mark = /@\[([^@[\]\n]{1,200})\]\(person:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\)/g

/** A mention is written @[name](person:id); whoever is named twice is mentioned once. */
export function mentionsIn(text: string): string[] {
  return [...new Set([...text.matchAll(mark)].map(match => match[2]!))]
}

/** Where only words are shown, a mention is read as @name. */
export const plainOf = (text: string): string => text.replace(mark, (_, name: string) => `@${name}`)

/** A mention of a person takes their name without the signs that would end it. */
export const mentionOf = (person: { id: string; name: string }): string =>
  `@[${person.name.replace(/[@[\]\n]/g, ' ').trim()}](person:${person.id})`

/** The full name of a colleague after an @ becomes a mention; where two bear the same name it stays what it is. */
export function withMentions(text: string, colleagues: { id: string; name: string }[]): string {
  const longestFirst = colleagues.filter(each => each.name.length > 1).sort((a, b) => b.name.length - a.name.length)
  return text.replace(/(?<![^\s(])@(?!\[)[^@\n]{1,200}/gu, after => {
    const named = longestFirst.filter(({ name }) => beginsWith(after.slice(1), name))
    const [person, twin] = named
    if (!person || (twin && twin.id !== person.id && twin.name.length === person.name.length)) return after
    return mentionOf(person) + after.slice(1 + person.name.length)
  })
}

const beginsWith = (text: string, name: string): boolean =>
  text.slice(0, name.length).toLowerCase() === name.toLowerCase() && !/^[\p{L}\p{N}]/u.test(text.slice(name.length))

/** A text is kept as it was written, except for zero bytes and halves of characters, and never longer than its place. */
export function asKept(text: string, most = 2_000_000): string {
  return cut(storable(text), most)
}

/** What was said begins with its first words, on one line. */
export function snippetOf(text: string, most = 300): string {
  return cut(
    plainOf(text.slice(0, 4 * most))
      .replace(/\s+/g, ' ')
      .trim(),
    most,
  )
}

/** What hangs on a message can be looked for: files, pictures, links. */
export function hasOf(it: Pick<Saying, 'text' | 'html' | 'attachments'>): string[] {
  const files = (it.attachments ?? []).filter(file => !file.inline)
  return [
    ...(files.length ? ['file'] : []),
    ...((it.attachments ?? []).some(file => file.type.startsWith('image/')) ? ['image'] : []),
    ...(/\bhttps?:\/\//i.test(it.text) || /\bhref\s?=\s?["']?https?:/i.test((it.html ?? '').slice(0, 200_000)) ? ['link'] : []),
  ]
}

interface By {
  person: string | null
  /** May take care of what others wrote. */
  moderates: boolean
}

/** Only its author changes a text, and a message that may have left stays as it went. */
export function mayEdit(content: Pick<Content, 'noun' | 'author' | 'deletedAt'>, by: By): void {
  if (content.deletedAt) refuse('gone', 'content.removed')
  if (content.noun === 'Message') refuse('forbidden', 'content.sentStays')
  if (content.author === null || content.author !== by.person) refuse('forbidden', 'content.notYours')
}

/** A text is removed by its author or by whoever takes care of the place. */
export function mayRemove(content: Pick<Content, 'author'>, by: By): void {
  if (!by.moderates && (content.author === null || content.author !== by.person)) refuse('forbidden', 'content.notYours')
}

/** What was removed comes back for as long as its words are kept. */
export function mayRestore(content: { deletedAt: Date | null }, now: Date): void {
  if (!content.deletedAt) refuse('conflict', 'content.notRemoved')
  if (now.getTime() - content.deletedAt.getTime() > keptFor) refuse('gone', 'content.removedForGood')
}

/** The words of what was removed are kept for thirty days. */
export const emptyBefore = (now: Date): Date => new Date(now.getTime() - keptFor)

const keptFor = 30 * 86_400_000

/** An internal note is for staff only, whoever asks. */
export const audienceOf = (noun: Noun, wanted: Saying['audience']): Saying['audience'] => (noun === 'Note' ? 'staff' : wanted)

const besideWords = z.object({
  warning: z.string().min(1).optional().catch(undefined),
  poll: z
    .object({ choices: z.array(z.object({ name: z.string(), votes: z.number().optional() })).min(1), endsAt: z.coerce.date().optional() })
    .optional()
    .catch(undefined),
})

/** The votes of a poll are those that its network counted last; nothing when they are the same, or it has other choices. */
export function tallied(poll: unknown, votes: number[]): Record<string, unknown> | undefined {
  const known = z.looseObject({ choices: z.array(z.looseObject({ votes: z.number().optional() })) }).safeParse(poll).data
  if (known?.choices.length !== votes.length || known.choices.every((each, at) => each.votes === votes[at])) return undefined
  return { ...known, choices: known.choices.map((each, at) => ({ ...each, votes: votes[at] })) }
}

/** A poll of others is what its writer says of it last; what was none does not become one, and what is the same is no news. */
export function polledAnew(poll: unknown, now: Record<string, unknown>): Record<string, unknown> | undefined {
  return poll === undefined || isDeepStrictEqual(poll, now) ? undefined : now
}

/** A content warning and a poll stand beside the words; most messages have neither. */
export function besideOf(detail: Record<string, unknown>): z.output<typeof besideWords> | undefined {
  return detail.warning || detail.poll ? besideWords.parse(detail) : undefined
}
