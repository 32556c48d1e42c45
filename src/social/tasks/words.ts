/** Small things to do that belong to a thread. */
import { z } from 'zod'
import { keeps } from '#kernel/keeps.ts'
import { word } from '#social/activities/words.ts'

const about = z.strictObject({ task: z.string(), text: z.string() })

/** Object is the thread, target the colleague who has to do it. */
export const Given = word('Create', 'Task', about)
export const Done = word('Accept', 'Task', about)
export const OpenAgain = word('Undo', 'Accept', about)
export const Removed = word('Delete', 'Task', about)
export const BroughtBack = word('Undo', 'Task', about)

export const task = z.object({
  id: z.string(),
  thread: z.string(),
  text: z.string(),
  person: z.string().nullable(),
  /** A day, `2026-03-04`. */
  until: z.string().nullable(),
  done: z.boolean(),
})
export type Task = z.output<typeof task>

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({ thread_task: { of: { thread: 'thread' }, blank: { text: '…' }, theme: 'work' } })
