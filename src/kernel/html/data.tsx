/** Numbers, charts, times, code, steps: what is measured and how far one is. */
import type { Child } from 'hono/jsx'
import { dateTime, t, when } from '#kernel/messages.ts'
import type { Tone } from './feedback.tsx'
import { Icon, type IconName } from './icons.tsx'

/** A moment. The browser turns it into "3 min" and keeps it true; the full date is its title. */
export const RelativeTime = ({ at, now = new Date(), look = 'short' }: { at: Date; now?: Date; look?: 'short' | 'long' | 'full' }) => (
  <time class="time" datetime={at.toISOString()} title={dateTime(at)} data-relative={look}>
    {look === 'full' ? dateTime(at) : when(at, now)}
  </time>
)

export interface StatProps {
  label: string
  /** Already formatted. */
  value: string
  unit?: string
  /** Opens what it counts. */
  href?: string
  /** Against the time before: formatted, and whether that is good. */
  change?: { text: string; direction: 'up' | 'down' | 'same'; tone?: 'good' | 'bad' | 'neutral' }
  /** Coverage, n, freshness. */
  detail?: Child
  /** Points of a small line, oldest first; drawn beside the number. */
  trend?: number[]
  tone?: Tone
  /** No value yet: `value` says so, and it looks so. */
  unknown?: boolean
}

/** The points of a small line in a box of 100 × 28. */
export function sparkline(points: number[]): string {
  const least = Math.min(...points)
  const span = Math.max(...points) - least || 1
  const step = 100 / Math.max(1, points.length - 1)
  return points
    .map((point, index) => `${index ? 'L' : 'M'}${(index * step).toFixed(1)} ${(26 - ((point - least) / span) * 24).toFixed(1)}`)
    .join('')
}

const changeIcons: Record<'up' | 'down' | 'same', IconName> = { up: 'trendUp', down: 'trendDown', same: 'remove' }

export const Stat = (props: StatProps) => (
  <div class="stat" data-tone={props.tone} data-unknown={props.unknown ? '' : undefined}>
    <p class="stat-label">{props.href ? <a href={props.href}>{props.label}</a> : props.label}</p>
    <p class="stat-value">
      {props.value}
      {props.unit && <small>{props.unit}</small>}
    </p>
    {props.change && (
      <p class="stat-change" data-tone={props.change.tone ?? 'neutral'}>
        <Icon name={changeIcons[props.change.direction]} size={14} />
        {props.change.text}
      </p>
    )}
    {props.trend && props.trend.length > 1 && (
      <svg class="stat-trend" viewBox="0 0 100 28" preserveAspectRatio="none" aria-hidden="true">
        <path d={sparkline(props.trend)} vector-effect="non-scaling-stroke" />
      </svg>
    )}
    {props.detail && <p class="stat-detail">{props.detail}</p>}
  </div>
)

export interface ChartSeries {
  name: string
  values: (number | null)[]
  tone?: Tone
  /** `dashed` for a goal or the time before. */
  dashed?: boolean
}

export interface ChartFrameProps {
  id: string
  /** What one sees, as a sentence; it is the chart's name. */
  title: string
  detail?: Child
  kind: 'line' | 'bar' | 'area' | 'stacked'
  /** One label per value. */
  labels: string[]
  series: ChartSeries[]
  /** How a number is shown: Intl.NumberFormat options. */
  format?: Intl.NumberFormatOptions
  /** Address per point: pressing it opens what it counts. */
  hrefs?: (string | null)[]
  height?: 'small' | 'medium' | 'large'
  /** Formats a number in the table; the number itself if not said. */
  show?: (value: number) => string
  /** Head of the first column of the table. */
  labelHead: string
}

const ChartTable = ({ title, labels, labelHead, series, hrefs, show = String }: ChartFrameProps) => (
  <table class="table table-dense">
    <caption class="unseen">{title}</caption>
    <thead>
      <tr>
        <th scope="col">{labelHead}</th>
        {series.map(({ name }) => (
          <th scope="col" data-numeric>
            {name}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {labels.map((label, index) => (
        <tr>
          <th scope="row">{hrefs?.[index] ? <a href={hrefs[index] ?? ''}>{label}</a> : label}</th>
          {series.map(({ values }) => (
            <td data-numeric>{values[index] === null || values[index] === undefined ? '–' : show(values[index])}</td>
          ))}
        </tr>
      ))}
    </tbody>
  </table>
)

/** A chart with the same numbers as a table below it, always. */
export const ChartFrame = (props: ChartFrameProps) => {
  const { kind, labels, series, format, hrefs, title } = props
  return (
    <figure class="chart" aria-labelledby={`${props.id}-title`}>
      <figcaption>
        <strong id={`${props.id}-title`}>{title}</strong>
        {props.detail && <span>{props.detail}</span>}
      </figcaption>
      <trefoil-chart class={`chart-canvas chart-${props.height ?? 'medium'}`} id={props.id}>
        <JsonData data={{ kind, labels, series, format, hrefs, title }} />
      </trefoil-chart>
      <details class="folded chart-table">
        <summary>{t('kernel.kitAsTable')}</summary>
        <section class="table-box" aria-label={title} tabindex={0}>
          <ChartTable {...props} />
        </section>
      </details>
    </figure>
  )
}

/** Data for the browser, as the text of a template: nothing runs it, nothing draws it, and it is escaped like any text. */
export const JsonData = ({ data, kind }: { data: unknown /** data-json="…", to find it by. */; kind?: string }) => (
  <template data-json={kind ?? ''}>{JSON.stringify(data)}</template>
)

/** Code with a button that copies it. */
export const CodeBlock = ({ code, label, language }: { code: string; label?: string; language?: string }) => (
  <div class="code-block">
    {(label || language) && <p class="code-label">{label ?? language}</p>}
    <section aria-label={label ?? language ?? t('kernel.kitCode')} tabindex={0}>
      <pre>
        <code translate="no">{code}</code>
      </pre>
    </section>
    <CopyButton text={code} />
  </div>
)

export const CopyButton = ({ text, label }: { text: string; label?: string }) => (
  <button
    type="button"
    class="button button-bare button-small icon-button copy-button"
    data-copy={text}
    data-copied={t('kernel.kitCopied')}
    aria-label={label ?? t('kernel.kitCopy')}
    data-tip={label ?? t('kernel.kitCopy')}
  >
    <Icon name="copy" />
  </button>
)

export interface Step {
  label: string
  state: 'done' | 'now' | 'later' | 'failed'
  href?: string
  detail?: Child
}

const stepIcon = (state: Step['state'], index: number) =>
  state === 'done' ? <Icon name="check" size={14} /> : state === 'failed' ? <Icon name="close" size={14} /> : index + 1

/** Where one is in a wizard (`across`), or how each step of a test went (`down`). */
export const Stepper = ({ label, steps, look = 'across' }: { label: string; steps: Step[]; look?: 'across' | 'down' }) => (
  <ol class={`steps steps-${look}`} aria-label={label}>
    {steps.map(({ label: words, state, href, detail }, index) => (
      <li data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
        <span class="step-mark">{stepIcon(state, index)}</span>
        <span class="step-words">
          {href ? <a href={href}>{words}</a> : words}
          <span class="unseen">{t(`kernel.kitStep_${state}`)}</span>
          {detail && <span class="step-detail">{detail}</span>}
        </span>
      </li>
    ))}
  </ol>
)
