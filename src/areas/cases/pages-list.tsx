/** Cases as a list and as a board: the same rows, the same marks. */
import { drawingAgain } from '#kernel/html/again.tsx'
import {
  Avatar,
  Badge,
  Banner,
  Board,
  BoardCard,
  BoardColumn,
  BulkBar,
  Button,
  Form,
  LinkButton,
  LooksHead,
  Page,
  RelativeTime,
  Row,
  Select,
  SelectableRow,
  Tag,
  Toolbar,
  ViewedList,
  type ViewLink,
  ViewTabs,
} from '#kernel/html/kit.tsx'
import { t, when } from '#kernel/messages.ts'
import { type Html, page, type Screen, type See } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { remembered } from '#kernel/remembered.ts'
import { teamsOf } from '#social/teams/actions.ts'
import * as cases from './actions.ts'
import { type Case, type Listed, type State, states, type View, views } from './words.ts'

export const pathOf = ({ number: its }: { number: number }) => `/cases/K-${its}`
/** Where its deeds are posted. */
export const deedsOf = ({ id }: { id: string }) => `/cases/${id}`

const near: View[] = ['mine', 'team', 'unowned', 'breaching']
const isView = (text: string | undefined): text is View => views.includes(text as View)

export const listPage = page(
  '/cases',
  {
    who: 'cases.read',
    place: { section: 'cases', title: 'cases.cases', icon: 'task', order: 15, shortcut: 'g t' },
    finds: () =>
      views.map(view => ({ title: `${t('cases.cases')}: ${t(`cases.view.${view}`)}`, href: `/cases/list/${view}`, icon: 'task' })),
  },
  async see => {
    const counts = await cases.countsOf(see.ctx)
    return listScreen(see, counts.mine ? 'mine' : 'active')
  },
)

export const viewPage = page('/cases/list/:view', { who: 'cases.read', section: 'cases' }, async see =>
  listScreen(see, isView(see.params.view) ? see.params.view : 'active'),
)

async function listScreen(see: See, view: View): Promise<Screen> {
  const q = see.query.get('q') ?? ''
  const cause = see.query.get('cause')?.slice(0, 200) || undefined
  const before = see.query.get('before') ?? undefined
  const [{ items, next }, counts, idle] = await Promise.all([
    pageOf(see, { view, q, cause, before }),
    cases.countsOf(see.ctx),
    cases.idleCalendars(see.ctx),
  ])
  const address = (more: Record<string, string> = {}) => {
    const query = new URLSearchParams({ ...(q && { q }), ...(cause && { cause }), ...more })
    return `/cases/list/${view}${query.size ? `?${query}` : ''}`
  }
  return {
    title: `${t(`cases.view.${view}`)} · ${t('cases.cases')}`,
    live: ['cases'],
    body: (
      <Page>
        <Head look="list" tabs={<ViewTabs label={t('cases.views')} views={linksOf(view, counts)} />} />
        <ViewedList
          find={{ label: t('cases.find'), action: `/cases/list/${view}`, value: q }}
          views={{ label: t('cases.moreViews'), links: linksOf(view, counts) }}
          above={<Idle names={idle} />}
          narrowed={
            cause && (
              <Row>
                <Tag>{cause}</Tag>
                <a href="/cases/causes">{t('cases.causes')}</a>
              </Row>
            )
          }
          label={t(`cases.view.${view}`)}
          rows={rowsOf(items, see.ctx.now)}
          empty={{
            title: t(q ? 'cases.nothingFound' : `cases.empty.${view}`),
            why: t(q ? 'cases.nothingFoundWhy' : 'cases.emptyWhy'),
            icon: 'task',
            action: q ? undefined : { label: t('cases.open'), href: '/cases/new', icon: 'add' },
          }}
          bulk={{
            form: 'bulk',
            bar: (
              <BulkBar id="bulk" action="/cases/take">
                <Button size="small" icon="person">
                  {t('cases.take')}
                </Button>
              </BulkBar>
            ),
          }}
          newer={before ? address() : undefined}
          older={next ? address({ before: next }) : undefined}
        />
      </Page>
    ),
  }
}

