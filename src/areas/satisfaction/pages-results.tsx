/** The results of one survey: how sure the figure is, over time, by channel, team or type, and what was said. */
import { types as caseTypes } from '#areas/cases/actions.ts'
import {
  Badge,
  Breadcrumb,
  Card,
  ChartFrame,
  EmptyState,
  Grid,
  Item,
  ItemList,
  LinkButton,
  Page,
  PageHead,
  Pager,
  Quiet,
  Stack,
  Stat,
  Table,
  Tabs,
} from '#kernel/html/kit.tsx'
import { date, dayOfYear, hasMessage, number, percent, t } from '#kernel/messages.ts'
import { page, type See } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { cardsOf } from '#social/people/actions.ts'
import type { PersonCard } from '#social/people/words.ts'
import { teamsOf } from '#social/teams/actions.ts'
import * as satisfaction from './actions.ts'
import { figureOf, intervalText, labelOf, scoresOf, valueText } from './actions-said.ts'
import { aboutSurvey, base as settings, standOf } from './pages-settings.tsx'
import { type Answer, type Grouping, groupings, type Kind, type Result, type Survey, windows } from './words.ts'

export const wantedDays = (see: See): number => windows.find(each => String(each) === see.query.get('days')) ?? 90

export const PeriodTabs = ({ path, days, keep = {} }: { path: string; days: number; keep?: Record<string, string> }) => (
  <Tabs
    label={t('satisfaction.period')}
    tabs={windows.map(each => ({
      href: `${path}?${new URLSearchParams({ ...keep, days: String(each) })}`,
      label: t('satisfaction.days', { days: each }),
      current: each === days,
    }))}
  />
)

/** How many answered of those who were asked. */
const sampleText = ({ n, asked }: Result): string =>
  asked >= n && asked > 0 ? t('satisfaction.sample', { n, asked, share: percent(n / asked) }) : t('satisfaction.sampleOnly', { n })

export const ResultStat = ({ label, kind, result, href }: { label: string; kind: Kind; result: Result; href?: string }) => (
  <Stat
    label={label}
    value={valueText(kind, result)}
    unknown={result.value === null}
    {...(href && { href })}
    detail={[intervalText(kind, result), sampleText(result)].filter(Boolean).join(' · ')}
  />
)

interface Place {
  survey: string
  days: number
  by: Grouping
  channel?: string
  team?: string
  type?: string
  /** Also those without words. */
  all?: 1
  /** Only a part of the scale. */
  from?: number
  to?: number
}

const numberIn = (see: See, name: string): number | undefined => {
  const text = see.query.get(name) ?? ''
  return /^\d{1,2}$/.test(text) ? Math.min(10, Number(text)) : undefined
}

function placeIn(see: See): Place {
  const { query } = see
  const uuid = (name: string) => (/^[0-9a-f-]{36}$/.test(query.get(name) ?? '') ? query.get(name)! : undefined)
  return {
    survey: see.params.survey!,
    days: wantedDays(see),
    by: groupings.find(each => each === query.get('by')) ?? 'channel',
    channel: query.get('channel')?.slice(0, 60) || undefined,
    team: uuid('team'),
    type: uuid('type'),
    ...(query.has('all') && { all: 1 as const }),
    from: numberIn(see, 'from'),
    to: numberIn(see, 'to'),
  }
}

function hrefOf({ survey, ...rest }: Place, over: Partial<Record<keyof Place | 'before', string | number | undefined>> = {}): string {
  const all = Object.entries({ ...rest, ...over }).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]]))
  return `/satisfaction/${survey}?${new URLSearchParams(all)}`
}

