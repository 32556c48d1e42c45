/** Four saved views: from what is said outside to campaigns, opportunities, known problems and ideas. */
import { Breadcrumb, Card, EmptyState, Page, PageHead, Quiet, RelativeTime, Row, Stack, Table, Tabs, Tag } from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { type Html, page, type See } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import * as soundings from './actions.ts'
import { changeOf, count, scoreOr, TermLink } from './pages-parts.tsx'
import { mentionsOf, type Place } from './pages-place.tsx'
import { RisingTable, topicsOf } from './pages-topics.tsx'
import { windows } from './words.ts'

export const insightViews = ['marketing', 'sales', 'support', 'innovation'] as const
export type InsightView = (typeof insightViews)[number]
type Monitors = { id: string; name: string }[]

export const insightsPage = page('/soundings/insights/:view', { who: 'soundings.read', section: 'soundings' }, async see => {
  const view = insightViews.find(each => each === see.params.view) ?? 'marketing'
  const days = windows.find(each => String(each) === see.query.get('days')) ?? 30
  const { monitors, body } = await drawn[view](see, days)
  return {
    title: t(`soundings.insights.${view}`),
    live: ['soundings', 'monitors'],
    body: (
      <Page>
        <PageHead
          above={<Breadcrumb crumbs={[{ label: t('soundings.title'), href: '/soundings' }, { label: t(`soundings.insights.${view}`) }]} />}
          title={t(`soundings.insights.${view}`)}
          detail={t(`soundings.insights.${view}.why`)}
          tabs={
            <Tabs
              label={t('soundings.views')}
              tabs={insightViews.map(each => ({
                href: `/soundings/insights/${each}?days=${days}`,
                label: t(`soundings.insights.${each}.short`),
                current: each === view,
              }))}
            />
          }
        />
        <Tabs
          label={t('soundings.period')}
          tabs={windows.map(each => ({
            href: `/soundings/insights/${view}?days=${each}`,
            label: t('soundings.days', { days: each }),
            current: each === days,
          }))}
        />
        {monitors.length === 0 ? <NoneOfOurs see={see} /> : <Whose monitors={monitors} days={days} body={body} />}
      </Page>
    ),
  }
})

const NoneOfOurs = ({ see }: { see: See }) => (
  <EmptyState
    title={t('soundings.noneOfOurs')}
    why={t('soundings.noneOfOursWhy')}
    icon="chart"
    {...(may(see.ctx.actor, 'monitors.manage') && {
      action: { label: t('soundings.toMonitors'), href: '/monitors', icon: 'add' as const },
    })}
  />
)

const Whose = ({ monitors, days, body }: { monitors: Monitors; days: number; body: Html | null }) => (
  <Stack gap="large">
    <Row>
      <Quiet>{t('soundings.whose')}</Quiet>
      {monitors.map(({ id, name }) => (
        <Tag href={`/soundings/look?monitors=${id}&days=${days}`}>{name}</Tag>
      ))}
    </Row>
    {body}
  </Stack>
)

const placeOf = (monitors: Monitors, days: number): Place => ({
  ...{ title: '', monitors: monitors.map(each => each.id).join(','), days, everything: false, against: 'before', left: 0 },
})

type Drawn = (see: See, days: number) => Promise<{ monitors: Monitors; body: Html | null }>

const marketing: Drawn = async (see, days) => {
  const { monitors, posts } = await soundings.marketing(see.ctx, { days })
  const day = (at: Date, more: number) => new Date(at.getTime() + more * 86_400_000).toISOString().slice(0, 10)
  const body = (
    <Card flush title={t('soundings.posts')} detail={t('soundings.postsWhy')}>
      <Table
        caption={t('soundings.posts')}
        captionHidden
        stacks
        rows={posts}
        empty={<EmptyState title={t('soundings.noPosts')} why={t('soundings.noPostsWhy')} icon="megaphone" compact />}
        columns={[
          {
            head: t('soundings.post'),
            heading: true,
            cell: each => {
              const words = <bdi>{each.snippet.slice(0, 120) || t('soundings.noWords')}</bdi>
              return each.thread ? <a href={`/threads/${each.thread}#message-${each.content}`}>{words}</a> : words
            },
          },
          { head: t('soundings.when'), cell: each => <RelativeTime at={each.at} /> },
          { head: t('soundings.dayBefore'), numeric: true, cell: each => count(each.before) },
          {
            head: t('soundings.dayAfter'),
            numeric: true,
            cell: each => (
              <a href={mentionsOf(placeOf(monitors, days), { from: day(each.at, 0), until: day(each.at, 1) })}>{count(each.after)}</a>
            ),
          },
          { head: t('soundings.change'), numeric: true, cell: each => changeOf(each.after, each.before)?.text ?? '–' },
        ]}
      />
    </Card>
  )
  return { monitors, body }
}

