/** Where one is: which monitors, which days, how it is counted; and the ways from one picture to the next, and to the mentions behind it. */

import { daysFrom } from '#kernel/days.ts'
import { Breadcrumb, EmptyState, Form, LinkButton, Page, PageHead, Quiet, Row, Select, Switch, Tabs, Toolbar } from '#kernel/html/kit.tsx'
import { date, hasMessage, locale, t } from '#kernel/messages.ts'
import type { Html, Screen, See } from '#kernel/page.tsx'
import * as soundings from './actions.ts'
import { type Comparison, comparisons, type Span, windows } from './words.ts'

export const pictures = ['look', 'topics', 'changes', 'voices', 'when'] as const
export type Picture = (typeof pictures)[number]

export interface Place {
  title: string
  /** Ids with commas between them. */
  monitors: string
  market?: string
  saved?: string
  days: number
  until?: string
  everything: boolean
  against: Comparison
  /** How many brands of the market do not stand beside these. */
  left: number
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const idIn = (see: See, name: string): string | undefined => {
  const text = see.query.get(name) ?? ''
  return uuid.test(text) ? text : undefined
}

/** What the address asks for; null where nothing is there (any more). */
export async function placeOf(see: See): Promise<Place | null> {
  const how = howOf(see)
  const [market, saved] = [idIn(see, 'market'), idIn(see, 'saved')]
  if (market) {
    const [{ brands, left }, all] = await Promise.all([soundings.ofMarket(see.ctx, market), soundings.marketsOf(see.ctx)])
    const title = all.find(each => each.id === market)?.name
    return title ? { ...how, title, market, monitors: brands.map(each => each.id).join(','), left } : null
  }
  if (saved) {
    const found = await soundings.selectionOf(see.ctx, saved)
    const own = { days: see.query.has('days') ? how.days : (found?.days ?? 30), everything: see.query.has('days') ? how.everything : found?.everything } // biome-ignore format: one line
    return found ? { ...how, ...own, everything: own.everything ?? false, title: found.name, saved, monitors: found.monitors.join(','), left: 0 } : null // biome-ignore format: one line
  }
  const monitors = [...new Set([...see.query.getAll('monitors').join(',').split(',')])].filter(each => uuid.test(each)).slice(0, 8)
  const names = await soundings.namesOf(see.ctx, monitors)
  if (names.length === 0) return null
  return { ...how, title: names.map(each => each.name).join(' · '), monitors: names.map(each => each.id).join(','), left: 0 }
}

const howOf = ({ query }: See) => ({
  days: windows.find(each => String(each) === query.get('days')) ?? 30,
  ...(/^\d{4}-\d\d-\d\d$/.test(query.get('until') ?? '') &&
    !Number.isNaN(Date.parse(query.get('until')!)) && { until: query.get('until')! }),
  everything: query.get('everything') === 'on',
  against: comparisons.find(each => each === query.get('against')) ?? ('before' as const),
})

/** What every address of this place carries. */
export const keptIn = ({ market, saved, monitors }: Place): Record<string, string> =>
  market ? { market } : saved ? { saved } : { monitors }

export function hrefOf(place: Place, picture: string, more: Record<string, string> = {}): string {
  const { days, until, everything, against } = place
  const how = {
    days: String(days),
    ...(until && { until }),
    ...(everything && { everything: 'on' }),
    ...(against === 'year' && { against }),
  }
  return `/soundings/${picture}?${new URLSearchParams({ ...keptIn(place), ...how, ...more })}`
}

export const askedOf = ({ monitors, days, until, everything }: Place) => ({ monitors, days, everything, ...(until && { until }) })

// —— the mentions behind a picture ——

export interface Narrowed {
  from?: string
  until?: string
  mood?: string
  source?: string
  language?: string
  country?: string
  author?: string
  q?: string
}

/** The mentions behind a number, counted as it is; where several monitors stand together, first the choice of one. */
export function mentionsOf(place: Pick<Place, 'monitors' | 'everything'>, narrowed: Narrowed): string {
  const wanted = Object.entries(narrowed).flatMap(([key, value]) => (value ? [[key, value]] : []))
  const how = place.everything ? [] : [...apart]
  if (!place.monitors.includes(','))
    return `/monitors/mentions?${new URLSearchParams([['monitor', place.monitors], ...listed(wanted), ...how])}`
  return `/soundings/behind?${new URLSearchParams([['monitors', place.monitors], ...wanted, ...(place.everything ? [['everything', 'on']] : [])])}`
}

/** As the list of mentions asks: up to a moment, not to the end of a day. */
const listed = (wanted: string[][]): string[][] => wanted.map(([key, value]) => [key!, key === 'until' ? daysFrom(value!, 1) : value!])

const apart = [
  ['firsts', 'true'],
  ['bots', 'without'],
  ['staff', 'without'],
]

// —— how things are called ——

export const noon = (day: string): Date => new Date(`${day}T12:00:00Z`)
export const spanText = ({ from, until }: Span): string => `${date(noon(from))} – ${date(noon(until))}`

const named = (type: 'language' | 'region', code: string): string => {
  try {
    return new Intl.DisplayNames([locale()], { type, fallback: 'code' }).of(type === 'region' ? code.toUpperCase() : code) ?? code
  } catch {
    return code
  }
}
export const languageName = (code: string): string => (code ? named('language', code) : t('soundings.unknown'))
export const countryName = (code: string): string => (code ? named('region', code) : t('soundings.unstated'))
export function sourceName(name: string): string {
  if (name === 'house') return t('soundings.house')
  return hasMessage(`${name}.title`) ? t(`${name}.title`) : name
}

// —— the frame of every picture ——

export const crumbs = (place: Place, last?: string) => (
  <Breadcrumb
    crumbs={[
      { label: t('soundings.title'), href: '/soundings' },
      { label: place.title, ...(last && { href: hrefOf(place, 'look') }) },
      ...(last ? [{ label: last }] : []),
    ]}
  />
)

/** How it is counted, said on every page: what stands apart, and which days. */
const Said = ({ place, span }: { place: Place; span: Span }) => (
  <>
    {spanText(span)} · {t(place.everything ? 'soundings.everythingCounts' : 'soundings.apart')}
    {place.left > 0 && <> · {t('soundings.brandsLeft', { count: place.left })}</>}
  </>
)

const How = ({ place, picture, compares }: { place: Place; picture: string; compares: boolean }) => (
  <Toolbar label={t('soundings.how')}>
    <Form action={`/soundings/${picture}`} method="get" hidden={keptIn(place)} label={t('soundings.how')}>
      <Row>
        <Select
          name="days"
          label={t('soundings.period')}
          labelHidden
          value={String(place.days)}
          choices={windows.map(each => ({ value: String(each), label: t('soundings.days', { days: each }) }))}
          sends
        />
        {compares && (
          <Select
            name="against"
            label={t('soundings.against')}
            labelHidden
            value={place.against}
            choices={comparisons.map(each => ({ value: each, label: t(`soundings.against.${each}`) }))}
            sends
          />
        )}
        {place.until && <input type="hidden" name="until" value={place.until} />}
        <Switch name="everything" label={t('soundings.everything')} checked={place.everything} sends />
        <noscript>
          <button type="submit" class="button">
            {t('soundings.show')}
          </button>
        </noscript>
      </Row>
    </Form>
  </Toolbar>
)

interface FrameProps {
  place: Place
  picture: Picture
  span: Span
  /** What can be taken along as a list for spreadsheets. */
  lists: readonly string[]
  compares?: boolean
  actions?: Html | null
  children: Html | Html[]
}

export const Frame = ({ place, picture, span, lists, compares = false, actions, children }: FrameProps) => (
  <Page>
    <PageHead
      above={crumbs(place)}
      title={<bdi>{place.title}</bdi>}
      detail={<Said place={place} span={span} />}
      actions={
        <Row>
          {lists.map(each => (
            <LinkButton href={csvOf(place, each)} icon="download" size="small">
              {t(lists.length > 1 ? `soundings.csv.${each}` : 'soundings.csv')}
            </LinkButton>
          ))}
          {actions}
        </Row>
      }
      tabs={
        <Tabs
          label={t('soundings.pictures')}
          tabs={pictures.map(each => ({ href: hrefOf(place, each), label: t(`soundings.picture.${each}`), current: each === picture }))}
        />
      }
    />
    <How place={place} picture={picture} compares={compares} />
    {children}
  </Page>
)

export const csvOf = (place: Place, list: string): string => hrefOf(place, `csv/${list}`)

/** What one sees where there is nothing: a market without brands, a monitor that is gone. */
export const nothingThere = (why: 'soundings.goneWhy' | 'soundings.noBrands'): Screen => ({
  title: t('soundings.title'),
  body: (
    <Page>
      <EmptyState title={t('soundings.gone')} why={t(why)} icon="chart" action={{ label: t('soundings.title'), href: '/soundings' }} />
    </Page>
  ),
})

/** A picture of a place, or why there is none. */
export const pictured =
  (draw: (see: See, place: Place) => Promise<Screen>) =>
  async (see: See): Promise<Screen> => {
    const place = await placeOf(see)
    if (!place) return { ...nothingThere('soundings.goneWhy'), status: 404 }
    return place.monitors ? draw(see, place) : nothingThere('soundings.noBrands')
  }

export const Together = ({ place }: { place: Place }) =>
  place.monitors.includes(',') ? <Quiet small>{t('soundings.together')}</Quiet> : null
