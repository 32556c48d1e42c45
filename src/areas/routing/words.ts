/** What happens by itself when something comes in: when, if, then; and why it happened. */

import { z } from 'zod'
import { priorities, type State } from '#areas/cases/words.ts'
import { id, line, text } from '#kernel/action.ts'
import { keeps, nobody } from '#kernel/keeps.ts'
import { word } from '#social/activities/words.ts'

export { priorities, type State }

const named = z.strictObject({ name: z.string().max(120) })
/** Object is the rule in all of these. */
export const Made = word('Create', 'RoutingRule', named)
export const Changed = word('Update', 'RoutingRule', named)
export const Archived = word('Remove', 'RoutingRule', named)
export const BroughtBack = word('Add', 'RoutingRule', named)
export const TurnedOn = word('Accept', 'RoutingRule', named)
export const TurnedOff = word('Reject', 'RoutingRule', named)
/** A rule was about to run by what it had itself begun, and did not; target is the thing. */
export const Stopped = word('Flag', 'RoutingRule', named)

/** `unanswered` = somebody outside has waited so long; `waiting` = we have waited for their answer so long. */
export const whens = ['message', 'conversation', 'unanswered', 'waiting', 'caseOpened', 'caseWarned', 'caseBreached'] as const
export type When = (typeof whens)[number]
export const ofCases: readonly When[] = ['caseOpened', 'caseWarned', 'caseBreached']
export const timed: readonly When[] = ['unanswered', 'waiting']

/** What an explanation is of: also that somebody became free for what waited. */
export const events = [...whens, 'freed'] as const
export type Event = (typeof events)[number]

/** What a condition is about. `hours` = which teams work now (`all`: the organisation); `owner` = `nobody`, `somebody` or `away`. */
export const abouts = [
  'words',
  'channel',
  'account',
  'brand',
  'language',
  'side',
  'tier',
  'segment',
  'label',
  'owner',
  'hours',
  'machine',
  'priority',
  'type',
] as const
export type About = (typeof abouts)[number]
export const owners = ['nobody', 'somebody', 'away'] as const

/** Holds when any of the values is so (`is`), or none of them (`isNot`). */
export const condition = z.strictObject({
  about: z.enum(abouts),
  how: z.enum(['is', 'isNot']).default('is'),
  values: z.array(line(200)).min(1).max(20),
})
export type Condition = z.output<typeof condition>

export const ways = ['load', 'turn'] as const

/** What is done, in this order; what is left out is not done. */
export const deeds = z.strictObject({
  labels: z.array(line(60)).max(10).default([]),
  priority: z.enum(priorities).optional(),
  case: z.strictObject({ type: id.nullable(), priority: z.enum(priorities), team: id.nullable() }).optional(),
  /** A colleague. */
  person: id.optional(),
  /** Somebody of a team: whoever has least to do, or whose turn it is; with a skill, and below so many open things. */
  team: z
    .strictObject({ team: id, way: z.enum(ways), skill: line(60).optional(), limit: z.number().int().min(1).max(1000).optional() })
    .optional(),
  macro: id.optional(),
  /** `owner`, colleagues, or whole teams. */
  tell: z
    .array(z.union([z.literal('owner'), id]))
    .max(20)
    .default([]),
  /** An answer that goes out by itself, once to each person for as long as nobody is there. */
  notice: text(4000).optional(),
  /** What waits is closed; so many days before that the customer is told in these words. */
  close: z.strictObject({ days: z.number().int().min(1).max(60), notice: line(4000) }).optional(),
  spam: z.boolean().default(false),
  /** No rule below this one looks at it any more. */
  stop: z.boolean().default(false),
})
export type Deeds = z.output<typeof deeds>

export const definition = z.strictObject({
  name: line(120),
  when: z.enum(whens),
  /** After so many minutes, for what is due by time. */
  minutes: z.number().int().min(1).max(525_600).optional(),
  /** They are minutes in which the organisation works. */
  working: z.boolean().default(false),
  match: z.enum(['all', 'any']).default('all'),
  conditions: z.array(condition).max(20).default([]),
  deeds: deeds,
})
export type Definition = z.output<typeof definition>

export const rule = z.object({
  id: z.string(),
  position: z.number(),
  on: z.boolean(),
  archived: z.boolean(),
  definition,
  /** What it names and is gone, by what it is about. */
  faults: z.array(z.string()),
  /** How often it ran in the last thirty days. */
  ran: z.number(),
  stoppedAt: z.date().nullable(),
})
export type Rule = z.output<typeof rule>

/** Why somebody of a team got something, or did not. */
export const reasons = ['chosen', 'away', 'unable', 'full', 'busier', 'later'] as const
/** Why nobody got it: it waits for the team. */
export const shortfalls = ['empty', 'closed', 'idle', 'away', 'unable', 'full'] as const

export const among = z.object({ person: z.string(), load: z.number(), because: z.enum(reasons) })
export type Among = z.output<typeof among>

/** What one rule did with one thing, or why it did not. `says` is the outcome in a word. */
export const did = z.object({
  rule: z.string(),
  does: z.enum(['label', 'person', 'team', 'priority', 'case', 'macro', 'tell', 'notice', 'close', 'spam', 'gone', 'stopped']),
  says: z.string(),
  /** Who got it, who was told, or what it was. */
  people: z.array(z.string()).optional(),
  what: z.string().optional(),
  among: z.array(among).optional(),
})
export type Did = z.output<typeof did>

/** How a rule looked at something. `held`: it ran. `place` is that of the first condition that did not hold. */
export const look = z.object({
  rule: z.string(),
  name: z.string(),
  held: z.boolean(),
  because: z.enum(['held', 'condition', 'none', 'ended', 'itself', 'deep', 'often']),
  condition: condition.nullable(),
})

/** Why something went where it went: one thing that happened, and what the rules made of it. */
export const explained = z.object({
  id: z.string(),
  at: z.date(),
  when: z.enum(events),
  cause: z.string(),
  /** How many rules had led to it before. */
  depth: z.number(),
  looks: z.array(look),
  did: z.array(did),
})
export type Explained = z.output<typeof explained>

/** Waits for somebody of a team to be free. */
export const queued = z.object({
  thread: z.string(),
  team: z.string(),
  subject: z.string(),
  since: z.date(),
  because: z.enum(shortfalls),
})
export type Queued = z.output<typeof queued>

/** What one can ask to be told of, and where: in a saved view, at a team, where nobody has it, or anywhere. */
export const watched = ['conversation', 'message', 'caseOpened', 'caseWarned', 'caseBreached'] as const
export const places = ['any', 'unowned', 'team', 'view'] as const
export const watch = z.object({ id: z.string(), event: z.enum(watched), place: z.enum(places), target: z.string().nullable() })
export type Watch = z.output<typeof watch>

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({
  routing_rule: nobody,
  routing_version: nobody,
  routing_set: nobody,
  routing_day: nobody,
  // Ids, places of conditions and outcomes in a word; they go, because they tell who wrote when.
  routing_run: { of: { thread: 'thread', thing: ['thread', 'cases'] }, hide: true },
  routing_hit: { of: { run: 'routing_run' }, hide: true },
  routing_chain: { of: { thing: ['thread', 'cases'] }, hide: true },
  routing_queue: { of: { thread: 'thread' }, hide: true },
  routing_closing: { of: { thread: 'thread' }, hide: true },
  routing_notice: { of: { person: 'person' }, theme: 'traces' },
  routing_turn: { of: { person: 'person' }, theme: 'work' },
  routing_watch: { of: { person: 'person' }, theme: 'work' },
})