const sales: Drawn = async (see, days) => {
  const { monitors, companies } = await soundings.sales(see.ctx, { days })
  const place = placeOf(monitors, days)
  const body = (
    <Card flush title={t('soundings.companies')} detail={t('soundings.companiesWhy')}>
      <Table
        caption={t('soundings.companies')}
        captionHidden
        stacks
        rows={companies}
        empty={<EmptyState title={t('soundings.noCompanies')} why={t('soundings.noCompaniesWhy')} icon="trendUp" compact />}
        columns={[
          {
            head: t('soundings.company'),
            heading: true,
            cell: each => (
              <a href={`/people/${each.company}`}>
                <bdi>{each.name}</bdi>
              </a>
            ),
          },
          {
            head: t('soundings.opportunity'),
            cell: each => (
              <a href={`/sales/S-${each.number}`}>
                <bdi>{each.title}</bdi>
              </a>
            ),
          },
          { head: t('soundings.named'), numeric: true, cell: each => named(place, each) },
          { head: t('soundings.saidThemselves'), numeric: true, cell: each => count(each.said) },
          { head: t('soundings.net'), numeric: true, cell: each => (each.n ? scoreOr((each.positive - each.negative) / each.n) : '–') },
        ]}
      />
    </Card>
  )
  return { monitors, body }
}

/** A name of three words or more is no term, and that is not zero. */
const named = (place: Place, { term, n }: { term: string | null; n: number }): Html =>
  term === null ? (
    <Quiet>{t('soundings.notLookedFor')}</Quiet>
  ) : n > 0 ? (
    <a href={`/soundings/term?${new URLSearchParams({ monitors: place.monitors, days: String(place.days), term })}`}>{count(n)}</a>
  ) : (
    <>0</>
  )

const support: Drawn = async (see, days) => {
  const { monitors, rising } = await soundings.support(see.ctx, { days })
  const place = placeOf(monitors, days)
  const body = (
    <Card flush title={t('soundings.problems')} detail={t('soundings.problemsWhy')}>
      <Table
        caption={t('soundings.problems')}
        captionHidden
        stacks
        rows={rising}
        empty={<EmptyState title={t('soundings.nothingRises')} why={t('soundings.nothingRisesWhy')} icon="check" compact />}
        columns={[
          { head: t('soundings.term'), heading: true, cell: each => <TermLink place={place} term={each.term} /> },
          { head: t('soundings.mentions'), numeric: true, cell: each => count(each.n) },
          { head: t('soundings.net'), numeric: true, cell: each => scoreOr((each.positive - each.negative) / each.n) },
          {
            head: t('soundings.causes'),
            cell: each =>
              each.causes.length === 0 ? (
                <Quiet>{t('soundings.noCause')}</Quiet>
              ) : (
                each.causes.map(({ cause, count: n }) => (
                  <>
                    <a href={`/cases/list/closed?${new URLSearchParams({ cause })}`}>
                      <bdi>{cause}</bdi> ({count(n)})
                    </a>{' '}
                  </>
                ))
              ),
          },
        ]}
      />
    </Card>
  )
  return { monitors, body }
}

const innovation: Drawn = async (see, days) => {
  const monitors = await soundings.ourMonitors(see.ctx)
  if (monitors.length === 0) return { monitors, body: null }
  const place = placeOf(monitors, days)
  const { rising, read, readBefore } = await topicsOf(see, place)
  const body = (
    <>
      <Card title={t('soundings.ideas')} icon="info">
        <p>{t('soundings.noIdeas')}</p>
      </Card>
      <Card flush={rising.length > 0} title={t('soundings.rising')} detail={t('soundings.innovationWhy')}>
        {rising.length > 0 ? (
          <RisingTable place={place} rows={rising} read={read} readBefore={readBefore} />
        ) : (
          <Quiet>{t('soundings.nothingRises')}</Quiet>
        )}
      </Card>
    </>
  )
  return { monitors, body }
}

const drawn: Record<InsightView, Drawn> = { marketing, sales, support, innovation }
