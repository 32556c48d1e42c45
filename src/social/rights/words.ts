/** What people may ask about their data, and what becomes of it. */
import { z } from 'zod'
import { keeps, nobody } from '#kernel/keeps.ts'
import { word } from '#social/activities/words.ts'
import { card } from '#social/people/words.ts'

/** A copy of everything (GDPR, articles 15 and 20), or that it be erased (article 17). */
export const requestKinds = ['copy', 'erasure'] as const
export type RequestKind = (typeof requestKinds)[number]

/** The page on which people without an account ask for their data, and its address for one organisation, by its name in addresses or its id. */
export const yourData = '/your-data'
export const dataOf = (organisation: string): string => `${yourData}?${new URLSearchParams({ of: organisation })}`

/** How it was asked. */
export const ways = ['form', 'mail', 'chat', 'phone', 'talk', 'paper'] as const

/**
 * `counting` and `copying` are work that goes on; `ready` = the copy can be fetched, or it is known what an erasure takes; `waiting` = it is decided and
 * can be called off until its moment; after `erasing` nothing comes back.
 */
export const requestStates = ['open', 'counting', 'copying', 'ready', 'waiting', 'erasing', 'done', 'refused'] as const
export type RequestState = (typeof requestStates)[number]

const ofRequest = z.strictObject({ kind: z.enum(requestKinds), request: z.uuid() })
/** Object is the person. */
export const Asked = word('Create', 'Request', ofRequest)
export const Answered = word('Accept', 'Request', ofRequest)
export const Refused = word('Reject', 'Request', ofRequest)
export const TakenUp = word('Undo', 'Request', ofRequest)
/** An erasure is decided, for a moment to come; or called off before it. */
export const Decided = word('Update', 'Request', ofRequest)
export const CalledOff = word('Remove', 'Request', ofRequest)
/** Nothing of this person may be erased for now; or may again. */
export const Held = word('Block', 'Erasure', z.strictObject({ hold: z.uuid() }))
export const Released = word('Undo', 'Block', z.strictObject({ hold: z.uuid() }))

const ofRule = z.strictObject({ kind: z.string().max(63), months: z.number().int() })
/** Object is the rule. */
export const RuleMade = word('Create', 'Retention', ofRule)
export const RuleRemoved = word('Remove', 'Retention', ofRule)
export const RuleBack = word('Undo', 'Retention', ofRule)
/** What was too old is gone. */
export const Ended = word('Delete', 'Retention', z.strictObject({ kind: z.string().max(63), count: z.number().int() }))

export const request = z.object({
  id: z.string(),
  kind: z.enum(requestKinds),
  person: card.nullable(),
  how: z.enum(ways),
  note: z.string(),
  askedAt: z.date(),
  /** A day: `2026-03-01`. */
  dueOn: z.string(),
  state: z.enum(requestStates),
  effectiveAt: z.date().nullable(),
  says: z.string().nullable(),
  notedBy: card.nullable(),
  endedAt: z.date().nullable(),
  /** Of whoever asked by themselves: proved to be theirs, and where the answer goes. */
  address: z.string().nullable(),
})
export type Request = z.output<typeof request>

/** What becomes of the rows of one table. */
export const fates = ['goes', 'empties', 'stays'] as const
export const share = z.object({
  table: z.string(),
  theme: z.string(),
  fate: z.enum(fates),
  count: z.number(),
  because: z.string().nullable(),
})
export type Share = z.output<typeof share>

export const hold = z.object({ id: z.string(), person: card.nullable(), reason: z.string(), by: card.nullable(), at: z.date() })

export const rule = z.object({ id: z.string(), kind: z.string(), title: z.string(), months: z.number(), removedAt: z.date().nullable() })
export type Rule = z.output<typeof rule>

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({
  // That somebody asked, and until when it was done, stays as the proof; what they wrote goes.
  rights_request: {
    of: { person: 'person' },
    leads: { file: 'file' },
    blank: { note: '', file: null, says: null, address: null },
    plain: ['kind', 'how', 'state', 'language', 'counts', 'needles'],
    hide: ['counts', 'needles', 'task', 'file'],
    theme: 'access',
  },
  rights_thing: nobody,
  rights_hold: { of: { person: 'person' }, blank: { reason: '…' }, theme: 'access' },
  retention_rule: nobody,
  retention_run: nobody,
})
