/** What a benchmark tells: a figure beside the baseline of the same run, and whether it reached its goal. */
import { cpus, loadavg, totalmem } from 'node:os'

export interface Goal {
  most?: number
  least?: number
  /** What the goal is about: the value itself, or its ratio to the baseline. */
  of?: 'ratio'
}

export interface Figure {
  name: string
  unit: string
  value: number
  baseline: { what: string; value: number }
  goal?: Goal
  /** The single runs of which the value is the median. */
  runs: number[]
  /** Whatever else helps to read it. */
  more?: Record<string, unknown>
}

/** One file of this folder: what it measures in a sentence, and the figures it comes to. */
export interface Bench {
  says: string
  run(): Promise<Figure[]>
}

export const median = (list: readonly number[]): number => percentile(list, 0.5)

/** The value below which this share of the list lies (nearest rank). */
export function percentile(list: readonly number[], share: number): number {
  const sorted = list.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN
}

const rounded = (value: number) => Number(value.toPrecision(4))

function reached({ most = Number.POSITIVE_INFINITY, least = Number.NEGATIVE_INFINITY }: Goal, value: number): boolean {
  return value <= most && value >= least
}

/** The figure as the one line that is printed. */
export function line({ name, unit, value, baseline, goal, runs, more }: Figure): string {
  const ratio = value / baseline.value
  return JSON.stringify({
    name,
    value: rounded(value),
    unit,
    baseline: { ...baseline, value: rounded(baseline.value) },
    ratio: rounded(ratio),
    goal: goal ?? null,
    met: goal ? reached(goal, goal.of === 'ratio' ? ratio : value) : null,
    runs: runs.map(rounded),
    machine: machine(),
    ...more,
  })
}

/** A figure without the load of the machine says little. */
function machine(): Record<string, unknown> {
  const [first] = cpus()
  return {
    cores: cpus().length,
    cpu: first?.model.trim(),
    memory: `${Math.round(totalmem() / 1024 ** 3)} GB`,
    load: loadavg().map(each => Number(each.toFixed(1))),
    node: process.version,
  }
}