/** Read once for all who read the same: what is one's own, or one's team's, is not. */
function pageOf({ ctx }: See, asked: { view: View; q: string; cause: string | undefined; before: string | undefined }) {
  const { view, before } = asked
  const read = () => cases.list(ctx, { ...asked, limit: 50 })
  const whose = ['mine', 'team'].includes(view) ? ctx.actor.person : ''
  return asked.q || asked.cause ? read() : remembered(ctx, `cases.list ${view} ${whose} ${before ?? ''}`, news, read)
}

/** Whatever tells one of these changes what a list of cases shows. */
const news = ['cases', 'teams', 'people', 'person:']

const looks = [
  { look: 'list', href: '/cases', icon: 'list', shortcut: undefined },
  { look: 'board', href: '/cases/board', icon: 'grid', shortcut: 'b' },
  { look: 'calendar', href: '/cases/calendar', icon: 'calendar', shortcut: undefined },
] as const

export const Head = ({ look, tabs }: { look: (typeof looks)[number]['look']; tabs?: Html }) => (
  <LooksHead
    title={t('cases.cases')}
    tabs={tabs}
    looks={looks.map(({ look: its, ...link }) => ({ ...link, label: t(`cases.${its}`), current: its === look }))}
    make={{ label: t('cases.open'), href: '/cases/new' }}
  />
)

type Counts = Partial<Record<View, number>>

const linksOf = (view: View, counts: Counts): ViewLink[] => [
  ...views.map(each => ({
    label: t(`cases.view.${each}`),
    href: `/cases/list/${each}`,
    ...{ current: each === view, count: counts[each], near: near.includes(each) },
  })),
  { label: t('cases.causes'), href: '/cases/causes', current: false, near: false },
]

/** Loud: by a calendar without a working day nothing is ever due. */
export const Idle = ({ names }: { names: string[] }) =>
  names.length > 0 && (
    <Banner
      tone="bad"
      title={t('cases.idle')}
      alert
      actions={
        <LinkButton href={names.includes('') ? '/settings/organisation' : '/settings/teams'} size="small">
          {t('cases.giveHours')}
        </LinkButton>
      }
    >
      {t('cases.idleWhy', { names: names.map(name => name || t('cases.wholeHouse')).join(', ') })}
    </Banner>
  )

const priorityTone = { urgent: 'bad', high: 'warning', normal: 'neutral', low: 'neutral' } as const

export const Marks = ({ each, now }: { each: Case; now: Date }) => (
  <>
    {each.tier === 'vip' && (
      <Badge tone="customer" icon="star">
        {t('traits.tier.vip')}
      </Badge>
    )}
    {(each.priority === 'urgent' || each.priority === 'high') && (
      <Badge tone={priorityTone[each.priority]}>{t(`cases.priority.${each.priority}`)}</Badge>
    )}
    <DueBadge each={each} now={now} />
  </>
)

/** The next that is due; past it, that it is late. */
export const DueBadge = ({ each, now }: { each: Case; now: Date }) => {
  const first = each.answeredAt ? null : each.firstDue
  const due = first && (!each.solveDue || first <= each.solveDue) ? first : each.solveDue
  if (!due || each.state === 'closed') return null
  const isLate = due < now
  return (
    <Badge tone={isLate ? 'bad' : each.alarm ? 'warning' : 'neutral'} icon={isLate ? 'warning' : 'clock'}>
      {t(`cases.due.${due === first ? 'first' : 'solve'}${isLate ? 'Late' : ''}`, { at: when(due, now) })}
    </Badge>
  )
}

const stateTone = { new: 'outside', open: 'customer', waiting: 'neutral', closed: 'neutral' } as const
export const StateBadge = ({ state }: { state: State }) => <Badge tone={stateTone[state]}>{t(`cases.state.${state}`)}</Badge>

/** All that a row, or a card, is drawn from. */
const everythingOf = (each: Listed, now: Date) => [
  ...[each.id, each.number, each.title, each.personName, each.ownerName, each.state, each.priority, each.tier, each.alarm],
  ...[each.changedAt.getTime(), each.answeredAt?.getTime(), each.firstDue?.getTime(), each.solveDue?.getTime()],
  ...[each.firstDue && each.firstDue < now, each.solveDue && each.solveDue < now],
]

export function rowsOf(items: Listed[], now: Date): Html[] {
  const again = drawingAgain('cases.row')
  return items.map(each => again(everythingOf(each, now), () => <CaseRow each={each} now={now} />))
}