export const resultsPage = page('/satisfaction/:survey', { who: 'satisfaction.read', section: 'satisfaction' }, async see => {
  const place = placeIn(see)
  const { survey: id, days, by, from, to, all, ...parts } = place
  const commented = !all && from === undefined
  const before = see.query.get('before') ?? undefined
  const [{ survey, result, trend }, groups, said] = await Promise.all([
    satisfaction.results(see.ctx, { survey: id, days, ...parts }),
    satisfaction.groups(see.ctx, { survey: id, days, by }),
    satisfaction.answers(see.ctx, { survey: id, from, to, commented, before, limit: 20 }),
  ])
  const [names, people] = await Promise.all([namesOf(see), cardsOf(see.ctx, [...new Set(said.items.flatMap(each => each.person ?? []))])])
  const part = parts.channel ?? parts.team ?? parts.type
  return {
    title: survey.name,
    live: ['satisfaction'],
    body: (
      <Page>
        <PageHead
          above={<Breadcrumb crumbs={[{ label: t('satisfaction.title'), href: '/satisfaction' }, { label: survey.name }]} />}
          title={<bdi>{survey.name}</bdi>}
          detail={aboutSurvey(survey)}
          actions={
            may(see.ctx.actor, 'satisfaction.manage') && (
              <LinkButton href={`${settings}/${survey.id}`} icon="settings">
                {t('satisfaction.settings')}
              </LinkButton>
            )
          }
          tabs={
            <PeriodTabs
              path={`/satisfaction/${survey.id}`}
              days={days}
              keep={Object.fromEntries(new URLSearchParams(hrefOf(place).split('?')[1]))}
            />
          }
        />
        <Stack gap="large">
          {part && (
            <Quiet>
              {t('satisfaction.only', { part: partName(part, names) })}{' '}
              <a href={`/satisfaction/${survey.id}?days=${days}&by=${by}`}>{t('satisfaction.everything')}</a>
            </Quiet>
          )}
          <Grid columns="medium" gap="small">
            <ResultStat label={t(`satisfaction.figure.${survey.kind}`)} kind={survey.kind} result={result} />
            {result.mean !== null && (
              <Stat
                label={t('satisfaction.mean')}
                value={number(result.mean, { maximumFractionDigits: 2 })}
                detail={t('satisfaction.meanOf')}
              />
            )}
            <Stat
              label={t('satisfaction.state')}
              value={String(result.asked)}
              unit={t('satisfaction.wereAsked')}
              detail={standOf(survey)}
            />
          </Grid>
          <Card>
            <Spread kind={survey.kind} result={result} place={place} />
          </Card>
          {trend.some(each => each.value !== null) && (
            <Card>
              <Trend survey={survey} trend={trend} days={days} />
            </Card>
          )}
          {!survey.anonymous && <Groups kind={survey.kind} place={place} items={groups.items} names={names} />}
          <Said survey={survey} place={place} said={said} people={people} before={before !== undefined} />
        </Stack>
      </Page>
    ),
  }
})

const Spread = ({ kind, result, place }: { kind: Kind; result: Result; place: Place }) => (
  <ChartFrame
    id="spread"
    title={t('satisfaction.howOften')}
    detail={t(`satisfaction.source.${kind}`)}
    kind="bar"
    height="small"
    labels={scoresOf(kind).map(score => labelOf(kind, score))}
    labelHead={t('satisfaction.answer')}
    series={[{ name: t('satisfaction.answers'), values: result.counts, tone: 'talk' }]}
    format={{ maximumFractionDigits: 0 }}
    hrefs={scoresOf(kind).map((score, at) => (result.counts[at] ? `${hrefOf(place, { from: score, to: score })}#said` : null))}
  />
)

export const noon = (day: string): Date => new Date(`${day}T12:00:00Z`)

const Trend = ({ survey, trend, days }: { survey: Survey; trend: { from: string; value: number | null; n: number }[]; days: number }) => (
  <ChartFrame
    id="trend"
    title={t('satisfaction.trend', { name: survey.name })}
    detail={t(days <= 92 ? 'satisfaction.byWeek' : 'satisfaction.byMonth')}
    kind="line"
    labels={trend.map(each => (days <= 92 ? dayOfYear : date)(noon(each.from)))}
    labelHead={t('satisfaction.since')}
    series={[{ name: t(`satisfaction.figure.${survey.kind}`), values: trend.map(each => each.value), tone: 'talk' }]}
    format={survey.kind === 'csat' ? { style: 'percent', maximumFractionDigits: 0 } : { maximumFractionDigits: 1 }}
    show={value => figureOf(survey.kind, value)}
  />
)

// —— by channel, team or type ——

async function namesOf({ ctx }: See): Promise<Map<string, string>> {
  const [teams, types] = await Promise.all([teamsOf(ctx), caseTypes(ctx, {})])
  return new Map([...teams, ...types.items].map(each => [each.id, each.name]))
}

