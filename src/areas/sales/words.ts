/** What somebody may buy: a wish that is heard, an opportunity with a value and a next step, and how it ended. */
import { z } from 'zod'
import { idsOnly, keeps, nobody } from '#kernel/keeps.ts'
import { word } from '#social/activities/words.ts'

export const states = ['lead', 'open', 'won', 'lost', 'aside'] as const
export type State = (typeof states)[number]
export const views = ['mine', 'overdue', 'leads', 'open', 'won', 'lost', 'aside', 'all'] as const
export type View = (typeof views)[number]
/** How it came to us: out of a conversation, handed over by care, noted by a colleague, or told by another program. */
export const ways = ['conversation', 'care', 'colleague', 'program'] as const
export type Came = (typeof ways)[number]
/** The two ends that have a reason. */
export const endings = ['lost', 'aside'] as const
export type Ending = (typeof endings)[number]

const none = z.strictObject({})
const named = z.strictObject({ name: z.string().max(100) })
const came = z.strictObject({ number: z.number(), came: z.enum(ways) })
const amount = { currency: z.string().max(3), value: z.number().nullable() }
/** How long it took from its beginning to its end. */
const days = z.number()

/** Object is the opportunity in all of these; thread is where colleagues talk about it, unless it says otherwise. */
export const LeadCame = word('Create', 'Lead', came)
export const Opened = word('Create', 'Opportunity', came)
export const Qualified = word('Accept', 'Lead', z.strictObject({ stage: z.string() }))
/** It was a lead only, after all. */
export const Unqualified = word('Undo', 'Lead', none)
export const SetAside = word('Reject', 'Lead', z.strictObject({ reason: z.string() }))
export const Moved = word('Move', 'Opportunity', z.strictObject({ from: z.string().nullable(), to: z.string(), chance: z.number() }))
export const Changed = word('Update', 'Opportunity', z.strictObject({ fields: z.array(z.string().max(60)).max(60) }))
export const Valued = word('Update', 'OpportunityValue', z.strictObject({ ...amount, from: z.number().nullable() }))
export const Assigned = word('Add', 'OpportunityOwner', z.strictObject({ to: z.string(), from: z.string().nullable() }))
export const Unassigned = word('Remove', 'OpportunityOwner', z.strictObject({ from: z.string() }))
export const Won = word('Create', 'Sale', z.strictObject({ ...amount, days }))
export const Lost = word('Create', 'Loss', z.strictObject({ ...amount, days, reason: z.string() }))
/** Out of an end, back to where it stood. */
export const Reopened = word('Undo', 'Opportunity', z.strictObject({ was: z.enum(['won', 'lost', 'aside']) }))
/** What is done next, and by when (a day). */
export const Planned = word('Create', 'NextStep', z.strictObject({ on: z.string().nullable() }))
export const StepDone = word('Accept', 'NextStep', z.strictObject({ on: z.string().nullable() }))
/** How a conversation came to it: it was made of it, care handed it over with its case, or somebody put it there. */
export const linkings = ['lead', 'opportunity', 'care', 'link'] as const
export type Linking = (typeof linkings)[number]
/** Thread and target are the conversation, so that its history tells of it. */
export const Linked = word('Add', 'OpportunityThread', z.strictObject({ number: z.number(), as: z.enum(linkings) }))
export const Unlinked = word('Remove', 'OpportunityThread', z.strictObject({ number: z.number() }))
/** Care gave it to sales: object is the case, thread its discussion, target the lead. */
export const HandedOver = word('Offer', 'Lead', none)
/** Sales gave it back to care: thread and target are the conversation. */
export const HandedBack = word('Offer', 'Opportunity', z.strictObject({ team: z.string(), number: z.number() }))

export const StageMade = word('Create', 'SalesStage', named)
export const StageChanged = word('Update', 'SalesStage', named)
export const StageArchived = word('Remove', 'SalesStage', named)
export const StageBack = word('Add', 'SalesStage', named)
export const ReasonMade = word('Create', 'SalesReason', named)
export const ReasonChanged = word('Update', 'SalesReason', named)
export const ReasonArchived = word('Remove', 'SalesReason', named)
export const ReasonBack = word('Add', 'SalesReason', named)
export const CurrencyChosen = word('Update', 'SalesRules', z.strictObject({ currency: z.string().max(3) }))

