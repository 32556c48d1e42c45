/** Pictures that no chart library draws: hours of the week, countries as tiles, words by size; and how sure the mood is. */
import { Banner, ChartFrame, Folded, Quiet, Table } from '#kernel/html/kit.tsx'
import { locale, number, percent, t } from '#kernel/messages.ts'
import type { Html } from '#kernel/page.tsx'
import { truthOf } from '#social/mood/words.ts'
import type * as soundings from './actions.ts'
import { countryName, hrefOf, languageName, type Place } from './pages-place.tsx'
import { heatOf, sizeIn } from './rules.ts'
import type { Accuracy, Moods, TermCount } from './words.ts'
import { tileColumns, tileRows, tiles } from './words-places.ts'

// —— numbers ——

export const signed = (score: number): string => number(100 * score, { maximumFractionDigits: 1, signDisplay: 'exceptZero' })
export const scoreOr = (score: number | null): string => (score === null ? '–' : signed(score))
export const shareOr = (share: number | null): string => (share === null ? '–' : percent(share))
export const count = (n: number): string => number(n, { maximumFractionDigits: 0 })
export const short = (n: number): string => (n < 10_000 ? count(n) : number(n, { notation: 'compact', maximumFractionDigits: 1 }))

/** Against the time before, in percent; nothing to say where there was nothing. */
export function changeOf(now: number, before: number) {
  if (before === 0) return undefined
  const change = (now - before) / before
  const direction = change > 0 ? ('up' as const) : change < 0 ? ('down' as const) : ('same' as const)
  return { text: number(change, { style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' }), direction }
}

// —— how sure the mood is ——

type Sure = Awaited<ReturnType<typeof soundings.accuracy>>

const sureText = ({ checked, share, interval }: Accuracy): string =>
  share === null || !interval
    ? t('soundings.notChecked', { count: checked })
    : t('soundings.checked', { share: percent(share), low: percent(interval.low), high: percent(interval.high), count: checked })

/** What was measured before anybody here looked: on posts that people had labelled, none of them ours. */
function truthText(language: string | null): string {
  const { key, share } = truthOf(language)
  return t(key, { share: share ?? 0 })
}

/** Stands beside every picture of moods: how often the machine was right, as far as people looked. */
export const MoodTruth = ({ sure, languages, brief }: { sure: Sure; languages: readonly string[]; brief?: boolean }) => {
  if (brief)
    return (
      <p class="mood-truth">
        <strong>{t('soundings.howSure')}</strong> {sureText(sure.all)}
      </p>
    )
  const told = sure.languages.filter(each => languages.includes(each.language) && each.share !== null)
  return (
    <div class="mood-truth">
      <p>
        <strong>{t('soundings.howSure')}</strong> {sureText(sure.all)} {sure.all.share !== null && t('soundings.checkedWhy')}
      </p>
      <p>{truthText(null)}</p>
      {languages.includes('nl') && <p>{truthText('nl')}</p>}
      {told.length > 0 && (
        <Folded label={t('soundings.byLanguage')}>
          <Table
            caption={t('soundings.byLanguage')}
            captionHidden
            dense
            rows={told}
            columns={[
              { head: t('soundings.language'), heading: true, cell: each => languageName(each.language) },
              { head: t('soundings.right'), numeric: true, cell: each => shareOr(each.share) },
              { head: t('soundings.looked'), numeric: true, cell: each => count(each.checked) },
            ]}
          />
        </Folded>
      )}
    </div>
  )
}

export const moodSeries = (rows: readonly Moods[]) => [
  { name: t('soundings.mood.positive'), values: rows.map(each => each.positive), tone: 'good' as const },
  { name: t('soundings.mood.neutral'), values: rows.map(each => each.neutral), tone: 'neutral' as const },
  { name: t('soundings.mood.negative'), values: rows.map(each => each.negative), tone: 'bad' as const },
  { name: t('soundings.mood.unknown'), values: rows.map(each => each.unknown), tone: 'warning' as const },
]

/** How much of each mood every part holds, each bar leading to its mentions. */
export const MoodBars = ({ id, title, head, rows, hrefs }: MoodBarsProps) => (
  <ChartFrame
    id={id}
    title={title}
    kind="stacked"
    labels={rows.map(each => each.label)}
    labelHead={head}
    series={moodSeries(rows)}
    format={{ maximumFractionDigits: 0 }}
    show={count}
    hrefs={hrefs}
  />
)
interface MoodBarsProps {
  id: string
  title: string
  head: string
  rows: readonly (Moods & { label: string })[]
  hrefs: (string | null)[]
}

// —— hours of the week ——

const weekday = (nth: number): string =>
  new Intl.DateTimeFormat(locale(), { weekday: 'short', timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, 1 + nth)))
const twoDigits = (hour: number): string => String(hour).padStart(2, '0')

/** The numbers are in its fields, so it is its own table. */
export const WeekMap = ({ hours, caption }: { hours: readonly number[]; caption: string }) => {
  const most = Math.max(...hours)
  return (
    <section class="table-box" aria-label={caption} tabindex={0}>
      <table class="week-map">
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">
              <span class="unseen">{t('soundings.weekday')}</span>
            </th>
            {Array.from({ length: 24 }, (_, hour) => (
              <th scope="col">
                <span class={hour % 3 ? 'unseen' : undefined}>{twoDigits(hour)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: 7 }, (_, day) => (
            <tr>
              <th scope="row">{weekday(day)}</th>
              {hours.slice(24 * day, 24 * day + 24).map((n, hour) => (
                <td data-heat={heatOf(n, most)} title={`${weekday(day)} ${twoDigits(hour)}:00 · ${count(n)}`}>
                  <span class="unseen">{count(n)}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

// —— countries ——

const side = 34

/** Every country is as large as every other; how much was heard is how dark it is. The numbers stand in the table below. */
export const TileMap = ({ found, href }: { found: ReadonlyMap<string, number>; href: (country: string) => string }) => {
  const most = Math.max(0, ...tiles.map(each => found.get(each.country) ?? 0))
  return (
    <div class="tile-map">
      <svg viewBox={`0 0 ${tileColumns * side} ${tileRows * side}`}>
        <title>{t('soundings.map')}</title>
        {tiles.map(({ country, column, row }) => (
          <TileOf country={country} at={[column * side, row * side]} n={found.get(country) ?? 0} most={most} href={href} />
        ))}
      </svg>
    </div>
  )
}

interface TileProps {
  country: string
  at: [number, number]
  n: number
  most: number
  href: (country: string) => string
}

const TileOf = ({ country, at: [x, y], n, most, href }: TileProps) => {
  const drawn = (
    <g data-heat={heatOf(n, most)}>
      <title>{`${countryName(country)}: ${count(n)}`}</title>
      <rect x={x + 1} y={y + 1} width={side - 2} height={side - 2} rx="5" />
      <text x={x + side / 2} y={y + side / 2 + 4} text-anchor="middle">
        {country.toUpperCase()}
      </text>
    </g>
  )
  return n > 0 ? (
    <a href={href(country)} aria-label={`${country.toUpperCase()} · ${countryName(country)}: ${count(n)}`}>
      {drawn}
    </a>
  ) : (
    drawn
  )
}

// —— words by size ——

/** By alphabet, as large as they were often said; each leads to its own page. */
export const Cloud = ({ place, terms }: { place: Place; terms: readonly TermCount[] }) => {
  const most = Math.max(0, ...terms.map(each => each.n))
  const sorted = terms.toSorted((a, b) => a.term.localeCompare(b.term, locale()))
  return (
    <ul class="word-cloud" aria-label={t('soundings.cloud')}>
      {sorted.map(each => (
        <li data-size={sizeIn(each.n, most)} data-tone={toneOf(each)}>
          <a href={hrefOf(place, 'term', { term: each.term })}>
            <bdi>{each.term}</bdi>
            <span class="unseen"> {count(each.n)}</span>
          </a>
        </li>
      ))}
    </ul>
  )
}

/** Said clearly more often in one mood than in the other. */
export function toneOf({ n, positive, negative }: { n: number; positive: number; negative: number }): 'good' | 'bad' | undefined {
  if (positive + negative < 3 || Math.abs(positive - negative) < 0.3 * n) return undefined
  return positive > negative ? 'good' : 'bad'
}

export const TermLink = ({ place, term }: { place: Place; term: string }) => (
  <a href={hrefOf(place, 'term', { term })}>
    <bdi>{term}</bdi>
  </a>
)

/** What was not read is said: terms are taken from samples and only the commonest of each day are kept. */
export const ReadOf = ({ read }: { read: number }) => <Quiet small>{t('soundings.readOf', { count: read })}</Quiet>

export const Nothing = ({ is }: { is: 'silent' | 'noTerms' }): Html => (
  <Banner tone="neutral" title={t(`soundings.${is}`)}>
    {t(`soundings.${is}Why`)}
  </Banner>
)