const CaseRow = ({ each, now }: { each: Listed; now: Date }) => (
  <SelectableRow
    id={each.id}
    href={pathOf(each)}
    name={`K-${each.number} ${each.title}`}
    title={<bdi>{each.title}</bdi>}
    time={<RelativeTime at={each.changedAt} />}
    subject={`K-${each.number}${each.personName ? ` · ${each.personName}` : ''}`}
    face={<Avatar name={each.personName ?? `K ${each.number}`} size="small" side={each.personName ? 'customer' : undefined} />}
    unread={each.state === 'new'}
    selectName="cases[]"
    marks={
      <>
        <StateBadge state={each.state} />
        <Marks each={each} now={now} />
        {each.ownerName && <Avatar name={each.ownerName} size="tiny" side="inside" />}
      </>
    }
  />
)

/** Cases beside something else: a person, a thread, another case. */
export const CaseItem = ({ each, now }: { each: Listed; now: Date }) => (
  <li class="case-item">
    <a href={pathOf(each)}>
      K-{each.number} <bdi>{each.title}</bdi>
    </a>
    <Row>
      <StateBadge state={each.state} />
      <Marks each={each} now={now} />
    </Row>
  </li>
)

// —— the board ——

const mostInColumn = 50

export const boardPage = page(
  '/cases/board',
  { who: 'cases.read', section: 'cases', finds: () => [{ title: t('cases.board'), icon: 'grid' }] },
  async see => {
    const teams = await teamsOf(see.ctx)
    const team = teams.find(each => each.id === see.query.get('team'))?.id ?? null
    const [counts, ...columns] = await Promise.all([
      cases.stateCounts(see.ctx, team),
      ...states.map(state =>
        remembered(see.ctx, `cases.column ${state} ${team}`, news, () => cases.column(see.ctx, state, team, mostInColumn)),
      ),
    ])
    const works = may(see.ctx.actor, 'cases.work')
    return {
      title: `${t('cases.board')} · ${t('cases.cases')}`,
      wide: true,
      live: ['cases'],
      body: (
        <Page width="full">
          <Head look="board" />
          {teams.length > 0 && (
            <Toolbar label={t('cases.team')}>
              <Form action="/cases/board" method="get" live>
                <Select
                  name="team"
                  label={t('cases.team')}
                  labelHidden
                  value={team ?? ''}
                  empty={t('cases.allTeams')}
                  choices={teams.map(each => ({ value: each.id, label: each.name }))}
                  sends
                />
              </Form>
            </Toolbar>
          )}
          <Board label={t('cases.board')} hint={works && t('cases.moveHint')}>
            {states.map((state, at) => (
              <Column state={state} items={columns[at]!} count={counts[state]} works={works} now={see.ctx.now} />
            ))}
          </Board>
        </Page>
      ),
    }
  },
)

interface ColumnProps {
  state: State
  items: Listed[]
  count: number
  works: boolean
  now: Date
}

function cardsOf(items: Listed[], moves: boolean, now: Date): Html[] {
  const again = drawingAgain('cases.card')
  return items.map(each => again([moves, ...everythingOf(each, now)], () => <CaseCard each={each} moves={moves} now={now} />))
}

const CaseCard = ({ each, moves, now }: { each: Listed; moves: boolean; now: Date }) => (
  <BoardCard
    id={`case-${each.id}`}
    href={pathOf(each)}
    title={each.title}
    moves={moves ? `${deedsOf(each)}/move` : undefined}
    head={
      <>
        K-{each.number}
        {each.ownerName && <Avatar name={each.ownerName} size="tiny" side="inside" />}
      </>
    }
    detail={each.personName}
    marks={<Marks each={each} now={now} />}
  />
)

/** A closed case is opened by its own deed, and closed by one, with its cause: neither by a drag. */
const Column = ({ state, items, count, works, now }: ColumnProps) => (
  <BoardColumn
    title={t(`cases.state.${state}`)}
    count={count}
    place={state === 'closed' ? undefined : state}
    more={
      count > items.length && {
        href: `/cases/list/${state === 'closed' ? 'closed' : state === 'waiting' ? 'waiting' : 'active'}`,
        label: t('cases.andMore', { count: count - items.length }),
      }
    }
  >
    {cardsOf(items, works && state !== 'closed', now)}
  </BoardColumn>
)
