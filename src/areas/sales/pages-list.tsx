/** Opportunities and leads as a list and as a board. */
import {
  Board,
  BoardColumn,
  Form,
  LooksHead,
  Page,
  Quiet,
  Row,
  Select,
  Toolbar,
  ViewedList,
  type ViewLink,
  ViewTabs,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { type Html, page, type Screen, type See } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { remembered } from '#kernel/remembered.ts'
import { workers } from '#social/members/actions.ts'
import { teamsOf } from '#social/teams/actions.ts'
import * as sales from './actions.ts'
import { cardsOf, money, rowsOf } from './pages-parts.tsx'
import { countIn, type Filter } from './rules.ts'
import { type Counted, type Listed, type Stage, type View, views } from './words.ts'

const near: View[] = ['mine', 'overdue', 'leads', 'open']
const isView = (text: string | undefined): text is View => views.includes(text as View)

export const listPage = page(
  '/sales',
  {
    who: 'sales.read',
    place: { section: 'sales', title: 'sales.sales', icon: 'trendUp', order: 21, shortcut: 'g v' },
    finds: () =>
      views.map(view => ({ title: `${t('sales.sales')}: ${t(`sales.view.${view}`)}`, href: `/sales/list/${view}`, icon: 'trendUp' })),
  },
  async see => {
    const counts = await sales.countsOf(see.ctx)
    return listScreen(see, counts.mine ? 'mine' : 'open')
  },
)

export const viewPage = page('/sales/list/:view', { who: 'sales.read', section: 'sales' }, async see =>
  listScreen(see, isView(see.params.view) ? see.params.view : 'open'),
)

const uuid = /^[0-9a-f]{8}-[0-9a-f-]{27}$/
/** By what a list is narrowed when a number led to it. */
const narrowings = {
  owner: /^([0-9a-f]{8}-[0-9a-f-]{27}|none)$/,
  stage: uuid,
  team: uuid,
  reason: uuid,
  month: /^(\d{4}(-(0[1-9]|1[0-2]))?|late|none)$/,
  currency: /^[A-Z]{3}$/,
}

function narrowedBy(see: See): Record<string, string> {
  const found = Object.entries(narrowings).map(([name, form]) => [name, see.query.get(name) ?? '', form] as const)
  return Object.fromEntries(found.filter(([, value, form]) => form.test(value)).map(([name, value]) => [name, value]))
}

async function listScreen(see: See, view: View): Promise<Screen> {
  const [q, before, narrow] = [see.query.get('q') ?? '', see.query.get('before') ?? undefined, narrowedBy(see)]
  const [{ items, next }, counts, stages] = await Promise.all([
    sales.list(see.ctx, { view, q, before, ...narrow }),
    sales.countsOf(see.ctx),
    sales.stagesOf(see.ctx),
  ])
  const address = (more: Record<string, string> = {}) => {
    const query = new URLSearchParams({ ...narrow, ...(q && { q }), ...more })
    return `/sales/list/${view}${query.size ? `?${query}` : ''}`
  }
  return {
    title: `${t(`sales.view.${view}`)} · ${t('sales.sales')}`,
    live: ['sales', 'sales.settings'],
    body: (
      <Page>
        <Head see={see} look="list" tabs={<ViewTabs label={t('sales.views')} views={linksOf(view, counts)} />} />
        <ViewedList
          find={{ label: t('sales.find'), action: `/sales/list/${view}`, value: q }}
          views={{ label: t('sales.moreViews'), links: linksOf(view, counts) }}
          narrowed={
            Object.keys(narrow).length > 0 && (
              <Quiet>
                {t('sales.narrowed')} <a href={`/sales/list/${view}`}>{t('sales.everything')}</a>
              </Quiet>
            )
          }
          label={t(`sales.view.${view}`)}
          rows={rowsOf(items, sales.todayOf(see.ctx), stages)}
          empty={{
            title: t(q ? 'sales.nothingFound' : `sales.empty.${view}`),
            why: t(q ? 'sales.nothingFoundWhy' : 'sales.emptyWhy'),
            icon: 'trendUp',
            action: q || !may(see.ctx.actor, 'sales.work') ? undefined : { label: t('sales.add'), href: '/sales/new', icon: 'add' },
          }}
          newer={before ? address() : undefined}
          older={next ? address({ before: next }) : undefined}
        />
      </Page>
    ),
  }
}

const looks = [
  { look: 'list', href: '/sales', icon: 'list', shortcut: undefined, who: 'sales.read' },
  { look: 'board', href: '/sales/board', icon: 'grid', shortcut: 'b', who: 'sales.read' },
  { look: 'forecast', href: '/sales/forecast', icon: 'chart', shortcut: undefined, who: 'sales.forecast' },
] as const

export const Head = ({ see, look, tabs }: { see: See; look: 'list' | 'board' | 'forecast'; tabs?: Html }) => (
  <LooksHead
    title={t('sales.sales')}
    tabs={tabs}
    looks={looks
      .filter(({ who }) => may(see.ctx.actor, who))
      .map(({ look: its, who: _, ...link }) => ({ ...link, label: t(`sales.${its}`), current: its === look }))}
    make={may(see.ctx.actor, 'sales.work') && { label: t('sales.add'), href: '/sales/new' }}
  />
)

type Counts = Partial<Record<View | 'late', number>>

const linksOf = (view: View, counts: Counts): ViewLink[] =>
  views.map(each => ({
    label: t(`sales.view.${each}`),
    href: `/sales/list/${each}`,
    ...{ current: each === view, count: counts[each], near: near.includes(each) },
  }))

// —— the board ——

const mostInColumn = 50
/** Whatever tells one of these changes what a card shows. */
const news = ['sales', 'people', 'person:']

interface Column {
  /** What is posted when a card is put here. */
  place: string
  title: string
  filter: Filter
  /** Nothing goes there any more. */
  closed?: boolean
}

function columnsOf(stages: readonly Stage[], counted: readonly Counted[], whose: Filter): Column[] {
  const used = stages.filter(each => each.archivedAt === null || countIn(counted, { ...whose, state: 'open', stage: each.id }) > 0)
  return [
    { place: 'lead', title: t('sales.view.leads'), filter: { ...whose, state: 'lead' } },
    ...used.map(each => ({
      place: each.id,
      title: sales.stageName(each),
      filter: { ...whose, state: 'open' as const, stage: each.id },
      closed: each.archivedAt !== null,
    })),
    { place: 'won', title: t('sales.view.won'), filter: { ...whose, state: 'won' } },
  ]
}

export const boardPage = page(
  '/sales/board',
  { who: 'sales.read', section: 'sales', finds: () => [{ title: t('sales.boardTitle'), icon: 'grid' }] },
  async see => {
    const [teams, people, stages, counted] = await Promise.all([
      teamsOf(see.ctx),
      workers(see.ctx),
      sales.stagesOf(see.ctx),
      sales.countedOf(see.ctx),
    ])
    const team = teams.find(each => each.id === see.query.get('team'))?.id
    const owner = people.find(each => each.person === see.query.get('owner'))?.person
    const columns = columnsOf(stages, counted, { ...(team && { team }), ...(owner && { owner }) })
    const items = await Promise.all(
      columns.map(({ place, filter }) =>
        remembered(see.ctx, `sales.column ${place} ${team} ${owner}`, news, () => sales.column(see.ctx, filter, mostInColumn)),
      ),
    )
    const works = may(see.ctx.actor, 'sales.work')
    return {
      title: `${t('sales.board')} · ${t('sales.sales')}`,
      wide: true,
      live: ['sales', 'sales.settings'],
      body: (
        <Page width="full">
          <Head see={see} look="board" />
          <Toolbar label={t('sales.whose')}>
            <Form action="/sales/board" method="get" live>
              <Row>
                <Whose
                  name="owner"
                  label={t('sales.owner')}
                  empty={t('sales.everybody')}
                  value={owner}
                  choices={people.map(each => ({ value: each.person, label: each.name }))}
                />
                {teams.length > 0 && (
                  <Whose
                    name="team"
                    label={t('sales.team')}
                    empty={t('sales.allTeams')}
                    value={team}
                    choices={teams.map(each => ({ value: each.id, label: each.name }))}
                  />
                )}
              </Row>
            </Form>
          </Toolbar>
          <Board label={t('sales.boardTitle')} hint={works && t('sales.moveHint')}>
            {columns.map((column, at) => (
              <OneColumn
                column={column}
                items={items[at]!}
                sums={sumsOf(counted, column.filter)}
                works={works}
                today={sales.todayOf(see.ctx)}
              />
            ))}
          </Board>
        </Page>
      ),
    }
  },
)

const Whose = (it: {
  name: string
  label: string
  empty: string
  value: string | undefined
  choices: { value: string; label: string }[]
}) => <Select {...it} labelHidden value={it.value ?? ''} sends />

interface ColumnSums {
  count: number
  /** Each currency by itself: plain, and by probability. */
  amounts: { currency: string; value: number; weighted: number }[]
}

function sumsOf(counted: readonly Counted[], filter: Filter): ColumnSums {
  const own = counted.filter(row => countIn([row], filter) > 0 && row.valued > 0)
  const currencies = [...new Set(own.map(row => row.currency))].sort()
  const sum = (currency: string, of: 'value' | 'weighted') =>
    own.filter(row => row.currency === currency).reduce((all, row) => all + row[of], 0)
  const amounts = currencies.map(currency => ({ currency, value: sum(currency, 'value'), weighted: sum(currency, 'weighted') }))
  return { count: countIn(counted, filter), amounts }
}

interface ColumnProps {
  column: Column
  items: Listed[]
  sums: ColumnSums
  works: boolean
  today: string
}

/** The list of what a column counts. */
function listOf({ state, stage, owner, team }: Filter): string {
  const query = new URLSearchParams({ ...(stage && { stage }), ...(owner && { owner }), ...(team && { team }) })
  return `/sales/list/${state === 'lead' ? 'leads' : state}${query.size ? `?${query}` : ''}`
}

/** What is won is opened again on its own page; what is lost needs its reason, so it is no column. */
const OneColumn = ({ column: { place, title, filter, closed }, items, sums, works, today }: ColumnProps) => (
  <BoardColumn
    title={title}
    count={sums.count}
    place={closed ? undefined : place}
    more={
      sums.count > items.length && {
        href: listOf(filter),
        label: t('sales.andMore', { count: sums.count - items.length }),
      }
    }
  >
    {sums.amounts.length > 0 && (
      <p class="board-sums">
        {sums.amounts.map(({ currency, value, weighted }) => (
          <span>
            {money(value, currency)}
            {filter.state === 'open' && <Quiet small>{t('sales.weightedAs', { value: money(weighted, currency) })}</Quiet>}
          </span>
        ))}
      </p>
    )}
    {cardsOf(items, works && place !== 'won', today)}
  </BoardColumn>
)
