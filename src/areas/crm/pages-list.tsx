import { readerKey } from '#kernel/closed.ts'
import { askedOnce } from '#kernel/context.ts'
import { drawingAgain } from '#kernel/html/again.tsx'
import {
  Avatar,
  Badge,
  BulkBar,
  Button,
  EmptyState,
  Icon,
  ListPane,
  Menu,
  MenuGroup,
  MenuItem,
  Pager,
  Quiet,
  RelativeTime,
  Row,
  RowList,
  SelectableRow,
  Tabs,
  Tag,
  Toolbar,
} from '#kernel/html/kit.tsx'
import { date, number, t } from '#kernel/messages.ts'
import type { See } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { remembered } from '#kernel/remembered.ts'
import { type Brands, brandsOf } from '#social/brands/actions.ts'
import { accounts } from '#social/channels/actions.ts'
import * as crm from './actions.ts'
import type { Listed, View } from './words.ts'

export interface ListData {
  items: Listed[]
  next: string | null
  counts: Partial<Record<View, number>>
  label: string | undefined
  /** The brand whose conversations are shown alone. */
  brand: string | undefined
  brands: Brands
  /** Nothing is there because nothing can come yet, and the reader may change that. */
  unconnected: boolean
}

/** Whatever tells one of these changes what a list of conversations shows. */
const news = ['inbox', 'people', 'person:', 'admitted', 'brands']

/** Asked for by the list, the rail and the start page. */
export const countsOf = (see: See) =>
  askedOnce(see.ctx, 'crm.counts', () => remembered(see.ctx, `crm.counts ${see.ctx.actor.person}`, news, () => crm.counts(see.ctx, {})))

interface Filter {
  view: View
  label: string | undefined
  brand: string | undefined
  before: string | undefined
}

/** Read once for all who read the same: what is one's own, or open to oneself alone, is not. */
async function listOf({ ctx }: See, filter: Filter) {
  const whose = filter.view === 'mine' ? ctx.actor.person : await readerKey(ctx)
  return remembered(ctx, `crm.list ${whose} ${JSON.stringify(filter)}`, news, () => crm.list(ctx, { ...filter, limit: 50 }))
}

export async function listed(see: See, view: View): Promise<ListData> {
  const label = see.query.get('label') ?? undefined
  const before = see.query.get('before') ?? undefined
  const brand = see.query.get('brand') ?? undefined
  const [{ items, next }, counts, brands] = await Promise.all([
    listOf(see, { view, label, brand, before }),
    countsOf(see),
    brandsOf(see.ctx),
  ])
  return { items, next, counts, label, brand, brands, unconnected: items.length === 0 && !brand && (await lacksAccounts(see)) }
}

async function lacksAccounts(see: See): Promise<boolean> {
  return may(see.ctx.actor, 'channels.manage') && (await accounts(see.ctx, {})).items.length === 0
}

const Nothing = ({ view, unconnected }: { view: View; unconnected: boolean }) => (
  <EmptyState
    title={t(unconnected ? 'crm.empty.all' : `crm.empty.${view}`)}
    why={t(unconnected ? 'crm.emptyWhy.all' : `crm.emptyWhy.${view}`)}
    icon="inbox"
    action={unconnected ? { label: t('crm.connect'), href: '/settings/channels', icon: 'plug' } : undefined}
    compact
  />
)

const nearViews: View[] = ['mine', 'unassigned', 'open']
const farViews: View[] = ['waiting', 'snoozed', 'done', 'all']

export const List = ({
  items,
  next,
  counts,
  label,
  brand,
  brands,
  unconnected,
  view,
  see,
  current,
}: ListData & { view: View; see: See; current?: string }) => {
  const again = drawingAgain('crm.row')
  const kept = { ...(label && { label }), ...(brand && { brand }) }
  const address = (more: Record<string, string> = {}) => `/inbox/${view}${asQuery({ ...kept, ...more })}`
  const names = brands.items.flatMap(each => [each.id, each.name])
  return (
    <ListPane
      title={t(`crm.view.${view}`)}
      head={drawingAgain('crm.head')([view, label, brand, ...names, JSON.stringify(counts)], () => (
        <Head view={view} counts={counts} label={label} brand={brand} brands={brands} />
      ))}
      foot={<Pager newer={see.query.get('before') ? address() : undefined} older={next ? address({ before: next }) : undefined} />}
    >
      {items.length === 0 ? (
        <Nothing view={view} unconnected={unconnected} />
      ) : (
        <RowList label={t(`crm.view.${view}`)} bulkForm="bulk">
          {items.map(item => {
            const given = { item, view, current: item.thread === current, label, brand, its: brands.of.get(item.account ?? '')?.name }
            return again(everythingOf(given), () => <ListRow {...given} />)
          })}
        </RowList>
      )}
    </ListPane>
  )
}

/** What is asked beside the view. */
const asQuery = (kept: Record<string, string>) => (Object.keys(kept).length ? `?${new URLSearchParams(kept)}` : '')

