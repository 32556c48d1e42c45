/** What other systems keep and a conversation is about: orders, invoices, contracts, each of a kind that the organisation defined. */
import { z } from 'zod'
import { word } from '#social/activities/words.ts'
import { fieldKinds } from '#social/fields/words.ts'

export { type FieldKind, fieldKinds } from '#social/fields/words.ts'

/** What a field is for besides its value: by the key a record is told again; the state stands on its card; the person is found by what it says. */
export const roles = ['key', 'title', 'person', 'state'] as const
export type Role = (typeof roles)[number]

/** What is known of every record of a kind. `key` is what programs call it and stays when the label changes. */
export const field = z.strictObject({
  key: z.string().regex(/^[a-z0-9][a-z0-9_]{0,39}$/),
  label: z.string().trim().min(1).max(100),
  kind: z.enum(fieldKinds),
  choices: z.array(z.string().trim().min(1).max(200)).max(200).default([]),
  required: z.boolean().default(false),
  /** Stands on the card beside a conversation. */
  card: z.boolean().default(false),
  role: z.enum(roles).nullable().default(null),
  /** Shown nowhere and asked of nobody; what it said stays. */
  archived: z.boolean().default(false),
})
export type Field = z.output<typeof field>

/** By the keys of fields, as they are written down: numbers with a point, days as 2026-03-01, yes or no. */
export const values = z.record(z.string(), z.string())
export type Values = z.output<typeof values>

export const kind = z.object({
  id: z.string(),
  name: z.string(),
  one: z.string(),
  many: z.string(),
  fields: z.array(field),
  /** A network, `id`, `company`, or `field:<id>` of the organisation’s own fields of people. */
  personBy: z.string().nullable(),
  archivedAt: z.date().nullable(),
})
export type Kind = z.output<typeof kind>

export const theRecord = z.object({
  id: z.string(),
  kind: z.string(),
  key: z.string(),
  title: z.string(),
  state: z.string().nullable(),
  fields: values,
  person: z.string().nullable(),
  /** What was said of the person, as long as nobody is known by it. */
  personSays: z.string().nullable(),
  discussion: z.string(),
  createdAt: z.date(),
  changedAt: z.date(),
})
export type TheRecord = z.output<typeof theRecord>

/** As a list shows it. */
export const listed = theRecord.extend({ personName: z.string().nullable() })
export type Listed = z.output<typeof listed>

const named = z.strictObject({ name: z.string().max(60) })
/** Object is the kind. */
export const KindMade = word('Create', 'RecordKind', named)
export const KindChanged = word('Update', 'RecordKind', named)
export const KindArchived = word('Remove', 'RecordKind', named)
export const KindBack = word('Add', 'RecordKind', named)

const about = { kind: z.string().max(40), key: z.string().max(200) }
const change = z.strictObject({ field: z.string().max(40), from: z.string().max(300).nullable(), to: z.string().max(300).nullable() })
export type Change = z.output<typeof change>

/** Object is the record in all of these, target its person; thread is where colleagues talk about it. */
export const Arrived = word('Create', 'Record', z.strictObject({ ...about, state: z.string().max(200).nullable() }))
/** What it said before and says now, a long one only its beginning; of the person it tells only that they are another. */
export const Changed = word(
  'Update',
  'Record',
  z.strictObject({ ...about, state: z.string().max(200).nullable(), changes: z.array(change).max(100) }),
)
export const Removed = word('Delete', 'Record', z.strictObject(about))
/** Somebody appeared who is known by what it says. */
export const Matched = word('Add', 'RecordPerson', z.strictObject(about))

/** Object is the source. */
export const SourceMade = word('Create', 'RecordSource', z.strictObject({ name: z.string().max(100) }))
export const SourceChanged = word('Update', 'RecordSource', z.strictObject({ name: z.string().max(100) }))
export const SourceRemoved = word('Remove', 'RecordSource', z.strictObject({ name: z.string().max(100) }))
export const SourceBack = word('Add', 'RecordSource', z.strictObject({ name: z.string().max(100) }))

/** What came of a row. */
export const outcomes = ['new', 'changed', 'same', 'refused'] as const
export const outcome = z.object({
  /** Its place among those that were sent, from 0. */
  row: z.number(),
  key: z.string().nullable(),
  record: z.string().nullable(),
  outcome: z.enum(outcomes),
  /** Why it did not go in: a message key with its values, and the sentence. */
  fault: z.string().optional(),
  told: z.record(z.string(), z.string()).optional(),
  says: z.string().optional(),
})
export type Outcome = z.output<typeof outcome>

export const refusedRow = z.object({
  id: z.string(),
  key: z.string().nullable(),
  says: z.string(),
  told: z.record(z.string(), z.string()),
  body: z.string().nullable(),
  at: z.date(),
})
export type RefusedRow = z.output<typeof refusedRow>

export const ways = ['door', 'address'] as const
export type Way = (typeof ways)[number]
export const formats = ['json', 'csv'] as const
export type Format = (typeof formats)[number]

export const source = z.object({
  id: z.string(),
  kind: z.string(),
  way: z.enum(ways),
  name: z.string(),
  url: z.string().nullable(),
  format: z.enum(formats),
  minutes: z.number().nullable(),
  listAt: z.string(),
  places: z.record(z.string(), z.string()),
  askedAt: z.date().nullable(),
  arrivedAt: z.date().nullable(),
  failingSince: z.date().nullable(),
  says: z.string().nullable(),
  sample: z.string().nullable(),
  pausedAt: z.date().nullable(),
  removedAt: z.date().nullable(),
})
export type Source = z.output<typeof source>
