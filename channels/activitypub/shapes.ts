/** Activities and objects as they come over the wire, read as plain JSON: what a server does not say in the usual form, it has not said. */
import { z } from 'zod'

/** An id can be kept and compared: no blanks, no controls, no halves of characters. */
export const id = z
  .string()
  .min(1)
  .max(500)
  .refine(text => text.isWellFormed() && !/[\s\p{Cc}]/u.test(text))
const withId = z.union([id, z.object({ id }).transform(it => it.id)])
const many = <T extends z.ZodType>(of: T, most = 100) => z.union([z.array(z.unknown()).max(1000), z.unknown().transform(one => [one])])
  .transform(list => list.flatMap(each => of.safeParse(each).data ?? []).slice(0, most) as z.output<T>[]) // biome-ignore format: one chain
const ids = many(withId).catch([])
const text = z.string().max(1_000_000)
const link = z.union([z.string(), z.object({ href: z.string() }).transform(({ href }) => href)])

export const activity = z.object({
  id,
  type: z.string().max(100),
  actor: withId,
  object: z.unknown(),
  target: withId.optional().catch(undefined),
  to: ids,
  cc: ids,
  bto: ids,
  bcc: ids,
  audience: ids,
  content: z.string().max(10_000).optional().catch(undefined),
  published: z.string().max(100).optional().catch(undefined),
})
export type Activity = z.output<typeof activity>

/** What an activity is about: by its id, or as it is. */
export const objectId = (object: unknown): string | undefined => withId.safeParse(object).data
export const objectIds = (object: unknown): string[] => ids.parse(object)

const tag = z.object({
  type: z.string().max(100),
  href: z.string().max(500).catch(''),
  name: z.string().max(500).catch(''),
  mediaType: z.string().max(200).catch(''),
  icon: z
    .object({ url: link })
    .transform(({ url }) => url)
    .optional()
    .catch(undefined),
})
const attachment = z.object({
  type: z.string().max(100).catch(''),
  mediaType: z.string().max(200).catch(''),
  url: many(link).catch([]),
  href: z.string().max(2000).optional().catch(undefined),
  name: z.string().catch(''),
})
const counted = z.object({ totalItems: z.int().nonnegative() })
const choice = z.object({ name: z.string().max(500), replies: counted.optional().catch(undefined) })

export const thing = z.object({
  id,
  type: z.string().max(100),
  attributedTo: many(withId).catch([]),
  content: text.optional().catch(undefined),
  contentMap: z.record(z.string().max(50), text).optional().catch(undefined),
  mediaType: z.string().max(200).catch('text/html'),
  name: z.string().optional().catch(undefined),
  summary: z.string().optional().catch(undefined),
  sensitive: z.boolean().catch(false),
  inReplyTo: withId.optional().catch(undefined),
  published: z.string().max(100).optional().catch(undefined),
  updated: z.string().max(100).optional().catch(undefined),
  url: many(link).catch([]),
  to: ids,
  cc: ids,
  tag: many(tag).catch([]),
  attachment: many(attachment, 20).catch([]),
  oneOf: many(choice, 50).catch([]),
  anyOf: many(choice, 50).catch([]),
  endTime: z.string().max(100).optional().catch(undefined),
  quote: withId.optional().catch(undefined),
  quoteUrl: id.optional().catch(undefined),
  quoteUri: id.optional().catch(undefined),
  _misskey_quote: id.optional().catch(undefined),
})
export type Thing = z.output<typeof thing>

/** What people write; other objects say nothing to us. */
export const written = ['Note', 'Article', 'Page', 'Question', 'Event', 'Video', 'Audio', 'Image']

const odd = ['@graph', '@reverse', '@included', '@nest']

/** Linked Data lets one document say two things; whoever uses these words here means to deceive. Also false for what is nested beyond reason. */
export function isPlain(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (depth > 30) return false
  return Object.entries(value).every(([name, each]) => !odd.includes(name) && isPlain(each, depth + 1))
}
