/** How an account comes to be connected: an attempt, step by step. */
import { z } from 'zod'

export const step = z.object({
  says: z.string().max(200),
  values: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  state: z.enum(['running', 'done', 'failed']),
  advice: z.string().max(500).optional(),
})

/** A connection that is being tried, was made, or could not be. */
export const attempt = z.object({
  id: z.string(),
  channel: z.string(),
  account: z.string().nullable(),
  steps: z.array(step),
  state: z.enum(['running', 'done', 'failed']),
  says: z.string().nullable(),
  at: z.date(),
})
export type Attempt = z.output<typeof attempt>
