/** How measures are drawn: a number with what it rests on, its trend, what lies behind it, what it means. */
import {
  Avatar,
  Badge,
  Card,
  ChartFrame,
  DefinitionList,
  EmptyState,
  Grid,
  Meter,
  Pager,
  RelativeTime,
  RowList,
  SelectableRow,
  Stat,
  Tabs,
} from '#kernel/html/kit.tsx'
import { date, dayOfYear, hasMessage, number, percent, t } from '#kernel/messages.ts'
import type { PersonCard } from '#social/people/words.ts'
import type * as measures from './actions.ts'
import { stepOf } from './rules.ts'
import { daysFrom } from './time.ts'
import { duration, everything, inUnit, type Measure, measureOf, type Value, windowDays } from './words.ts'

type Evidence = Awaited<ReturnType<typeof measures.evidence>>
type Shown = Awaited<ReturnType<typeof measures.show>>

// —— how numbers are said ——

const said = (measure: Measure, value: number): string => inUnit(measure.unit, value)

const valueOr = (measure: Measure, { value, coverage }: Value): string =>
  value !== null ? said(measure, value) : t(coverage ? 'measures.notEnough' : 'measures.nothingYet')

export const name = (measure: Measure): string => t(`measures.${measure.id}.name`)
const noonOf = (text: string): Date => new Date(`${text}T12:00:00Z`)
const day = (text: string): string => date(noonOf(text))
const oneYear = (trend: { from: string }[]): boolean => trend[0]?.from.slice(0, 4) === trend.at(-1)?.from.slice(0, 4)

function changeOf(measure: Measure, now: number | null, before: number | null, days: number) {
  if (now === null || before === null) return undefined
  if (said(measure, now) === said(measure, before)) return { text: t('measures.same', { days }), direction: 'same' as const }
  const direction = now > before ? ('up' as const) : ('down' as const)
  const good = (direction === 'up') === (measure.better === 'higher')
  const slight = Math.abs(now - before) < 0.05 * Math.max(now, before)
  const tone = measure.better === 'neither' || slight ? ('neutral' as const) : good ? ('good' as const) : ('bad' as const)
  return { text: t('measures.against', { value: said(measure, before), days }), direction, tone }
}

const sampleOf = (measure: Measure, { value, n }: Value): string =>
  value === null ? t('measures.notEnoughWhy', { n, least: measure.minSample }) : t('measures.sample', { n })

export const PeriodTabs = ({ path, days, keep = '' }: { path: string; days: number; keep?: string }) => (
  <Tabs
    label={t('measures.period')}
    tabs={windowDays.map(each => ({
      href: `${path}?days=${each}${keep}`,
      label: t('measures.days', { days: each }),
      current: each === days,
    }))}
  />
)

export type Listed = Awaited<ReturnType<typeof measures.list>>['items'][number]

export const MeasureStat = ({ item, days }: { item: Listed; days: number }) => {
  const measure = measureOf(item.measure)
  return (
    <Stat
      label={name(measure)}
      value={valueOr(measure, item)}
      href={`/measures/${measure.id}?days=${days}`}
      unknown={item.value === null}
      change={changeOf(measure, item.value, item.before, days)}
      trend={item.points}
      detail={item.p90 === null ? sampleOf(measure, item) : `${t('measures.p90')} ${duration(item.p90)}`}
    />
  )
}

// —— one measure ——

export interface Place {
  measure: Measure
  days: number
  scope: string
  /** One step of the trend, when a point of the chart was pressed. */
  from?: string
  until?: string
  holds?: 'true' | 'false'
}

export function hrefOf(place: Place, over: Partial<Record<keyof Place | 'before', string | number | undefined>> = {}): string {
  const { measure, ...rest } = place
  const all = { ...rest, scope: rest.scope === everything ? undefined : rest.scope, ...over }
  const query = new URLSearchParams(Object.entries(all).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])))
  return `/measures/${measure.id}?${query}`
}

/** What a part is called; `names` holds those of teams and types. */
export function partName(scope: string, names: ReadonlyMap<string, string> = new Map()): string {
  const name = scope.slice(scope.indexOf(':') + 1)
  if (scope.startsWith('channel:')) return hasMessage(`${name}.title`) ? t(`${name}.title`) : name
  return scope.startsWith('topic:') ? name : (names.get(name) ?? t('measures.goneName'))
}

export const Channels = ({ place, scopes }: { place: Place; scopes: string[] }) =>
  scopes.length > 1 ? (
    <Tabs
      label={t('measures.channel')}
      tabs={[everything, ...scopes].map(scope => ({
        href: hrefOf({ ...place, scope, from: undefined, until: undefined }),
        label: scope === everything ? t('measures.everything') : partName(scope),
        current: scope === place.scope,
      }))}
    />
  ) : null

export const Numbers = ({ place, shown: { value, before } }: { place: Place; shown: Shown }) => (
  <Grid columns="medium" gap="small">
    <Stat
      label={place.measure.combine === 'time' ? t('measures.median') : name(place.measure)}
      value={valueOr(place.measure, value)}
      unknown={value.value === null}
      change={changeOf(place.measure, value.value, before.value, place.days)}
      detail={sampleOf(place.measure, value)}
    />
    {value.p90 !== null && (
      <Stat label={t('measures.p90')} value={duration(value.p90)} change={changeOf(place.measure, value.p90, before.p90, place.days)} />
    )}
    <Stat
      label={t('measures.coverage')}
      value={percent(value.coverage)}
      detail={
        <>
          {t('measures.coverageWhy')}
          {' · '}
          {value.asOf ? (
            <>
              {t('measures.fresh')} <RelativeTime at={value.asOf} />
            </>
          ) : (
            t('measures.never')
          )}
        </>
      }
    />
  </Grid>
)

