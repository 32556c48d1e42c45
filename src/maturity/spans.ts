/** Arithmetic with what is only partly known: a span from the least to the most that something can still turn out to be. */
import type { Scale } from './words.ts'

/** From the least to the most that something can be; both equal means known. */
export interface Span {
  lo: number
  hi: number
}

export const exactly = (value: number): Span => ({ lo: value, hi: value })
export const open: Span = { lo: 0, hi: 1 }
export const unlimited: Span = { lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY }
export const isKnown = (span: Span): boolean => span.lo === span.hi
/** 1 from a full score upwards, else 0. */
export const holds = (score: number): number => (score >= 1 ? 1 : 0)
export const truth = (span: Span): Span => ({ lo: holds(span.lo), hi: holds(span.hi) })
export const both = (spans: Span[], pick: (ends: number[]) => number): Span => ({
  lo: pick(spans.map(span => span.lo)),
  hi: pick(spans.map(span => span.hi)),
})

export const total = (numbers: number[]): number => numbers.reduce((sum, each) => sum + each, 0)

export const flip = (span: Span): Span => ({ lo: 1 - span.hi, hi: 1 - span.lo })
export const atLeast = (span: Span, bound: number): Span => ({ lo: span.lo >= bound ? 1 : 0, hi: span.hi >= bound ? 1 : 0 })
export const above = (span: Span, bound: number): Span => ({ lo: span.lo > bound ? 1 : 0, hi: span.hi > bound ? 1 : 0 })

/** A ratio over something that may be nothing stays open. */
export function divide(above: Span, below: Span): Span {
  if (below.lo <= 0) return unlimited
  const ends = [above.lo / below.lo, above.lo / below.hi, above.hi / below.lo, above.hi / below.hi].filter(end => !Number.isNaN(end))
  return { lo: Math.min(...ends), hi: Math.max(...ends) }
}

/** Do falling values mean that it gets better? */
export function lessIsBetter(scale: Scale): boolean {
  if (scale.kind === 'boolean') return false
  if (scale.kind === 'linear') return scale.max < scale.min
  return scale.cuts.length > 1 ? scale.cuts.at(-1)! < scale.cuts[0]! : scale.better === 'lower'
}

/** Whole and part days between two moments, never negative. */
export const daysBetween = (from: Date, to: Date): number => Math.max(0, (to.getTime() - from.getTime()) / 86_400_000)
