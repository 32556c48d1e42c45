/** What is to be solved, apart from what is said about it: with number, owner, clock and end. */
import { z } from 'zod'
import { idsOnly, keeps, nobody } from '#kernel/keeps.ts'
import { slot } from '#kernel/page.tsx'
import { word } from '#social/activities/words.ts'
import { type Tier, tiers } from '#social/traits/words.ts'

export { type Tier, tiers }

export const states = ['new', 'open', 'waiting', 'closed'] as const
export type State = (typeof states)[number]
export const priorities = ['urgent', 'high', 'normal', 'low'] as const
export type Priority = (typeof priorities)[number]
export const views = ['mine', 'team', 'unowned', 'breaching', 'active', 'waiting', 'closed', 'all'] as const
export type View = (typeof views)[number]
/** What can be due, and how near that is. */
export const targets = ['first', 'solve'] as const
export type Target = (typeof targets)[number]
export const dues = ['first.warned', 'first.breached', 'solve.warned', 'solve.breached'] as const
export type Due = (typeof dues)[number]

const none = z.strictObject({})
const named = z.strictObject({ name: z.string().max(100) })
const aboutTarget = z.strictObject({ target: z.enum(targets), due: z.string() })

/** Object is the case in all of these; thread is where colleagues talk about it. */
export const Opened = word(
  'Create',
  'Case',
  z.strictObject({ number: z.number(), priority: z.enum(priorities), from: z.string().nullable() }),
)
export const Changed = word('Update', 'Case', z.strictObject({ fields: z.array(z.string().max(60)).max(60) }))
export const Moved = word('Move', 'Case', z.strictObject({ from: z.enum(states), to: z.enum(states) }))
export const Assigned = word('Add', 'CaseOwner', z.strictObject({ to: z.string(), from: z.string().nullable() }))
export const Unassigned = word('Remove', 'CaseOwner', z.strictObject({ from: z.string() }))
/** `minutes` are working minutes from its opening without pauses; `kept` is null where nothing was due. */
export const Answered = word('Accept', 'Case', z.strictObject({ minutes: z.number(), kept: z.boolean().nullable() }))
export const Closed = word(
  'Create',
  'CaseClosure',
  z.strictObject({ minutes: z.number(), kept: z.boolean().nullable(), cause: z.string().nullable(), duplicateOf: z.string().nullable() }),
)
/** `after` is in days since it was closed. */
export const Reopened = word('Undo', 'CaseClosure', z.strictObject({ because: z.enum(['person', 'message', 'undo']), after: z.number() }))
/** Its clock stands still, and goes on; `minutes` are the working minutes between. */
export const Paused = word('Create', 'CasePause', none)
export const WentOn = word('Undo', 'CasePause', z.strictObject({ minutes: z.number() }))
export const Warned = word('Flag', 'Case', aboutTarget)
export const Breached = word('Flag', 'CaseTarget', aboutTarget)
/** Target is who was called. */
export const Escalated = word('Announce', 'Case', aboutTarget)
/** The customer wrote again long after its end; a new case would fit better. */
export const Suggested = word('Question', 'Case', none)
/** Target is the thread. */
export const Linked = word('Add', 'CaseThread', none)
export const Unlinked = word('Remove', 'CaseThread', none)
export const Ticked = word('Add', 'CaseCheck', z.strictObject({ text: z.string().max(500) }))
export const Unticked = word('Remove', 'CaseCheck', z.strictObject({ text: z.string().max(500) }))
export const TimeSpent = word('Add', 'CaseTime', z.strictObject({ minutes: z.number() }))
export const TimeTaken = word('Remove', 'CaseTime', z.strictObject({ minutes: z.number() }))
/** The customer's link was ended and another one made. */
export const LinkRenewed = word('Update', 'CaseLink', none)

export const TypeMade = word('Create', 'CaseType', named)
export const TypeChanged = word('Update', 'CaseType', named)
export const TypeArchived = word('Remove', 'CaseType', named)
export const TypeBack = word('Add', 'CaseType', named)
export const PolicyMade = word('Create', 'CasePolicy', named)
export const PolicyChanged = word('Update', 'CasePolicy', named)
export const PolicyArchived = word('Remove', 'CasePolicy', named)
export const PolicyBack = word('Add', 'CasePolicy', named)
export const RulesChanged = word('Update', 'CaseRules', z.strictObject({ reopenDays: z.number() }))

