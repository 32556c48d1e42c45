/** What leaves the house, and what becomes of it. */
import { z } from 'zod'
import { slot } from '#kernel/page.tsx'
import { word } from '#social/activities/words.ts'

/** An answer was taken back before it had left; object is the message. */
export const Cancelled = word('Undo', 'Message', z.strictObject({ because: z.enum(['person', 'deleted', 'withdrawn']) }))
/** An answer did not leave and will not by itself; object is the message. */
export const NotSent = word(
  'Reject',
  'Delivery',
  z.strictObject({ because: z.enum(['rejected', 'gaveUp', 'accountGone', 'edited']), says: z.string().max(2000) }),
)
/** Nobody knows whether an answer left: a person must look; object is the message. */
export const Unsure = word('Question', 'Delivery', z.strictObject({ says: z.string().max(2000) }))
/** A person decided about an answer of which nobody knew whether it left, or sent one again; object is the message. */
export const Settled = word('Update', 'Delivery', z.strictObject({ as: z.enum(['sent', 'again', 'given up']) }))

/** Something was said to everybody and is out; object is the message. */
export const Published = word('Announce', 'Message', z.strictObject({ account: z.string() }))

export const states = ['waiting', 'asks', 'sending', 'pending', 'sent', 'failed', 'unsure', 'cancelled'] as const
export type DeliveryState = (typeof states)[number]

const address = z.strictObject({ address: z.string().trim().min(1).max(500), name: z.string().max(300).optional() })
const addresses = z.array(address).max(200)

/** What a post is beside its words; `files` are those of the part, all others go with the first. */
export const post = z.strictObject({
  /** The first of several parts. */
  text: z.string().max(500_000).optional(),
  parts: z
    .array(z.strictObject({ text: z.string().max(100_000), files: z.array(z.uuid()).max(100) }))
    .max(100)
    .default([]),
  warning: z.string().max(1000).optional(),
  quotes: z.string().max(600).optional(),
  quotesLink: z.string().max(2000).optional(),
  repliesFrom: z.enum(['followed', 'mentioned', 'nobody']).optional(),
  poll: z
    .strictObject({ choices: z.array(z.string().max(500)).max(50), minutes: z.number().int().min(1), many: z.literal(true).optional() })
    .optional(),
  language: z.string().max(35).optional(),
})

/** To whom an answer goes; kept with the delivery. */
export const envelope = z.strictObject({
  to: addresses,
  copied: addresses.default([]),
  blindCopied: addresses.default([]),
  senderName: z.string().max(200).optional(),
  /** Which of the account's own addresses it is written from. */
  writtenFrom: z.string().max(500).optional(),
  /** Who wrote it on behalf of whose account it is. */
  writer: address.optional(),
  signature: z.string().max(5000).optional(),
  /** Said to everybody, not to these. */
  post: post.optional(),
  /** The message that it answers, where it is not simply the last one. */
  answers: z.uuid().optional(),
  /** No person wrote it. */
  automatic: z.literal(true).optional(),
  /** What it is sent for, such as a newsletter or a survey: it reaches nobody who does not allow that at the moment at which it leaves. */
  purpose: z.uuid().optional(),
  /** The one person who gets it, where it is only one: they can leave that purpose by a link. */
  getter: z.uuid().optional(),
  /** By which a channel that can shows what the words ask as a question of one press. */
  question: z.string().max(120).optional(),
})
export type Envelope = z.output<typeof envelope>
export type Address = z.output<typeof address>

/** A file that goes out with an answer, as it was kept. */
export const attached = z.strictObject({
  file: z.uuid(),
  name: z.string().min(1).max(300),
  type: z.string().min(1).max(200),
  size: z.number().int().min(0),
  cid: z.string().max(500).nullable().default(null),
  inline: z.boolean().default(false),
  alt: z.string().max(5000).nullable().default(null),
})

/** How something fares on its network, each as far as the network counts it. */
export const countNames = ['likes', 'shares', 'answers', 'quotes'] as const
export const counts = z.partialRecord(z.enum(countNames), z.number().int().min(0))
export type Counts = z.output<typeof counts>

/** How a delivery is shown; `says` is a message key or the network's own words. */
export const deliveryCard = z.object({
  id: z.string(),
  account: z.string(),
  content: z.string(),
  thread: z.string(),
  state: z.enum(states),
  attempts: z.number(),
  dueAt: z.date(),
  says: z.string().nullable(),
  outcome: z.enum(['delivered', 'failed', 'delayed']).nullable(),
  outcomeSays: z.string().nullable(),
  sentAt: z.date().nullable(),
  by: z.string().nullable(),
  /** How many parts follow the first. */
  parts: z.number(),
  counts: counts.nullable(),
  countedAt: z.date().nullable(),
})
export type DeliveryCard = z.output<typeof deliveryCard>

/** At a message of ours: how it fared, and what can still be done about it. */
export const fate = slot<{ delivery: DeliveryCard; fixed?: boolean }>('deliveries.fate')