/** The last day of the step that begins here. */
const lastOf = (trend: Shown['trend'], at: number, until: string): string => (trend[at + 1] ? daysFrom(trend[at + 1]!.from, -1) : until)

export const Trend = ({ place, shown: { trend, value } }: { place: Place; shown: Shown }) => {
  const { measure, days } = place
  const inHours = measure.unit === 'minutes' && trend.some(step => (step.p90 ?? 0) > 180)
  const scaled = (number: number | null) => (number === null ? null : inHours ? number / 60 : number)
  const unscaled = (number: number) => said(measure, inHours ? number * 60 : number)
  const formats: Record<Measure['unit'], Intl.NumberFormatOptions> = {
    share: { style: 'percent', maximumFractionDigits: 1 },
    minutes: { style: 'unit', unit: inHours ? 'hour' : 'minute', maximumFractionDigits: 1 },
    count: { maximumFractionDigits: 0 },
    mean: { maximumFractionDigits: 2 },
    score: { style: 'percent', maximumFractionDigits: 0 },
  }
  return (
    <ChartFrame
      id="trend"
      title={t('measures.trend', { name: name(measure), days })}
      detail={t(`measures.step.${stepOf(days)}`)}
      kind={measure.combine === 'count' ? 'bar' : 'area'}
      labels={trend.map(step => (oneYear(trend) ? dayOfYear : date)(noonOf(step.from)))}
      labelHead={t('measures.when')}
      series={[
        {
          name: measure.combine === 'time' ? t('measures.median') : name(measure),
          values: trend.map(step => scaled(step.value)),
          tone: 'talk',
        },
        ...(measure.combine === 'time'
          ? [{ name: t('measures.p90Name'), values: trend.map(step => scaled(step.p90)), tone: 'outside' as const, dashed: true }]
          : []),
      ]}
      format={formats[measure.unit]}
      show={unscaled}
      hrefs={trend.map((step, at) => (step.n ? hrefOf(place, { from: step.from, until: lastOf(trend, at, value.window.until) }) : null))}
    />
  )
}

const Filters = ({ place }: { place: Place }) => {
  const key = `measures.${place.measure.id}`
  if (!hasMessage(`${key}.holds`)) return null
  const choice = (holds: Place['holds'], label: string) => ({ href: hrefOf(place, { holds }), label, current: place.holds === holds })
  return (
    <Tabs
      label={t('measures.behind')}
      tabs={[choice(undefined, t('measures.filterAll')), choice('true', t(`${key}.holds`)), choice('false', t(`${key}.fails`))]}
    />
  )
}

const Marks = ({ place, item }: { place: Place; item: Evidence['items'][number] }) => {
  const key = `measures.${place.measure.id}`
  return (
    <>
      {item.minutes !== null && <Badge icon="clock">{duration(item.minutes)}</Badge>}
      {hasMessage(`${key}.holds`) && item.holds !== null && (
        <Badge tone={item.holds ? 'good' : 'neutral'}>{t(`${key}.${item.holds ? 'holds' : 'fails'}`)}</Badge>
      )}
    </>
  )
}

export const Behind = ({
  place,
  found,
  people,
  before,
}: {
  place: Place
  found: Evidence
  people: Map<string, PersonCard>
  before: boolean
}) => (
  <Card
    id="behind"
    flush
    title={place.from ? t('measures.behindWhen', { from: day(place.from), until: day(place.until!) }) : t('measures.behind')}
    actions={place.from ? <a href={hrefOf(place, { from: undefined, until: undefined })}>{t('measures.allDays')}</a> : undefined}
    foot={
      found.next || before ? (
        <Pager
          newer={before ? hrefOf(place) : undefined}
          older={found.next ? `${hrefOf(place, { before: found.next })}#behind` : undefined}
        />
      ) : undefined
    }
  >
    <Filters place={place} />
    {found.items.length === 0 ? (
      <EmptyState title={t('measures.behindNone')} why={t('measures.behindNoneWhy')} icon="inbox" compact />
    ) : (
      <RowList label={t('measures.behind')}>
        {found.items.map(item => {
          const person = item.person ? people.get(item.person) : undefined
          const who = person?.name ?? t('measures.someone')
          return (
            <SelectableRow
              id={item.id}
              href={`/threads/${item.thread}${item.message ? `#message-${item.message}` : ''}`}
              name={who}
              title={<bdi>{who}</bdi>}
              face={<Avatar name={who} picture={person?.picture ?? undefined} side={person?.side} />}
              time={<RelativeTime at={item.at} />}
              subject={<bdi>{item.subject || t('measures.noSubject')}</bdi>}
              excerpt={<bdi>{item.snippet}</bdi>}
              marks={<Marks place={place} item={item} />}
            />
          )
        })}
      </RowList>
    )}
  </Card>
)

export const Definition = ({ measure, value }: { measure: Measure; value: Value }) => (
  <Card title={t('measures.definition')} detail={t(`measures.${measure.id}.says`)} icon="info">
    <DefinitionList
      items={[
        { term: t('measures.definitionOf'), value: t(`measures.${measure.id}.of`) },
        {
          term: t('measures.counts'),
          value: measure.counts.map(word => (
            <>
              <code translate="no">{word}</code>{' '}
            </>
          )),
        },
        { term: t('measures.direction'), value: t(`measures.better.${measure.better}`) },
        { term: t('measures.minSample'), value: number(measure.minSample) },
        { term: t('measures.version'), value: value.version },
        { term: t('measures.identifier'), value: <code translate="no">{measure.id}</code> },
      ]}
    />
    <Meter label={t('measures.coverage')} value={value.coverage} detail={percent(value.coverage)} />
  </Card>
)
