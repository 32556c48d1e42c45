/** Reports: measures side by side, what differs between parts, when first answers are given, what is open now; as a list for spreadsheets too. */
import { type Cell, csvLine, csvStart } from '#kernel/csv.ts'
import {
  Breadcrumb,
  Card,
  ChartFrame,
  DefinitionList,
  EmptyState,
  LinkButton,
  Page,
  PageHead,
  Quiet,
  RelativeTime,
  Stack,
  Table,
  Tabs,
} from '#kernel/html/kit.tsx'
import { number, t } from '#kernel/messages.ts'
import { page, raw, type See } from '#kernel/page.tsx'
import * as measures from './actions.ts'
import { name, PeriodTabs, partName } from './drawn.tsx'
import { type Dimension, dimensions, inUnit, type Measure, type MeasureId, measureId, measureOf, scopeSchema, windowDays } from './words.ts'

type Report = Awaited<ReturnType<typeof measures.report>>
type Row = Report['rows'][number]
type Names = ReadonlyMap<string, string>

const asked = (see: See): { by: Dimension; days: number } => ({
  by: dimensions.find(each => each === see.query.get('by')) ?? 'channel',
  days: windowDays.find(each => String(each) === see.query.get('days')) ?? 30,
})

export const reportPage = page(
  '/reports',
  { who: 'measures.read', section: 'measures', finds: () => [{ title: t('measures.reports'), icon: 'grid' }] },
  async see => {
    const { by, days } = asked(see)
    const [report, load, names] = await Promise.all([
      measures.report(see.ctx, { by, days }),
      measures.load(see.ctx, {}),
      measures.namesOf(see.ctx),
    ])
    return {
      title: t('measures.reports'),
      live: ['measures'],
      body: (
        <Page>
          <PageHead
            above={<Breadcrumb crumbs={[{ label: t('measures.title'), href: '/measures' }, { label: t('measures.reports') }]} />}
            title={t('measures.reports')}
            detail={t('measures.reportsWhy')}
            actions={
              <LinkButton href={`/reports.csv?by=${by}&days=${days}`} icon="download">
                {t('measures.csv')}
              </LinkButton>
            }
            tabs={<PeriodTabs path="/reports" days={days} keep={`&by=${by}`} />}
          />
          <Stack gap="large">
            <SideBySide report={report} by={by} days={days} names={names} />
            <Spreads report={report} names={names} by={by} />
            <Hours report={report} days={days} />
            <Load items={load.items} names={names} />
            <Unmeasured />
          </Stack>
        </Page>
      ),
    }
  },
)

const valueIn = (row: Row, measure: Measure) => row.cells.find(each => each.measure === measure.id)!

const SideBySide = ({ report: { rows }, by, days, names }: { report: Report; by: Dimension; days: number; names: Names }) => (
  <Card flush title={t('measures.sideBySide')} detail={t('measures.sideBySideWhy')}>
    <Tabs
      label={t('measures.sideBySide')}
      tabs={dimensions.map(each => ({ href: `/reports?by=${each}&days=${days}`, label: t(`measures.by.${each}`), current: each === by }))}
    />
    {rows.length === 0 && <EmptyState title={t('measures.nothingYet')} why={t(`measures.byNone.${by}`)} icon="grid" compact />}
    <Stack>
      {(Object.keys(measures.chapters) as Chapter[]).map(chapter => (
        <Told chapter={chapter} rows={rows} by={by} days={days} names={names} />
      ))}
    </Stack>
  </Card>
)

type Chapter = keyof typeof measures.chapters

/** Of one matter, those parts of which anything is known. */
const Told = ({ chapter, rows, by, days, names }: { chapter: Chapter; rows: Row[]; by: Dimension; days: number; names: Names }) => {
  const columns = measures.chapters[chapter].map(measureOf)
  const known = rows.filter(row => columns.some(each => valueIn(row, each).n > 0))
  if (known.length === 0) return null
  return (
    <Table
      caption={t(`measures.chapter.${chapter}`)}
      dense
      stacks
      rows={known}
      columns={[
        { head: t(`measures.by.${by}`), heading: true, cell: row => <bdi>{partName(row.scope, names)}</bdi> },
        ...columns.map(measure => ({
          head: t(`measures.${measure.id}.short`),
          numeric: true,
          cell: (row: Row) => <Value row={row} measure={measure} days={days} />,
        })),
      ]}
    />
  )
}

/** Opens what it counts; what is not enough data says how much there is. */
const Value = ({ row, measure, days }: { row: Row; measure: Measure; days: number }) => {
  const { value, n } = valueIn(row, measure)
  if (n === 0) return <Quiet>–</Quiet>
  const href = `/measures/${measure.id}?${new URLSearchParams({ days: String(days), scope: row.scope })}`
  return <a href={href}>{value === null ? t('measures.few', { n }) : inUnit(measure.unit, value)}</a>
}

const difference = (id: MeasureId, spread: number): string => {
  const { unit } = measureOf(id)
  return unit === 'share' ? t('measures.points', { points: number(100 * spread, { maximumFractionDigits: 1 }) }) : inUnit(unit, spread)
}

