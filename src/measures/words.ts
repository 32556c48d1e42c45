/** What can be measured: each measure as data, with what it counts and what it is divided by. Its sentences are in the locales, its one query in the store. */
import { z } from 'zod'
import { number, percent, t } from '#kernel/messages.ts'
import { word } from '#social/activities/words.ts'

export type Unit = 'share' | 'count' | 'minutes'
/** Where the things behind a value are listed: needs for an answer, whole conversations, or single messages. */
export type Grain = 'need' | 'conversation' | 'message'

export interface Measure {
  /** Names its denominator where it has one that is not plain from the name. */
  id: MeasureId
  /** Changes with the formula; every value keeps the version that it was computed with. */
  version: string
  unit: Unit
  /** `share`: numerator by denominator; `count`: how many; `time`: median and 90th percentile. */
  combine: 'share' | 'count' | 'time'
  phase: 'exposure' | 'engagement' | 'influence' | 'action' | 'service'
  /** Verb and noun of the activities that it counts. */
  counts: readonly string[]
  grain: Grain
  /** Fewer than these are not enough data. */
  minSample: number
  better: 'higher' | 'lower' | 'neither'
}

export const measureIds = [
  'response.rate',
  'response.first.calendar',
  'response.first.business',
  'dialogue.ratio',
  'depth',
  'mentions',
  'triage.ownedByConversation',
  'initiative.share',
  'threads.bothSidesByThread',
] as const
export type MeasureId = (typeof measureIds)[number]

const said = 'Create:Message'
const talk = { version: '1', counts: [said], minSample: 5 } as const

/** The catalogue. `measures.<id>.name`, `.says` and `.of` are its words: what it is called, what it says, what it is divided by. */
export const catalogue: readonly Measure[] = [
  { ...talk, id: 'response.rate', unit: 'share', combine: 'share', phase: 'service', grain: 'need', better: 'higher' },
  { ...talk, id: 'response.first.calendar', unit: 'minutes', combine: 'time', phase: 'service', grain: 'need', better: 'lower' },
  { ...talk, id: 'response.first.business', unit: 'minutes', combine: 'time', phase: 'service', grain: 'need', better: 'lower' },
  { ...talk, id: 'dialogue.ratio', unit: 'share', combine: 'share', phase: 'engagement', grain: 'message', better: 'higher' },
  { ...talk, id: 'depth', unit: 'share', combine: 'share', phase: 'engagement', grain: 'conversation', better: 'higher' },
  { ...talk, id: 'mentions', unit: 'count', combine: 'count', phase: 'engagement', grain: 'message', better: 'neither', minSample: 0 },
  {
    ...talk,
    id: 'triage.ownedByConversation',
    unit: 'share',
    combine: 'share',
    phase: 'service',
    counts: [said, 'Add:Assignment'],
    grain: 'conversation',
    better: 'higher',
  },
  { ...talk, id: 'initiative.share', unit: 'share', combine: 'share', phase: 'engagement', grain: 'conversation', better: 'higher' },
  {
    ...talk,
    id: 'threads.bothSidesByThread',
    unit: 'share',
    combine: 'share',
    phase: 'engagement',
    counts: [said, 'Create:Note'],
    grain: 'conversation',
    better: 'higher',
  },
]

export const measureId = z.enum(measureIds)
export const measureOf = (id: MeasureId): Measure => catalogue.find(each => each.id === id)!

/** How many of each logarithmic bucket; merged by adding. */
export type Sketch = Record<string, number>

/** What one measure came to on one day, or on several taken together. */
export interface Tally {
  numerator: number
  denominator: number
  n: number
  sketch: Sketch
}
export interface DayTally extends Tally {
  /** `2026-11-15` in the organisation's time zone. */
  day: string
}

/** A stretch of whole days, both ends included. */
export interface Window {
  from: string
  until: string
}
export const windowDays = [7, 30, 90, 365] as const

/** The whole organisation, or one channel of it (`channel:<name>`). */
export const scopeSchema = z.string().regex(/^(all|channel:[a-z0-9-]{1,60})$/)
export const everything = 'all'

export interface Value {
  measure: MeasureId
  scope: string
  window: Window
  /** Null: not enough data. A share is between 0 and 1, a time is the median in minutes. */
  value: number | null
  /** The 90th percentile of a time. */
  p90: number | null
  numerator: number
  denominator: number
  n: number
  /** Share of the window's days since when something is known at all. */
  coverage: number
  /** The end of the last day that has data. */
  asOf: Date | null
  version: string
}

/** Something behind a value. */
export interface Behind {
  id: string
  thread: string
  message: string | null
  at: Date
  person: string | null
  channel: string | null
  /** Does it hold: was it answered, is it deep …; null where the measure only counts. */
  holds: boolean | null
  minutes: number | null
  subject: string
  snippet: string
}

/** Which things behind a value. */
export interface Asked {
  measure: MeasureId
  scope: string
  window: Window
  holds?: boolean
  before?: string
  limit: number
}

/** The whole history is being counted again, because somebody asked for it. */
export const Rebuilt = word('Update', 'Measures', z.strictObject({ threads: z.int() }))

/** A time as people say it: seconds are nothing, then minutes, hours, days. */
export function duration(minutes: number): string {
  const unit = (value: number, name: string) =>
    number(value, { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: value < 10 ? 1 : 0 })
  if (minutes < 1) return t('measures.time.underMinute')
  if (minutes < 120) return unit(Math.round(minutes), 'minute')
  return minutes < 48 * 60 ? unit(minutes / 60, 'hour') : unit(minutes / 1440, 'day')
}

/** A value in its unit, in the reader's language. */
export const inUnit = (unit: Unit, value: number): string =>
  unit === 'share' ? percent(value) : unit === 'minutes' ? duration(value) : number(value)
