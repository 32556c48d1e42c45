/** Where one begins: every monitor with what was heard, markets, saved selections, and what to do with it. */
import {
  Button,
  Card,
  EmptyState,
  Grid,
  Item,
  ItemList,
  Page,
  PageHead,
  Pager,
  Quiet,
  Row,
  SearchBox,
  Stack,
  Table,
  Tabs,
  Tag,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, page, type See, typed } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import * as soundings from './actions.ts'
import { insightViews } from './pages-insights.tsx'
import { changeOf, count, scoreOr } from './pages-parts.tsx'
import { mentionsOf, placeOf } from './pages-place.tsx'
import { mostBeside, windows } from './words.ts'

export { changesPage, voicesPage } from './pages-changes.tsx'
export { csv } from './pages-csv.ts'
export { insightsPage } from './pages-insights.tsx'
export { lookPage } from './pages-look.tsx'
export { termPage, topicsPage } from './pages-topics.tsx'
export { whenPage } from './pages-when.tsx'

type Overview = Awaited<ReturnType<typeof soundings.overview>>

const daysIn = (see: See): number => windows.find(each => String(each) === see.query.get('days')) ?? 30

export const indexPage = page(
  '/soundings',
  {
    who: 'soundings.read',
    place: { section: 'soundings', title: 'soundings.title', icon: 'eye', order: 24 },
    finds: () => insightViews.map(view => ({ title: t(`soundings.insights.${view}`), href: `/soundings/insights/${view}`, icon: 'chart' })),
  },
  async see => {
    const [days, q, after] = [daysIn(see), (see.query.get('q') ?? '').slice(0, 100), see.query.get('after') ?? undefined]
    const [found, markets, saved] = await Promise.all([
      soundings.overview(see.ctx, { days, q, after }),
      soundings.marketsOf(see.ctx),
      soundings.selections(see.ctx, { limit: 20, after: see.query.get('saved') ?? undefined }),
    ])
    const isEmpty = found.items.length === 0 && !q && !after
    return {
      title: t('soundings.title'),
      live: ['soundings', 'monitors'],
      body: (
        <Page>
          <PageHead
            title={t('soundings.title')}
            detail={t('soundings.titleWhy')}
            tabs={
              <Tabs
                label={t('soundings.period')}
                tabs={windows.map(each => ({
                  href: `/soundings?days=${each}`,
                  label: t('soundings.days', { days: each }),
                  current: each === days,
                }))}
              />
            }
          />
          {isEmpty ? <Begin see={see} /> : <All found={found} days={days} q={q} after={after} markets={markets} saved={saved} />}
        </Page>
      ),
    }
  },
)

const Begin = ({ see }: { see: See }) => (
  <EmptyState
    title={t('soundings.empty')}
    why={t('soundings.emptyWhy')}
    icon="chart"
    {...(may(see.ctx.actor, 'monitors.read') && { action: { label: t('soundings.toMonitors'), href: '/monitors', icon: 'add' as const } })}
  />
)

interface AllProps {
  found: Overview
  days: number
  q: string
  after: string | undefined
  markets: { id: string; name: string }[]
  saved: Awaited<ReturnType<typeof soundings.selections>>
}

const All = ({ found, days, q, after, markets, saved }: AllProps) => (
  <Stack gap="large">
    <Grid columns="medium">
      <Card title={t('soundings.views')} detail={t('soundings.viewsWhy')}>
        <ItemList label={t('soundings.views')}>
          {insightViews.map(view => (
            <Item
              href={`/soundings/insights/${view}`}
              title={t(`soundings.insights.${view}`)}
              detail={t(`soundings.insights.${view}.why`)}
            />
          ))}
        </ItemList>
      </Card>
      {markets.length > 0 && (
        <Card title={t('soundings.markets')} detail={t('soundings.marketsWhy')}>
          <ItemList label={t('soundings.markets')}>
            {markets.map(({ id, name }) => (
              <Item href={`/soundings/look?market=${id}&days=${days}`} title={<bdi>{name}</bdi>} />
            ))}
          </ItemList>
        </Card>
      )}
      <Card title={t('soundings.saved')} detail={t('soundings.savedWhy')}>
        {saved.items.length === 0 ? (
          <Quiet>{t('soundings.savedNone')}</Quiet>
        ) : (
          <ItemList label={t('soundings.saved')}>
            {saved.items.map(each => (
              <Item
                href={`/soundings/look?saved=${each.id}`}
                title={<bdi>{each.name}</bdi>}
                detail={`${t('soundings.countMonitors', { count: each.monitors.length })} · ${t('soundings.days', { days: each.days })}`}
              />
            ))}
          </ItemList>
        )}
        {saved.next && <a href={`/soundings?days=${days}&saved=${encodeURIComponent(saved.next)}`}>{t('soundings.moreSaved')}</a>}
      </Card>
    </Grid>
    <SearchBox action="/soundings" label={t('soundings.find')} value={q} keep={{ days: String(days) }} />
    <form method="get" action="/soundings/look" id="compare">
      <input type="hidden" name="days" value={days} />
    </form>
    <Monitors found={found} days={days} q={q} after={after} />
  </Stack>
)

