/** What can be measured: each measure as data, with what it counts and what it is divided by. Its sentences are in the locales, its one query in the store. */
import { z } from 'zod'
import { idsOnly, keeps, nobody } from '#kernel/keeps.ts'
import { number, percent, t } from '#kernel/messages.ts'
import { word } from '#social/activities/words.ts'

/** `score` is a share told as points of a hundred, −100 to 100; `mean` a number of a scale. */
export type Unit = 'share' | 'count' | 'minutes' | 'score' | 'mean'
/** Where the things behind a value are listed: needs for an answer, whole conversations, single messages, ends of conversations, cases, answers to surveys. */
export type Grain = 'need' | 'conversation' | 'message' | 'ending' | 'case' | 'rating'

export interface Measure {
  /** Names its denominator where it has one that is not plain from the name. */
  id: MeasureId
  /** Changes with the formula; every value keeps the version that it was computed with. */
  version: string
  unit: Unit
  /** `share` and `mean`: numerator by denominator; `count`: how many; `time`: median and 90th percentile. */
  combine: 'share' | 'mean' | 'count' | 'time'
  phase: 'exposure' | 'engagement' | 'influence' | 'action' | 'service' | 'satisfaction'
  /** Verb and noun of the activities that it counts. */
  counts: readonly string[]
  grain: Grain
  /** Fewer than these are not enough data. */
  minSample: number
  better: 'higher' | 'lower' | 'neither'
}

/** Counted as soon as something was said. */
export const soonIds = [
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
export type SoonId = (typeof soonIds)[number]
/** Counted some time after, with the parts of all others: what rests on cases, on ends, and on what people answered. */
export const laterIds = [
  'response.avg.calendar',
  'response.avg.business',
  'resolution.rate',
  'resolution.time.business',
  'resolution.time.calendar',
  'fcr.byConversation',
  'sla.kept.first',
  'sla.kept.solve',
  'csat.top2',
  'csat.mean',
  'ces.mean',
  'nps',
] as const
export type LaterId = (typeof laterIds)[number]
export const measureIds = [...soonIds, ...laterIds] as const
export type MeasureId = (typeof measureIds)[number]

const said = 'Create:Message'
const talk = { version: '1', counts: [said], minSample: 5 } as const
const ended = 'Create:CaseClosure'
const case_ = { version: '1', minSample: 5, phase: 'service', grain: 'case' } as const
const rating = { version: '1', minSample: 5, phase: 'satisfaction', grain: 'rating', counts: ['Create:Rating'], better: 'higher' } as const

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
  { ...talk, id: 'response.avg.calendar', unit: 'minutes', combine: 'mean', phase: 'service', grain: 'need', better: 'lower' },
  { ...talk, id: 'response.avg.business', unit: 'minutes', combine: 'mean', phase: 'service', grain: 'need', better: 'lower' },
  {
    ...case_,
    id: 'resolution.rate',
    unit: 'share',
    combine: 'share',
    counts: [ended, 'Undo:CaseClosure', 'Create:Rating'],
    better: 'higher',
  },
  { ...case_, id: 'resolution.time.business', unit: 'minutes', combine: 'time', counts: [ended], better: 'lower' },
  { ...case_, id: 'resolution.time.calendar', unit: 'minutes', combine: 'time', counts: ['Create:Case', ended], better: 'lower' },
  {
    ...talk,
    id: 'fcr.byConversation',
    unit: 'share',
    combine: 'share',
    phase: 'service',
    counts: [said, 'Create:Closure'],
    grain: 'ending',
    better: 'higher',
  },
  { ...case_, id: 'sla.kept.first', unit: 'share', combine: 'share', counts: ['Accept:Case', 'Flag:CaseTarget'], better: 'higher' },
  { ...case_, id: 'sla.kept.solve', unit: 'share', combine: 'share', counts: [ended, 'Flag:CaseTarget'], better: 'higher' },
  { ...rating, id: 'csat.top2', unit: 'share', combine: 'share' },
  { ...rating, id: 'csat.mean', unit: 'mean', combine: 'mean' },
  { ...rating, id: 'ces.mean', unit: 'mean', combine: 'mean' },
  { ...rating, id: 'nps', unit: 'score', combine: 'mean' },
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

/** The whole organisation, or a part of it: `channel:<name>`, `team:<id>`, `type:<id>` of cases, `topic:<label>`. */
export const scopeSchema = z.string().regex(/^(all|(channel|team|type):[a-z0-9-]{1,60}|topic:[^\n]{1,60})$/)
export const everything = 'all'
/** By what things can be told apart. */
export const dimensions = ['channel', 'team', 'type', 'topic'] as const
export type Dimension = (typeof dimensions)[number]

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
export function inUnit(unit: Unit, value: number): string {
  if (unit === 'share') return percent(value)
  if (unit === 'minutes') return duration(value)
  if (unit === 'score') return number(100 * value, { maximumFractionDigits: 0, signDisplay: 'exceptZero' })
  return unit === 'mean' ? number(value, { maximumFractionDigits: 2 }) : number(value)
}

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({
  measured_response: idsOnly('channel'),
  measured_conversation: idsOnly('channel', 'started_by'),
  measure_day: nobody,
  measure_dirty_thread: nobody,
  measure_dirty_day: nobody,
  measure_dirty_part: nobody,
  measure_state: nobody,
})
