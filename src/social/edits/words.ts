/** One change to many people at once, with the way back. */
import { z } from 'zod'
import { id, line, text } from '#kernel/action.ts'
import { languages } from '#kernel/messages.ts'
import { word } from '#social/activities/words.ts'
import { sideNames } from '#social/sides/words.ts'
import { players, tiers } from '#social/traits/words.ts'

/** What can be done with many; an empty language or field takes away what stood there, and so does no tier and no role. */
export const deed = z.discriminatedUnion('does', [
  z.strictObject({ does: z.literal('listPut'), list: id }),
  z.strictObject({ does: z.literal('listTake'), list: id }),
  z.strictObject({ does: z.literal('tier'), value: z.enum(tiers).nullable() }),
  z.strictObject({ does: z.literal('player'), value: z.enum(players).nullable() }),
  z.strictObject({ does: z.literal('language'), value: z.enum(['', ...languages]) }),
  z.strictObject({ does: z.literal('field'), field: id, value: text(2000) }),
  z.strictObject({ does: z.literal('tag'), tag: line(60) }),
  z.strictObject({ does: z.literal('untag'), tag: line(60) }),
  z.strictObject({ does: z.literal('side'), side: z.enum(sideNames) }),
  z.strictObject({ does: z.literal('sideEnd'), side: z.enum(sideNames) }),
])
export type Deed = z.output<typeof deed>
export type Does = Deed['does']

/** As it is asked for: a list by its name too, made if it is not there. */
export const wish = z.union([deed, z.strictObject({ does: z.literal('listPut'), name: line(100) })])
export type Wish = z.output<typeof wish>

/** Everybody of a segment, on a list, or whom the list of people finds. */
export const everybody = z.union([
  z.strictObject({ segment: id }),
  z.strictObject({ list: id }),
  z.strictObject({ q: text(200).optional(), side: z.enum(sideNames).optional() }),
])
export type Everybody = z.output<typeof everybody>

export const states = ['running', 'done', 'cancelled', 'undoing', 'undone'] as const
export type State = (typeof states)[number]

/** Object is the edit. */
export const Began = word('Update', 'People', z.strictObject({ does: z.string().max(20), count: z.number().int() }))

export const edit = z.object({
  id: z.string(),
  deed,
  /** What it is about, as people call it: the list, the tier, the field. */
  name: z.string(),
  task: z.string(),
  total: z.number(),
  done: z.number(),
  changed: z.number(),
  state: z.enum(states),
  says: z.string().nullable(),
  at: z.date(),
})
export type Edit = z.output<typeof edit>
