/** Conversations side by side, by state or by owner. */
import { Avatar, Board, BoardCard, BoardColumn, Page, PageHead, Quiet, RelativeTime, Tabs } from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, page, type See } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { workers } from '#social/members/actions.ts'
import * as crm from './actions.ts'
import { doneWith } from './pages-bulk.tsx'
import { countsOf, titleOf } from './pages-list.tsx'
import { type Listed, worked } from './words.ts'

const base = '/conversations/board'
const mostInColumn = 15
const mostOwners = 11

interface Column {
  title: string
  /** The filter in words that this column is, for its list and its count. */
  words: string
  items: Listed[]
  /** How many there are; null where that is not counted. */
  count: number | null
  /** What the bar for many would do to bring one here, and with whom; null where nothing does. */
  place: string | null
}

export const viewBoard = page(
  base,
  { who: 'inbox.read', section: 'inbox', finds: () => [{ title: t('crm.board'), icon: 'grid' }] },
  async see => {
    const by = see.query.get('by') === 'owner' ? 'owner' : 'state'
    const works = may(see.ctx.actor, 'inbox.work')
    const columns = await (by === 'owner' ? byOwner(see) : byState(see))
    return {
      title: t('crm.board'),
      live: ['inbox'],
      wide: true,
      body: (
        <Page width="full">
          <PageHead title={t('crm.board')} detail={t('crm.boardWhy')} />
          <Tabs
            label={t('crm.board')}
            tabs={[
              { href: base, label: t('crm.byState'), current: by === 'state' },
              { href: `${base}?by=owner`, label: t('crm.byOwner'), current: by === 'owner' },
            ]}
          />
          <Board label={t('crm.board')} hint={works && t('crm.moveHint')}>
            {columns.map(each => (
              <Shown column={each} works={works} />
            ))}
          </Board>
        </Page>
      ),
    }
  },
)

const deeds = { open: 'reopen', waiting: null, snoozed: 'tomorrow', done: 'finish' } as const

async function byState(see: See): Promise<Column[]> {
  const counts = await countsOf(see)
  return Promise.all(
    worked.map(async state => ({
      title: t(`crm.view.${state}`),
      words: `is:${state}`,
      items: (await crm.list(see.ctx, { view: state, limit: mostInColumn })).items,
      count: counts[state] ?? 0,
      place: deeds[state],
    })),
  )
}

async function byOwner(see: See): Promise<Column[]> {
  const owners = [null, ...(await workers(see.ctx)).slice(0, mostOwners)]
  return Promise.all(
    owners.map(async (owner): Promise<Column> => {
      const words = `is:open owner:${owner?.person ?? 'nobody'}`
      const { items } = await crm.list(see.ctx, { view: 'open', words, limit: mostInColumn })
      return {
        title: owner?.name ?? t('crm.nobodys'),
        words,
        items,
        count: items.length < mostInColumn ? items.length : null,
        place: owner ? `assign ${owner.person}` : 'nobody',
      }
    }),
  )
}

const Shown = ({ column: { title, words, items, count, place }, works }: { column: Column; works: boolean }) => {
  const isMore = count === null || count > items.length
  return (
    <BoardColumn
      title={title}
      count={count}
      place={place ?? undefined}
      more={isMore && { href: `/inbox/all?${new URLSearchParams({ q: words })}`, label: t('crm.columnAll') }}
    >
      {items.map(item => (
        <Talk item={item} works={works} />
      ))}
      {items.length === 0 && <Quiet small>{t('crm.columnEmpty')}</Quiet>}
    </BoardColumn>
  )
}

const Talk = ({ item, works }: { item: Listed; works: boolean }) => (
  <BoardCard
    id={`talk-${item.thread}`}
    href={`/inbox/all/${item.thread}`}
    title={titleOf(item)}
    moves={works ? `${base}/${item.thread}/move` : undefined}
    head={
      <>
        <RelativeTime at={item.lastAt} />
        {item.assigneeName && <Avatar name={item.assigneeName} size="tiny" side="inside" />}
      </>
    }
    detail={item.personName ?? t('crm.somebody')}
  />
)

/** A card was taken to another column: what the bar for many would do to this one. */
export const doMove = form(`${base}/:thread/move`, crm.bulk, {
  read: (fields, { thread }) => {
    const [does, to] = String(fields.get('place') ?? '').split(' ')
    return { threads: [thread!], does: does as 'finish', to }
  },
  done: doneWith,
})
