/** What servers send, as far as we read it. Each kind of server leaves out, adds or turns something, so only ids and dates must be there. */
import { z } from 'zod'

export const id = z.union([z.string(), z.int().transform(String)]).refine(text => /^[\w.:~-]{1,200}$/.test(text))
const noId = id.nullish().catch(null)
const text = z.string().catch('')
const moment = z.string().max(100)
const count = z.int().min(0).optional().catch(undefined)
/** A list of which only the good entries count. */
const some = <T>(schema: z.ZodType<T>, most: number) =>
  z
    .array(z.unknown())
    .catch([])
    .transform(list => list.slice(0, most).flatMap(each => schema.safeParse(each).data ?? []))

export const account = z.object({
  id,
  acct: z.string().min(1).max(400),
  url: text,
  display_name: text,
  bot: z.boolean().catch(false),
  note: text,
  avatar: text,
})
export type RemoteAccount = z.output<typeof account>

const media = z.object({
  id,
  type: z.string().max(40).catch('unknown'),
  url: z.string().max(4000).nullish().catch(null),
  description: z.string().nullish().catch(null),
})
export type Media = z.output<typeof media>

const mention = z.object({ acct: z.string().min(1).max(400), url: text })
/** Whole, or only by its id; some servers send the post itself. */
const quote = z
  .union([
    z.object({ quoted_status: z.object({ id }) }).transform(it => it.quoted_status.id),
    z.object({ quoted_status_id: id }).transform(it => it.quoted_status_id),
    z.object({ id }).transform(it => it.id),
  ])
  .nullish()
  .catch(null)

export const status = z.object({
  id,
  created_at: moment,
  edited_at: moment.nullish().catch(null),
  account,
  content: text,
  /** As its writer says it (BCP 47). */
  language: z
    .string()
    .max(40)
    .regex(/^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{1,8}){0,5}$/)
    .nullish()
    .catch(null),
  spoiler_text: text,
  visibility: z.string().max(40).catch('direct'),
  sensitive: z.boolean().catch(false),
  in_reply_to_id: noId,
  reblog: z.unknown().optional(),
  url: z.string().max(4000).nullish().catch(null),
  media_attachments: some(media, 20),
  mentions: some(mention, 100),
  poll: z
    .object({
      options: some(z.object({ title: z.string().max(1000), votes_count: z.int().nonnegative().nullable().catch(null) }), 20),
      expires_at: moment.nullish().catch(null),
      multiple: z.boolean().catch(false),
    })
    .nullish()
    .catch(null),
  quote,
  replies_count: count,
  reblogs_count: count,
  favourites_count: count,
  quotes_count: count,
})
export type Status = z.output<typeof status>

export const notification = z.object({
  id,
  type: z.string().max(100),
  created_at: moment,
  account,
  status: z.unknown().optional(),
  emoji: z.string().max(40).optional().catch(undefined),
})
export type Notification = z.output<typeof notification>

/** Anything in a list that has an id: what it is, is read one by one, so that one bad entry spoils no other. */
export const listed = z.array(z.unknown()).max(500)
export const entry = z.object({ id, created_at: moment.catch('') })
export const anything = z.unknown()
