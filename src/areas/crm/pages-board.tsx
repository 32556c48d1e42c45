/** Conversations side by side, by state or by owner; each is moved from its own menu. */
import { Card, EmptyState, Grid, Item, ItemList, Menu, MenuItem, Page, PageHead, RelativeTime, Stack, Tabs } from '#kernel/html/kit.tsx'
import { number, t } from '#kernel/messages.ts'
import { page, type See } from '#kernel/page.tsx'
import { workers } from '#social/members/actions.ts'
import * as crm from './actions.ts'
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
  /** Into which it can be moved: what the bar for many would do. */
  deed: Record<string, string>
}

export const viewBoard = page(
  base,
  { who: 'inbox.read', section: 'inbox', finds: () => [{ title: t('crm.board'), icon: 'grid' }] },
  async see => {
    const by = see.query.get('by') === 'owner' ? 'owner' : 'state'
    const columns = await (by === 'owner' ? byOwner(see) : byState(see))
    return {
      title: t('crm.board'),
      live: ['inbox'],
      wide: true,
      body: (
        <Page width="full">
          <PageHead title={t('crm.board')} detail={t('crm.boardWhy')} />
          <Stack>
            <Tabs
              label={t('crm.board')}
              tabs={[
                { href: base, label: t('crm.byState'), current: by === 'state' },
                { href: `${base}?by=owner`, label: t('crm.byOwner'), current: by === 'owner' },
              ]}
            />
            <Grid>
              {columns.map(each => (
                <Shown column={each} others={columns.filter(other => other !== each)} />
              ))}
            </Grid>
          </Stack>
        </Page>
      ),
    }
  },
)

const deeds = {
  open: { does: 'reopen' },
  snoozed: { does: 'tomorrow' },
  done: { does: 'finish' },
} as const

async function byState(see: See): Promise<Column[]> {
  const counts = await countsOf(see)
  return Promise.all(
    worked.map(async state => ({
      title: t(`crm.view.${state}`),
      words: `is:${state}`,
      items: (await crm.list(see.ctx, { view: state, limit: mostInColumn })).items,
      count: counts[state] ?? 0,
      deed: state === 'waiting' ? {} : deeds[state],
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
        deed: owner ? { does: 'assign', colleague: owner.person } : { does: 'nobody' },
      }
    }),
  )
}

const Shown = ({ column, others }: { column: Column; others: Column[] }) => (
  <Card
    title={column.count === null ? column.title : `${column.title} · ${number(column.count)}`}
    href={`/inbox/all?${new URLSearchParams({ q: column.words })}`}
    flush
  >
    {column.items.length === 0 ? (
      <EmptyState title={t('crm.columnEmpty')} why={t('crm.columnEmptyWhy')} icon="inbox" compact />
    ) : (
      <ItemList label={column.title}>
        {column.items.map(item => (
          <Item
            row={{}}
            title={<bdi>{titleOf(item)}</bdi>}
            detail={
              <>
                {item.personName ?? t('crm.somebody')} · <RelativeTime at={item.lastAt} />
              </>
            }
            href={`/inbox/all/${item.thread}`}
            end={<Move item={item} others={others} />}
          />
        ))}
      </ItemList>
    )}
  </Card>
)

const Move = ({ item, others }: { item: Listed; others: Column[] }) => (
  <Menu id={`move-${item.thread}`} label={t('crm.moveTo', { name: titleOf(item) })} icon="arrowRight" iconOnly size="small" align="end">
    {others
      .filter(each => each.deed.does)
      .map(each => (
        <MenuItem action="/inbox/all/bulk" fields={{ 'threads[]': item.thread, ...each.deed }}>
          {each.title}
        </MenuItem>
      ))}
  </Menu>
)