const Spreads = ({ report: { spreads }, names, by }: { report: Report; names: Names; by: Dimension }) => (
  <Card title={t('measures.sameEverywhere')} detail={t('measures.sameWhy')} icon="rings">
    {spreads.length === 0 ? (
      <Quiet>{t('measures.sameFew', { by: t(`measures.by.${by}`) })}</Quiet>
    ) : (
      <DefinitionList
        items={spreads.map(({ measure, spread, least, most }) => ({
          term: name(measureOf(measure)),
          value: (
            <>
              <strong>{difference(measure, spread)}</strong> <bdi>{partName(least, names)}</bdi> … <bdi>{partName(most, names)}</bdi>
            </>
          ),
        }))}
      />
    )}
  </Card>
)

const Hours = ({ report: { hours }, days }: { report: Report; days: number }) =>
  hours.some(each => each.n > 0) ? (
    <Card>
      <ChartFrame
        id="hours"
        title={t('measures.hours', { days })}
        detail={t('measures.hoursWhy')}
        kind="bar"
        labels={hours.map(each => String(each.hour).padStart(2, '0'))}
        labelHead={t('measures.hour')}
        series={[{ name: t('measures.firstAnswers'), values: hours.map(each => each.n), tone: 'talk' }]}
        format={{ maximumFractionDigits: 0 }}
        hrefs={hours.map(each => (each.n ? `/measures/response.first.calendar?days=${days}` : null))}
      />
    </Card>
  ) : null

const Load = ({ items, names }: { items: Awaited<ReturnType<typeof measures.load>>['items']; names: Names }) => (
  <Card flush title={t('measures.load')} detail={t('measures.loadWhy')}>
    <Table
      caption={t('measures.load')}
      captionHidden
      dense
      stacks
      rows={items}
      empty={<EmptyState title={t('measures.loadNone')} icon="check" compact />}
      columns={[
        {
          head: t('measures.by.team'),
          heading: true,
          cell: row => <bdi>{row.team ? (names.get(row.team) ?? t('measures.goneName')) : t('measures.noTeam')}</bdi>,
        },
        { head: t('measures.loadTalks'), numeric: true, cell: row => <a href="/inbox/open">{number(row.talks)}</a> },
        { head: t('measures.loadAsking'), numeric: true, cell: row => number(row.asking) },
        { head: t('measures.loadOldest'), numeric: true, cell: row => (row.oldest ? <RelativeTime at={row.oldest} /> : '–') },
        { head: t('measures.loadCases'), numeric: true, cell: row => <a href="/cases/list/active">{number(row.cases)}</a> },
        { head: t('measures.loadLate'), numeric: true, cell: row => <a href="/cases/list/breaching">{number(row.late)}</a> },
      ]}
    />
  </Card>
)

const Unmeasured = () => (
  <Card title={t('measures.unmeasured')} detail={t('measures.unmeasuredWhy')} icon="info">
    <DefinitionList
      items={measures.unmeasured.map(each => ({ term: t(`measures.unmeasured.${each}`), value: t(`measures.unmeasured.${each}.why`) }))}
      look="stacked"
    />
  </Card>
)

// —— for spreadsheets ——

const csv = (headers: Headers, name: string, lines: Cell[][]): Response =>
  new Response(csvStart + lines.map(csvLine).join(''), {
    headers: {
      ...Object.fromEntries(headers),
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${name}.csv"`,
      'cache-control': 'no-store',
    },
  })

/** One row for each part; shares between 0 and 1, times in minutes, and how many each value rests on. */
export const reportCsv = raw('GET', '/reports.csv', 'measures.read', async (c, see) => {
  const { by, days } = asked(see!)
  const [{ rows }, names] = await Promise.all([measures.report(see!.ctx, { by, days }), measures.namesOf(see!.ctx)])
  const head = [by, 'name', ...measures.reported.flatMap(id => [id, `${id} n`])]
  const lines = rows.map(row => [row.scope, partName(row.scope, names), ...row.cells.flatMap(({ value, n }) => [value, n])])
  return csv(c.res.headers, `report-${by}`, [head, ...lines])
})

const mostLines = 5000

/** One row for each thing behind a value, newest first. */
export const behindCsv = raw('GET', '/reports/behind.csv', 'measures.read', async (c, see) => {
  const { query, ctx } = see!
  const measure = measureId.catch('response.rate').parse(query.get('measure'))
  const scope = scopeSchema.catch('all').parse(query.get('scope') ?? 'all')
  const days = windowDays.find(each => String(each) === query.get('days')) ?? 30
  const lines: Cell[][] = [['id', 'thread', 'at', 'channel', 'holds', 'minutes', 'subject']]
  for (let before: string | undefined; lines.length <= mostLines; ) {
    const { items, next } = await measures.evidence(ctx, { measure, scope, days, before, limit: 100 })
    lines.push(
      ...items.map(({ id, thread, at, channel, holds, minutes, subject }) => [
        id,
        thread,
        at,
        channel,
        holds === null ? null : String(holds),
        minutes,
        subject,
      ]),
    )
    if (!next) break
    before = next
  }
  return csv(c.res.headers, measure, lines)
})
