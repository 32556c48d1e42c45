/** What is expected and what was won: by month and by owner, and why others were lost. Each currency by itself. */
import { Card, ChartFrame, EmptyState, Grid, Page, Stack, Stat, Table } from '#kernel/html/kit.tsx'
import { locale, number, t } from '#kernel/messages.ts'
import { page } from '#kernel/page.tsx'
import { cardsOf } from '#social/people/actions.ts'
import type { PersonCard } from '#social/people/words.ts'
import * as sales from './actions.ts'
import { Head } from './pages-list.tsx'
import { money } from './pages-parts.tsx'
import { digitsOf } from './rules.ts'
import type { Forecast, Reason, Sums } from './words.ts'

export const forecastPage = page(
  '/sales/forecast',
  { who: 'sales.forecast', section: 'sales', finds: () => [{ title: t('sales.forecastTitle'), icon: 'chart' }] },
  async see => {
    const [{ items }, reasons] = await Promise.all([sales.forecast(see.ctx, {}), sales.reasonsOf(see.ctx)])
    const people = await cardsOf(see.ctx, [...new Set(items.flatMap(each => each.owners.flatMap(one => one.owner ?? [])))])
    return {
      title: `${t('sales.forecast')} · ${t('sales.sales')}`,
      live: ['sales', 'sales.settings'],
      body: (
        <Page>
          <Head see={see} look="forecast" />
          {items.length === 0 ? (
            <EmptyState
              title={t('sales.noForecast')}
              why={t('sales.noForecastWhy')}
              icon="chart"
              action={{ label: t('sales.add'), href: '/sales/new', icon: 'add' }}
            />
          ) : (
            <Stack gap="large">
              {items.map(each => (
                <OneCurrency it={each} people={people} reasons={reasons} />
              ))}
            </Stack>
          )}
        </Page>
      ),
    }
  },
)

const listOf = (view: 'open' | 'won' | 'lost', asked: Record<string, string>): string => `/sales/list/${view}?${new URLSearchParams(asked)}`

const OneCurrency = ({ it, people, reasons }: { it: Forecast; people: Map<string, PersonCard>; reasons: Reason[] }) => {
  const { currency, total, year } = it
  const shown = it.months.filter(each => !['late', 'none'].includes(each.month) || each.open > 0)
  return (
    <Stack>
      <h2>{currency}</h2>
      <Grid columns="medium" gap="small">
        <Stat
          label={t('sales.plain')}
          value={money(total.plain, currency)}
          href={listOf('open', { currency })}
          detail={t('sales.countOpen', { count: total.open })}
        />
        <Stat
          label={t('sales.weighted')}
          value={money(total.weighted, currency)}
          href={listOf('open', { currency })}
          detail={t('sales.weightedWhy')}
        />
        <Stat
          label={t('sales.wonIn', { year: String(year) })}
          value={money(total.won, currency)}
          href={listOf('won', { currency, month: String(year) })}
          detail={t('sales.countWon', { count: total.wonCount })}
          tone="good"
        />
      </Grid>
      <Card>
        <ByMonth it={it} months={shown} />
      </Card>
      <Card title={t('sales.byMonth')}>
        <Table
          caption={t('sales.byMonth')}
          captionHidden
          rows={shown.filter(each => each.open > 0 || each.wonCount > 0)}
          stacks
          columns={[
            { head: t('sales.month'), heading: true, cell: each => monthText(each.month) },
            ...sumColumns<Forecast['months'][number]>(currency, year, each => ({ month: each.month })),
          ]}
        />
      </Card>
      <Card title={t('sales.byOwner')}>
        <Table
          caption={t('sales.byOwner')}
          captionHidden
          rows={it.owners}
          stacks
          columns={[
            {
              head: t('sales.owner'),
              heading: true,
              cell: each => (each.owner ? (people.get(each.owner)?.name ?? '–') : t('sales.nobody')),
            },
            ...sumColumns<Forecast['owners'][number]>(currency, year, each => ({ owner: each.owner ?? 'none' })),
          ]}
        />
      </Card>
      {it.lost.length > 0 && <Losses it={it} reasons={reasons} />}
    </Stack>
  )
}

/** Each number leads to what it counts. */
function sumColumns<Row extends Sums>(currency: string, year: number, asked: (row: Row) => Record<string, string>) {
  const linked = (view: 'open' | 'won', count: number, value: string, row: Row) => {
    const own = asked(row)
    const wanted = view === 'won' && !own.month ? { ...own, month: String(year) } : own
    return count === 0 ? '–' : <a href={listOf(view, { ...wanted, currency })}>{value}</a>
  }
  return [
    { head: t('sales.openOnes'), numeric: true, cell: (row: Row) => linked('open', row.open, number(row.open), row) },
    { head: t('sales.plain'), numeric: true, cell: (row: Row) => linked('open', row.open, money(row.plain, currency), row) },
    { head: t('sales.weighted'), numeric: true, cell: (row: Row) => linked('open', row.open, money(row.weighted, currency), row) },
    {
      head: t('sales.wonIn', { year: String(year) }),
      numeric: true,
      cell: (row: Row) => linked('won', row.wonCount, money(row.won, currency), row),
    },
  ]
}

function monthText(month: string): string {
  if (month === 'late' || month === 'none') return t(`sales.month.${month}`)
  return new Intl.DateTimeFormat(locale(), { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${month}-15T12:00:00Z`))
}

const ByMonth = ({ it: { currency }, months }: { it: Forecast; months: Forecast['months'] }) => {
  const major = (value: number) => value / 10 ** digitsOf(currency)
  return (
    <ChartFrame
      id={`forecast-${currency}`}
      title={t('sales.chart', { currency })}
      detail={t('sales.chartWhy')}
      kind="bar"
      labels={months.map(each => monthText(each.month))}
      labelHead={t('sales.month')}
      series={[
        { name: t('sales.view.won'), values: months.map(each => major(each.won)), tone: 'good' },
        { name: t('sales.weighted'), values: months.map(each => major(each.weighted)), tone: 'talk' },
        { name: t('sales.plain'), values: months.map(each => major(each.plain)), tone: 'neutral' },
      ]}
      format={{ style: 'currency', currency, maximumFractionDigits: 0 }}
      show={value => number(value, { style: 'currency', currency })}
      hrefs={months.map(each =>
        each.open > 0
          ? listOf('open', { month: each.month, currency })
          : each.wonCount > 0
            ? listOf('won', { month: each.month, currency })
            : null,
      )}
    />
  )
}

const Losses = ({ it: { currency, year, lost }, reasons }: { it: Forecast; reasons: Reason[] }) => {
  const linked = (reason: string | null, text: string) => (
    <a href={listOf('lost', { ...(reason && { reason }), month: String(year), currency })}>{text}</a>
  )
  return (
    <Card title={t('sales.lostIn', { year: String(year) })}>
      <Table
        caption={t('sales.lostIn', { year: String(year) })}
        captionHidden
        rows={lost}
        stacks
        columns={[
          { head: t('sales.reason'), heading: true, cell: each => reasonIn(reasons, each.reason) },
          { head: t('sales.lostOnes'), numeric: true, cell: each => linked(each.reason, number(each.n)) },
          { head: t('sales.value'), numeric: true, cell: each => linked(each.reason, money(each.value, currency)) },
        ]}
      />
    </Card>
  )
}

function reasonIn(reasons: Reason[], reason: string | null): string {
  const known = reasons.find(each => each.id === reason)
  return known ? sales.reasonName(known) : t('sales.noReason')
}
