/** Other programs are told what happens here: where, of what, and what became of it. */
import { z } from 'zod'
import { keeps, nobody } from '#kernel/keeps.ts'
import { word } from '#social/activities/words.ts'

const named = z.strictObject({ name: z.string().max(100) })

/** Somebody has another program told what happens here. */
export const Made = word('Create', 'Hook', named)
/** It is told otherwise: another address, other things, another secret. */
export const Changed = word('Update', 'Hook', named)
/** It is told nothing any more, because a person said so, or because nothing arrived. */
export const Stopped = word('Reject', 'Hook', named.extend({ because: z.enum(['person', 'gone', 'failing']) }))
/** It is told again. */
export const Resumed = word('Accept', 'Hook', named)
export const Removed = word('Delete', 'Hook', named)

export const states = ['waiting', 'done', 'failed'] as const
export type DeliveryState = (typeof states)[number]

export const hookCard = z.object({
  id: z.string(),
  name: z.string(),
  url: z.string(),
  /** Empty: whatever happens, unless it is only called. */
  types: z.array(z.string()),
  /** Conditions, a line each. */
  filter: z.string(),
  /** Told nothing by itself, only what a rule calls it for. */
  called: z.boolean(),
  failingSince: z.date().nullable(),
  stoppedAt: z.date().nullable(),
  stoppedBecause: z.string().nullable(),
  /** Until then the secret before the last one is good as well. */
  secretBeforeUntil: z.date().nullable(),
  createdAt: z.date(),
})
export type HookCard = z.output<typeof hookCard>

export const deliveryCard = z.object({
  id: z.string(),
  type: z.string(),
  state: z.enum(states),
  attempts: z.number(),
  /** Of the last answer; null when there was none. */
  status: z.number().nullable(),
  tookMs: z.number().nullable(),
  createdAt: z.date(),
  triedAt: z.date().nullable(),
  dueAt: z.date().nullable(),
})
export type DeliveryCard = z.output<typeof deliveryCard>

/** What is sent to try an address. */
export const testType = 'hooks.tested'

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({
  hook: nobody,
  hook_delivery: { of: { activity: 'activity' }, hide: true, ages: 'created_at', called: 'hooks.retained' },
})
