/** Who is who: people and organisations, their addresses on every network, and on which side of the house they stand. */
import { z } from 'zod'
import { slot } from '#kernel/page.tsx'
import { word } from '#social/activities/words.ts'
import { type SideName, sideNames } from '#social/sides/words.ts'

export { type SideName, sideNames }

export const kinds = ['human', 'organisation'] as const
export type Kind = (typeof kinds)[number]

/**
 * Why we think that an address belongs to somebody: `heard` = a message came from it, `addressed` = it was written to, `account` = they signed in with it,
 * `import` = a list said so, `decision` = a colleague said so, `verified` = checked, `taken` = its owner signed in and took it from another record,
 * `proven` = a site that we trust signed it, `moved` = they went on there, and both addresses said so.
 */
export const reasons = ['heard', 'addressed', 'account', 'import', 'decision', 'verified', 'taken', 'proven', 'moved'] as const

const because = z.string().max(60)
const about = z.strictObject({ because, side: z.enum(sideNames).optional() })
const ofHandle = z.strictObject({ network: z.string().max(60), because, handle: z.uuid().optional() })

/** Somebody is known from now on; object is the person. */
export const Met = word('Create', 'Person', about)
/** What we know of a person changed; `fields` are the names of the columns. */
export const Changed = word('Update', 'Person', z.strictObject({ fields: z.array(z.string().max(20)).max(10), because }))
/** A person was taken out again, because it was added by mistake. */
export const Removed = word('Delete', 'Person', about)
export const Linked = word('Add', 'Handle', ofHandle)
export const Verified = word('Accept', 'Handle', ofHandle)
export const Unlinked = word('Remove', 'Handle', ofHandle)
/** An address as it was heard. `normal` is how its network makes it equal; `at` is when it was heard. */
export interface Met {
  network: string
  address: string
  normal: string
  name?: string
  /** What never changes on the network, if it has such a thing. */
  remoteId?: string
  url?: string
  because: string
  at: Date
}

/** A kind of address: a channel, or what everyone has without one (telephone, web page). */
export interface Network {
  name: string
  /** Message key of what people call it. */
  title: string
  normalise(address: string): string
  /** Does this text look like one of its addresses? */
  recognises?(text: string): boolean
}

/** A telephone number is equal to itself however it is written. */
export const telephone: Network = {
  name: 'phone',
  title: 'people.networkPhone',
  normalise: address => address.replace(/[^\d+]/g, '').replace(/^00/, '+'),
  recognises: address => /^[+\d][\d\s()./-]{4,30}$/.test(address),
}
export const webPage: Network = {
  name: 'web',
  title: 'people.networkWeb',
  normalise: address =>
    address
      .toLowerCase()
      .replace(/^https?:\/\//, '')
      .replace(/^www\./, '')
      .replace(/\/$/, ''),
  recognises: address => /^https?:\/\/[^\s/]{1,250}\.[^\s/]/i.test(address),
}
/** What one signs in with, where no channel speaks it. */
export const letters: Network = { name: 'mail', title: 'people.networkMail', normalise: address => address.toLowerCase() }

/** An address to be kept for somebody, with the reason why we think it is theirs. */
export interface NewHandle {
  network: string
  address: string
  normal: string
  because: string
  evidence?: Record<string, unknown>
  verifiedAt?: Date
  remoteId?: string
  url?: string
}

/** Somebody to be kept whom nobody knew; `id` is made by who asks for it. */
export interface NewPerson {
  id: string
  name: string
  /** Nobody told the name: it is only the address. */
  unnamed?: boolean
  kind?: Kind
  about?: string
  language?: string
  company?: string
  side?: SideName
  handles: NewHandle[]
  because: string
  at: Date
}

/** Ids of what a list made, so that it can be taken back; in `names`, `after` took the place of `before`. */
export interface Made {
  persons: string[]
  handles: string[]
  sides: string[]
  names: { person: string; before: string; after: string }[]
}

// What is told of people to programs and pages.

/**
 * How to show a person: `id` is the one that was asked for, `stands` the record that stands for it now; the name is without characters that
 * hide or turn text around, and `flagged` when it had some; `side` is the ring of the avatar.
 */
export const card = z.object({
  id: z.string(),
  stands: z.string(),
  name: z.string(),
  kind: z.enum(kinds),
  language: z.string().nullable(),
  picture: z.string().nullable(),
  side: z.enum(['inside', 'customer', 'outside']),
  sides: z.array(z.enum(sideNames)),
  address: z.string().nullable(),
  flagged: z.boolean(),
})

export type PersonCard = z.output<typeof card>

/** On the page of a person, in its middle: what is kept of them there and nowhere else. */
export const personCards = slot<{ person: string; kind: Kind }>('people.cards')
/** On the page of a person and beside a conversation with them: what each area knows of them. */
export const personPanel = slot<{ person: string }>('people.panel')
/** Below a list whose rows can be ticked (`people[]`, in the form of this id): what can be done with many, or with everybody whom the list finds. */
export const peopleChosen = slot<{ form: string; segment?: string; list?: string; q?: string; side?: string }>('people.chosen')
/** Beside the name on that page: buttons. */
export const personActions = slot<{ person: string }>('people.actions')