export const fieldKinds = ['line', 'text', 'number', 'date', 'choice', 'flag'] as const
/** What is asked of a case of some type. `key` stays when its label changes. */
export const field = z.strictObject({
  key: z.string().regex(/^[a-z0-9]{1,40}$/),
  label: z.string().trim().min(1).max(100),
  kind: z.enum(fieldKinds),
  required: z.boolean(),
  choices: z.array(z.string().trim().min(1).max(100)).max(100),
})
export type Field = z.output<typeof field>
/** A value for each key; a flag that is not set is not there. */
export const values = z.record(z.string().max(40), z.union([z.string().max(10_000), z.number(), z.literal(true)]))
export type Values = z.output<typeof values>

export const caseType = z.object({
  id: z.string(),
  name: z.string(),
  fields: z.array(field),
  checklist: z.array(z.string()),
  archivedAt: z.date().nullable(),
})
export type CaseType = z.output<typeof caseType>

export const policy = z.object({
  id: z.string(),
  name: z.string(),
  channel: z.string().nullable(),
  tier: z.enum(tiers).nullable(),
  priority: z.enum(priorities).nullable(),
  /** In working minutes. */
  firstMinutes: z.number().nullable(),
  solveMinutes: z.number().nullable(),
  /** At which share of the time a warning comes. */
  warnPercent: z.number(),
  escalateTo: z.string().nullable(),
  archivedAt: z.date().nullable(),
})
export type Policy = z.output<typeof policy>

export const theCase = z.object({
  id: z.string(),
  number: z.number(),
  title: z.string(),
  about: z.string(),
  type: z.string().nullable(),
  priority: z.enum(priorities),
  tier: z.enum(tiers),
  state: z.enum(states),
  owner: z.string().nullable(),
  team: z.string().nullable(),
  person: z.string().nullable(),
  channel: z.string().nullable(),
  parent: z.string().nullable(),
  duplicateOf: z.string().nullable(),
  discussion: z.string(),
  fields: values,
  minutes: z.number(),
  openedAt: z.date(),
  changedAt: z.date(),
  closedAt: z.date().nullable(),
  cause: z.string().nullable(),
  policy: z.string().nullable(),
  firstDue: z.date().nullable(),
  solveDue: z.date().nullable(),
  answeredAt: z.date().nullable(),
  alarm: z.enum(['warned', 'breached']).nullable(),
})
export type Case = z.output<typeof theCase>

/** As a list shows it. */
export const listed = theCase.extend({ personName: z.string().nullable(), ownerName: z.string().nullable() })
export type Listed = z.output<typeof listed>

export const check = z.object({ id: z.string(), text: z.string(), doneAt: z.date().nullable(), doneBy: z.string().nullable() })
export const spent = z.object({ id: z.string(), person: z.string().nullable(), minutes: z.number(), note: z.string(), at: z.date() })

/** A stretch in which the clock of a case stands still. */
export interface Pause {
  began: Date
  ended: Date | null
}

/** Beside a case: what other rooms know about this matter. */
export const casePanel = slot<{ case: string; person: string | null }>('cases.case')

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({
  cases: {
    of: { person: 'person' },
    leads: { discussion: 'thread' },
    blank: { title: '…', about: '', fields: {}, cause: null, door: '00000000-0000-0000-0000-000000000000' },
    plain: ['priority', 'tier', 'state', 'channel', 'told', 'alarm'],
    hide: ['door'],
    theme: 'conversations',
    ages: 'closed_at',
    called: 'cases.retained',
    path: '/cases/K-{number}',
  },
  case_thread: idsOnly(),
  case_check: { of: { case_id: 'cases' }, blank: { text: '…' }, theme: 'work' },
  case_time: { of: { case_id: 'cases' }, blank: { note: '' }, theme: 'work' },
  case_pause: nobody,
  case_due: nobody,
  case_number: nobody,
  case_type: nobody,
  case_policy: nobody,
  case_rules: nobody,
  case_count: nobody,
})
