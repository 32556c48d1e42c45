/** People by what is known of them: saved conditions, as data. */
import { z } from 'zod'
import { id, text } from '#kernel/action.ts'
import { keeps, nobody } from '#kernel/keeps.ts'
import { word } from '#social/activities/words.ts'
import { card } from '#social/people/words.ts'

const named = z.strictObject({ name: z.string().max(100) })
/** Object is the segment. */
export const Made = word('Create', 'Segment', named)
export const Changed = word('Update', 'Segment', named)
export const Removed = word('Remove', 'Segment', named)
export const BroughtBack = word('Undo', 'Segment', named)

/** What a condition is about. `field`, `consent` and `list` name which one in `of`. */
export const abouts = [
  'side',
  'tier',
  'player',
  'kind',
  'company',
  'language',
  'zone',
  'field',
  'consent',
  'list',
  'tag',
  'network',
  'talked',
  'met',
  'threads',
] as const
export type About = (typeof abouts)[number]

export const hows = ['is', 'isNot', 'contains', 'atLeast', 'atMost', 'within', 'notWithin', 'known', 'unknown'] as const
export type How = (typeof hows)[number]

/** `value` is a word, a number, a day or a number of days, by what it is about. */
export const condition = z.strictObject({ about: z.enum(abouts), of: id.optional(), how: z.enum(hows), value: text(300).default('') })
export type Condition = z.output<typeof condition>

export const matches = ['all', 'any'] as const
export type Match = (typeof matches)[number]
export const definition = z.strictObject({ match: z.enum(matches), conditions: z.array(condition).max(20) })
export type Definition = z.output<typeof definition>

export const segment = z.object({
  id: z.string(),
  name: z.string(),
  match: z.enum(matches),
  conditions: z.array(condition),
  removedAt: z.date().nullable(),
})
export type Segment = z.output<typeof segment>

/** Somebody of a segment, and the places of the conditions that fit. */
export const belonging = z.object({ person: card, because: z.array(z.number()) })
export type Belonging = z.output<typeof belonging>

/** What conditions are judged by: everything that is known of one person, of all its records together. */
export interface Facts {
  id: string
  kind: string
  language: string | null
  zone: string | null
  hasCompany: boolean
  created_at: Date
  sides: string[]
  tiers: string[]
  players: string[]
  /** Names as they are looked for. */
  companies: string[]
  tags: string[]
  /** Ids of the lists on which they are. */
  lists: string[]
  networks: string[]
  fields: { field: string; value: string; number: number | null; day: string | null }[]
  /** Of each purpose the last word. */
  consents: { purpose: string; allows: boolean }[]
  threads: number
  lastAt: Date | null
}

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({ segment: nobody })
