/** A post as it stands in a feed: from what leaves the house to what its readers show. */
import { z } from 'zod'
import { cleanName, cut } from '#kernel/plain.ts'
import { clean } from '#kernel/sanitize.ts'
import type { Attachment, Draft } from '#social/channels/words.ts'
import { fileAt, idOf, postAt, remoteIdOf } from './addresses.ts'
import { escaped } from './xml.ts'

const fileForm = z.strictObject({ url: z.string(), name: z.string(), type: z.string(), bytes: z.number() })

export const entryForm = z.strictObject({
  /** For ever the same. */
  id: z.string(),
  url: z.string(),
  title: z.string().optional(),
  html: z.string(),
  at: z.coerce.date(),
  changedAt: z.coerce.date(),
  files: z.array(fileForm),
  language: z.string().optional(),
})
export type Entry = z.output<typeof entryForm>

/** A post of the feed at `path`. */
export function entryOf(path: string, post: { remoteId: string; at: Date; changedAt?: Date | null; draft: Draft }): Entry {
  const { draft } = post
  const id = idOf(post.remoteId)
  const files = filesOf(draft).map((file, at) => ({ ...file, url: fileAt(path, id, at) }))
  return {
    id: remoteIdOf(id),
    url: postAt(path, id),
    ...(draft.subject && { title: cleanName(draft.subject, 300) }),
    html: [warningIn(draft), bodyOf(draft), ...(draft.parts ?? []).map(({ text }) => inParagraphs(text)), ...files.map(picture)].join(''),
    at: post.at,
    changedAt: post.changedAt ?? post.at,
    files: files.map(({ url, file }) => ({ url, name: file.name, type: file.type, bytes: file.content.byteLength })),
    ...(draft.language && { language: draft.language }),
  }
}

/** All files of a post, in the order by which their addresses count them. */
export const filesOf = (draft: Draft): { file: Attachment }[] =>
  [draft, ...(draft.parts ?? [])].flatMap(({ attachments }) => attachments.map(file => ({ file })))

/** A title for those who must have one: its own, or the beginning of its words. */
export const titleOf = (entry: Pick<Entry, 'title'>, words: string): string => entry.title ?? (cut(cleanName(words, 400), 90) || '–')

const warningIn = ({ warning }: Draft): string => (warning ? `<p><strong>${escaped(warning)}</strong></p>` : '')

/** HTML of ours passes the sanitiser like everybody's. */
const bodyOf = ({ html, text }: Draft): string => (html ? clean(html) : inParagraphs(text))

const inParagraphs = (text: string): string =>
  text
    .split(/\n\n+/)
    .map(part => part.trim())
    .filter(Boolean)
    .map(part => `<p>${part.split('\n').map(linked).join('<br>')}</p>`)
    .join('')

/** Addresses in a text can be followed. */
const linked = (line: string): string =>
  line
    .split(' ')
    .map(word => (/^https?:\/\/./.test(word) && word.length < 2000 ? link(word) : escaped(word)))
    .join(' ')

/** What ends a sentence is no part of the address before it. */
function link(word: string): string {
  let end = word.length
  while (end > 0 && '.,:;!?)"\''.includes(word[end - 1]!)) end--
  const address = escaped(word.slice(0, end))
  return `<a href="${address}">${address}</a>${escaped(word.slice(end))}`
}

/** Pictures are shown below the words, with what they show for those who cannot see them. */
const picture = ({ url, file }: { url: string; file: Attachment }): string =>
  file.type.startsWith('image/') ? `<p><img src="${escaped(url)}" alt="${escaped(file.alt ?? '')}"></p>` : ''
