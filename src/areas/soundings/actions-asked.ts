/** What is asked for: which monitors, which days, and whether everything counts. */
import { z } from 'zod'
import type { Ctx } from '#kernel/context.ts'
import { daysFrom } from '#kernel/days.ts'
import { refuse } from '#kernel/errors.ts'
import { stepOf } from './rules.ts'
import * as store from './store.ts'
import { mostBeside, type Span } from './words.ts'

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const several = new RegExp(`^${uuid}(?:,${uuid}){0,${mostBeside - 1}}$`)

/** Ids of one to eight monitors, with commas between them. */
export const monitors = z.string().max(400).regex(several)
export const days = z.coerce.number().int().min(1).max(366).default(30)
export const day = z.iso.date()
/** Near-duplicates, programs and our own staff as well; usually they stand apart. */
export const everything = z.stringbool().or(z.boolean()).default(false)
/** The last day (UTC); today if not said. */
export const until = day.optional()

export const asked = { monitors, days, until, everything }

export const todayOf = (ctx: Ctx): string => ctx.now.toISOString().slice(0, 10)

export interface Where {
  watched: store.Watched[]
  ids: string[]
  span: Span
  step: 'day' | 'week'
}

/** The days that are asked for. */
export function spanOf(ctx: Ctx, input: { days: number; until?: string | undefined }): Span {
  const until = input.until ?? todayOf(ctx)
  return { from: daysFrom(until, 1 - input.days), until }
}

/** The monitors themselves, all of them there, and the days. */
export async function whereOf(ctx: Ctx, input: { monitors: string; days: number; until?: string | undefined }): Promise<Where> {
  const wanted = [...new Set(input.monitors.split(','))]
  const found = await store.watched(ctx, wanted)
  if (found.length < wanted.length) refuse('notFound', 'soundings.monitorNotThere')
  const ordered = found.toSorted((a, b) => Number(b.ours) - Number(a.ours) || wanted.indexOf(a.id) - wanted.indexOf(b.id))
  return { watched: ordered, ids: ordered.map(each => each.id), span: spanOf(ctx, input), step: stepOf(input.days) }
}