const isNone = (part: string): boolean => part === '' || /^[0-]+$/.test(part)
const partName = (part: string, names: Map<string, string>): string =>
  isNone(part) ? t('satisfaction.none') : (names.get(part) ?? (hasMessage(`${part}.title`) ? t(`${part}.title`) : t('satisfaction.gone')))

interface GroupsProps {
  kind: Kind
  place: Place
  items: { part: string | null; result: Result }[]
  names: Map<string, string>
}

const Groups = ({ kind, place, items, names }: GroupsProps) => (
  <Card flush title={t('satisfaction.by')} detail={t('satisfaction.byWhy')}>
    <Tabs
      label={t('satisfaction.by')}
      tabs={groupings.map(each => ({
        href: hrefOf(place, { by: each }),
        label: t(`satisfaction.grouping.${each}`),
        current: each === place.by,
      }))}
    />
    <Table
      caption={t('satisfaction.by')}
      captionHidden
      dense
      stacks
      rows={items}
      empty={<EmptyState title={t('satisfaction.noneYet')} icon="chart" compact />}
      columns={[
        {
          head: t(`satisfaction.grouping.${place.by}`),
          heading: true,
          cell: ({ part }) =>
            part === null ? (
              t('satisfaction.together')
            ) : isNone(part) ? (
              partName(part, names)
            ) : (
              <a href={hrefOf({ survey: place.survey, days: place.days, by: place.by }, { [place.by]: part })}>
                <bdi>{partName(part, names)}</bdi>
              </a>
            ),
        },
        { head: t(`satisfaction.figure.${kind}`), numeric: true, cell: ({ result }) => valueText(kind, result) },
        { head: t('satisfaction.span'), numeric: true, cell: ({ result }) => intervalText(kind, result) ?? '–' },
        { head: t('satisfaction.answers'), numeric: true, cell: ({ result }) => number(result.n) },
      ]}
    />
  </Card>
)

// —— what was said ——

interface SaidProps {
  survey: Survey
  place: Place
  said: { items: Answer[]; next: string | null }
  people: Map<string, PersonCard>
  before: boolean
}

/** Of the whole scale. */
const whole = { from: undefined, to: undefined }

const Said = ({ survey, place, said, people, before }: SaidProps) => (
  <Card
    id="said"
    flush
    title={t('satisfaction.said')}
    foot={
      said.next || before ? (
        <Pager
          newer={before ? `${hrefOf(place)}#said` : undefined}
          older={said.next ? `${hrefOf(place, { before: said.next })}#said` : undefined}
        />
      ) : undefined
    }
  >
    <Tabs
      label={t('satisfaction.said')}
      tabs={[
        {
          href: `${hrefOf(place, { ...whole, all: undefined })}#said`,
          label: t('satisfaction.withWords'),
          current: !place.all && place.from === undefined,
        },
        {
          href: `${hrefOf(place, { ...whole, all: 1 })}#said`,
          label: t('satisfaction.allAnswers'),
          current: Boolean(place.all) && place.from === undefined,
        },
      ]}
    />
    {said.items.length === 0 ? (
      <EmptyState
        title={t('satisfaction.saidNothing')}
        why={t(survey.anonymous ? 'satisfaction.saidFew' : 'satisfaction.saidNothingWhy')}
        icon="chat"
        compact
      />
    ) : (
      <ItemList label={t('satisfaction.said')}>
        {said.items.map(each => (
          <Item
            row={{}}
            title={<bdi>{each.comment || t('satisfaction.wordless')}</bdi>}
            detail={[
              (each.person && people.get(each.person)?.name) || t('satisfaction.somebody'),
              survey.anonymous ? t('satisfaction.weekOf', { day: date(noon(each.day)) }) : date(noon(each.day)),
            ].join(' · ')}
            {...(each.thread && { href: `/threads/${each.thread}` })}
            end={<Score answer={each} bad={survey.bad} />}
          />
        ))}
      </ItemList>
    )}
  </Card>
)

export const Score = ({ answer: { kind, score }, bad }: { answer: Answer; bad?: number | null }) => (
  <Badge tone={bad != null && score <= bad ? 'bad' : 'neutral'}>{labelOf(kind, score)}</Badge>
)