/** `usual` names one of the starting set; `name` is what the organisation calls it, or null as the usual one is called. */
export const stage = z.object({
  id: z.string(),
  usual: z.string().nullable(),
  name: z.string().nullable(),
  /** In percent. */
  chance: z.number(),
  place: z.number(),
  archivedAt: z.date().nullable(),
})
export type Stage = z.output<typeof stage>

export const reason = stage.omit({ chance: true }).extend({ ends: z.enum(endings) })
export type Reason = z.output<typeof reason>

/** A product in it; `unit` and `total` are in the smallest unit of the currency, `discount` in percent. */
export const line = z.object({
  id: z.string(),
  name: z.string(),
  quantity: z.number(),
  unit: z.number(),
  discount: z.number(),
  total: z.number(),
})
export type Line = z.output<typeof line>

export const opportunity = z.object({
  id: z.string(),
  number: z.number(),
  title: z.string(),
  about: z.string(),
  state: z.enum(states),
  stage: z.string().nullable(),
  person: z.string().nullable(),
  company: z.string().nullable(),
  owner: z.string().nullable(),
  team: z.string().nullable(),
  currency: z.string(),
  /** In the smallest unit of the currency; null as long as nobody knows it. */
  value: z.number().nullable(),
  /** In percent; `ownChance` when it is not that of the stage. */
  chance: z.number(),
  ownChance: z.boolean(),
  /** The value by its probability. */
  weighted: z.number(),
  expectedOn: z.string().nullable(),
  nextText: z.string().nullable(),
  nextOn: z.string().nullable(),
  nextOwner: z.string().nullable(),
  came: z.enum(ways),
  channel: z.string().nullable(),
  campaign: z.string().nullable(),
  case: z.string().nullable(),
  discussion: z.string(),
  reason: z.string().nullable(),
  reasonNote: z.string(),
  openedAt: z.date(),
  changedAt: z.date(),
  closedAt: z.date().nullable(),
  /** One more with each change. */
  version: z.number(),
})
export type Opportunity = z.output<typeof opportunity>

/** As a list shows it. */
export const listed = opportunity.extend({
  personName: z.string().nullable(),
  companyName: z.string().nullable(),
  ownerName: z.string().nullable(),
})
export type Listed = z.output<typeof listed>

/** How many stand alike, and what they are worth together, in one currency. */
export interface Counted {
  state: State
  stage: string | null
  owner: string | null
  team: string | null
  currency: string
  /** The first of the month in which it is expected, or ended. */
  month: string | null
  reason: string | null
  n: number
  /** How many of them have a value. */
  valued: number
  value: number
  weighted: number
}

/** What is expected and what is won, in one currency. */
export const sums = z.object({ open: z.number(), plain: z.number(), weighted: z.number(), wonCount: z.number(), won: z.number() })
export type Sums = z.output<typeof sums>

export const forecastOf = z.object({
  currency: z.string(),
  /** The year whose sales are `won`. */
  year: z.number(),
  total: sums,
  /** `2026-11`, `late` for what was expected before this month, `none` without a date. */
  months: z.array(sums.extend({ month: z.string() })),
  owners: z.array(sums.extend({ owner: z.string().nullable() })),
  lost: z.array(z.object({ reason: z.string().nullable(), n: z.number(), value: z.number() })),
})
export type Forecast = z.output<typeof forecastOf>

/** What somebody did before it was won: what they did, when, and by which channel. */
export const touch = z.object({
  id: z.string(),
  at: z.date(),
  verb: z.string(),
  noun: z.string(),
  area: z.string(),
  channel: z.string().nullable(),
  thread: z.string().nullable(),
})
export type Touch = z.output<typeof touch>

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({
  // What was sold for how much stays; who bought it, and every word about them, goes.
  opportunity: {
    of: { person: 'person', company: 'person' },
    leads: { discussion: 'thread' },
    blank: { title: '…', about: '', next_text: null, campaign: null, reason_note: '' },
    plain: ['state', 'currency', 'came', 'channel'],
    theme: 'work',
    ages: 'closed_at',
    called: 'sales.retained',
    path: '/sales/S-{number}',
  },
  opportunity_line: { of: { opportunity: 'opportunity' }, blank: { name: '…' }, theme: 'work' },
  opportunity_thread: idsOnly(),
  opportunity_last: nobody,
  opportunity_count: nobody,
  sales_stage: nobody,
  sales_reason: nobody,
  sales_rules: nobody,
})