const Head = ({ view, counts, label, brand, brands }: Pick<ListData, 'counts' | 'label' | 'brand' | 'brands'> & { view: View }) => (
  <>
    <Toolbar
      label={t('crm.views')}
      end={
        <Menu id="views" label={t('crm.moreViews')} icon="more" iconOnly align="end">
          {[...nearViews.slice(-1), ...farViews].map(each => (
            <MenuItem href={inBrand(each, brand)} hint={!brand && counts[each] ? number(counts[each]) : undefined}>
              {t(`crm.view.${each}`)}
            </MenuItem>
          ))}
          {brands.items.length > 0 && (
            <MenuGroup title={t('crm.brands')}>
              <MenuItem href={inBrand(view)} checked={!brand}>
                {t('crm.allBrands')}
              </MenuItem>
              {brands.items.map(each => (
                <MenuItem href={inBrand(view, each.id)} checked={each.id === brand}>
                  {each.name}
                </MenuItem>
              ))}
            </MenuGroup>
          )}
        </Menu>
      }
    >
      <Tabs label={t('crm.views')} tabs={tabsOf(view, counts, brand)} />
    </Toolbar>
    {label && (
      <Row>
        <Tag>{label}</Tag>
        <a href={inBrand(view, brand)}>{t('crm.allLabels')}</a>
      </Row>
    )}
    {brand && (
      <Row>
        <Tag>{brands.items.find(each => each.id === brand)?.name ?? '–'}</Tag>
        <a href={inBrand(view)}>{t('crm.allBrands')}</a>
      </Row>
    )}
    <Bulk view={view} />
  </>
)

const inBrand = (view: View, brand?: string) => `/inbox/${view}${asQuery({ ...(brand && { brand }) })}`

/** The near views; a far one, while it is open, takes the place of the last of them, so that they stay in one line. */
const tabsOf = (view: View, counts: Partial<Record<View, number>>, brand: string | undefined) =>
  (farViews.includes(view) ? [...nearViews.slice(0, -1), view] : nearViews).map(each => ({
    label: t(`crm.view.${each}`),
    href: inBrand(each, brand),
    current: each === view,
    // Counted is every brand together.
    count: (!brand && counts[each]) || undefined,
  }))

interface RowProps {
  item: Listed
  view: View
  current: boolean
  label?: string
  brand?: string
  /** The name of its brand. */
  its?: string
}

/** All that a row is drawn from. */
const everythingOf = ({ item, view, current, label, brand, its }: RowProps) => [
  view,
  current,
  label,
  brand,
  its,
  item.room !== null,
  item.thread,
  item.state,
  item.personName,
  item.assigneeName,
  item.subject,
  item.snippet,
  item.lastAt.getTime(),
  item.askedAt !== null,
  item.snoozedUntil?.getTime(),
  ...item.labels,
]

/** In characters: more than ever fits into the line. */
const mostExcerpt = 160

/** What a conversation is called: on most networks nobody writes a subject, so the words stand for it. */
export const titleOf = ({ subject, snippet }: { subject: string; snippet: string }): string =>
  subject || snippet.slice(0, mostTitle).toWellFormed() || t('crm.noSubject')
const mostTitle = 80

const ListRow = ({ item, view, current, label, brand, its }: RowProps) => {
  const name = item.personName ?? t('crm.somebody')
  const owner = item.assigneeName
  return (
    <SelectableRow
      id={item.thread}
      href={`/inbox/${view}/${item.thread}${asQuery({ ...(label && { label }), ...(brand && { brand }) })}`}
      name={name}
      title={<bdi>{name}</bdi>}
      time={<RelativeTime at={item.lastAt} />}
      subject={item.subject && <bdi>{item.subject}</bdi>}
      excerpt={<bdi>{item.snippet.slice(0, mostExcerpt).toWellFormed()}</bdi>}
      face={<Avatar name={name} size="small" side="customer" />}
      unread={item.askedAt !== null && item.state === 'open'}
      current={current}
      selectName="threads[]"
      mutes={`/threads/${item.thread}/mute`}
      marks={
        <>
          {item.labels.map(each => (
            <Tag>{each}</Tag>
          ))}
          {its && !brand && <Quiet small>{its}</Quiet>}
          {item.room !== null && <Icon name="lock" label={t('crm.closed')} />}
          {owner && <Avatar name={owner} size="tiny" side="inside" />}
          {item.state === 'snoozed' && item.snoozedUntil && <Badge icon="clock">{date(item.snoozedUntil)}</Badge>}
        </>
      }
    />
  )
}

const Bulk = ({ view }: { view: View }) => (
  <BulkBar id="bulk" action={`/inbox/${view}/bulk/done`}>
    <Button size="small" icon="check" formaction={`/inbox/${view}/bulk/done`}>
      {t('crm.done')}
    </Button>
    <Button size="small" icon="person" formaction={`/inbox/${view}/bulk/take`}>
      {t('crm.take')}
    </Button>
    <Button size="small" icon="undo" formaction={`/inbox/${view}/bulk/open`}>
      {t('crm.reopen')}
    </Button>
  </BulkBar>
)