const Monitors = ({ found: { items, next }, days, q, after }: Omit<AllProps, 'markets' | 'saved'>) => {
  const address = (more: Record<string, string>) => `/soundings?${new URLSearchParams({ days: String(days), ...(q && { q }), ...more })}`
  return (
    <Card
      flush
      title={t('soundings.monitors')}
      detail={t('soundings.monitorsWhy', { most: mostBeside })}
      foot={
        <Row spread>
          {items.length > 1 && (
            <Button icon="layers" form="compare">
              {t('soundings.compare')}
            </Button>
          )}
          <Pager newer={after ? address({}) : undefined} older={next ? address({ after: next }) : undefined} />
        </Row>
      }
    >
      <Table
        caption={t('soundings.monitors')}
        captionHidden
        stacks
        rows={items}
        empty={<EmptyState title={t('soundings.notFound')} icon="search" compact />}
        columns={[
          {
            head: t('soundings.choose'),
            headHidden: true,
            cell: each => (
              <input
                type="checkbox"
                form="compare"
                name="monitors"
                value={each.id}
                aria-label={t('soundings.chooseOne', { name: each.name })}
              />
            ),
          },
          {
            head: t('soundings.monitor'),
            heading: true,
            cell: each => (
              <>
                <a href={`/soundings/look?monitors=${each.id}&days=${days}`}>
                  <bdi>{each.name}</bdi>
                </a>{' '}
                <Tag>{t(`soundings.kind.${each.kind}`)}</Tag>
              </>
            ),
          },
          { head: t('soundings.mentions'), numeric: true, cell: each => count(each.sum.n) },
          { head: t('soundings.then'), numeric: true, cell: each => count(each.before) },
          { head: t('soundings.change'), numeric: true, cell: each => changeOf(each.sum.n, each.before)?.text ?? '–' },
          { head: t('soundings.net'), numeric: true, cell: each => scoreOr(each.sum.net) },
          { head: t('soundings.nsr'), numeric: true, cell: each => scoreOr(each.sum.nsr) },
        ]}
      />
    </Card>
  )
}

// —— behind a number of several monitors ——

const narrowings = ['from', 'until', 'mood', 'source', 'language', 'country', 'author', 'q'] as const

export const behindPage = page('/soundings/behind', { who: 'soundings.read', section: 'soundings' }, async see => {
  const place = await placeOf(see)
  const names = await soundings.namesOf(see.ctx, place?.monitors.split(',') ?? [])
  const narrowed = Object.fromEntries(narrowings.flatMap(name => (see.query.get(name) ? [[name, see.query.get(name)!.slice(0, 500)]] : [])))
  return {
    title: t('soundings.behind'),
    body: (
      <Page width="narrow">
        <PageHead title={t('soundings.behind')} detail={t('soundings.behindWhy')} />
        <Card>
          <ItemList label={t('soundings.behind')}>
            {names.map(({ id, name }) => (
              <Item href={mentionsOf({ monitors: id, everything: place?.everything ?? false }, narrowed)} title={<bdi>{name}</bdi>} />
            ))}
          </ItemList>
        </Card>
      </Page>
    ),
  }
})

// —— selections ——

export const doSave = form('/soundings/selections', soundings.save, {
  read: fields => ({
    name: typed(fields, 'name'),
    monitors: typed(fields, 'monitors'),
    days: typed(fields, 'days'),
    everything: typed(fields, 'everything') === 'true',
  }),
  done: (_see, { selection }) => ({ go: `/soundings/look?saved=${selection}`, say: 'soundings.isSaved' }),
})

export const doRemove = form('/soundings/selections/:selection/remove', soundings.remove, {
  done: see => ({ go: '/soundings', say: 'soundings.isRemoved', undo: { path: `/soundings/selections/${see.params.selection}/back` } }),
})

export const doBringBack = form('/soundings/selections/:selection/back', soundings.bringBack, {
  done: see => ({ go: `/soundings/look?saved=${see.params.selection}`, say: 'soundings.isBack' }),
})
