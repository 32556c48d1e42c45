import { readerKey } from '#kernel/closed.ts'
import { askedOnce } from '#kernel/context.ts'
import { drawingAgain, drawingList } from '#kernel/html/again.tsx'
import {
  Avatar,
  Badge,
  EmptyState,
  Form,
  Icon,
  Input,
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
import { readBy, unreadAmong } from '#social/threads/actions.ts'
import * as crm from './actions.ts'
import { Bulk } from './pages-bulk.tsx'
import type { Listed, SavedView, View } from './words.ts'

export interface ListData {
  items: Listed[]
  next: string | null
  counts: Partial<Record<View, number>>
  label: string | undefined
  /** The brand whose conversations are shown alone. */
  brand: string | undefined
  brands: Brands
  /** A filter in words, and which of them nobody understands. */
  words: string | undefined
  unknown: string[]
  saved: SavedView[]
  /** Those of which the reader has not read all. */
  unread: Set<string>
  /** Nothing is there because nothing can come yet, and the reader may change that. */
  unconnected: boolean
}

/** Whatever tells one of these changes what a list of conversations shows. */
const news = ['inbox', 'people', 'person:', 'admitted', 'brands']

/** Asked for by the list, the rail and the start page. */
export const countsOf = (see: See) => askedOnce(see.ctx, 'crm.counts', () => crm.counts(see.ctx, {}))

interface Filter {
  view: View
  label: string | undefined
  brand: string | undefined
  words: string | undefined
  before: string | undefined
}

/** Read once for all who read the same: what is one's own, or open to oneself alone, is not. */
async function listOf({ ctx }: See, filter: Filter) {
  const isOwn = filter.view === 'mine' || filter.words?.includes('owner:me')
  const whose = isOwn ? ctx.actor.person : await readerKey(ctx)
  return remembered(ctx, `crm.list ${whose} ${JSON.stringify(filter)}`, news, () => crm.list(ctx, { ...filter, limit: 50 }))
}

export async function listed(see: See, view: View): Promise<ListData> {
  const label = see.query.get('label') ?? undefined
  const before = see.query.get('before') ?? undefined
  const brand = see.query.get('brand') ?? undefined
  const words = see.query.get('q')?.trim().slice(0, 300) || undefined
  const filter = { view, label, brand, words, before }
  const listing = listOf(see, filter)
  const [{ items, next, unknown }, unread, counts, brands, saved] = await Promise.all([
    listing,
    listing.then(list => unreadOf(see, filter, list.items)),
    countsOf(see),
    brandsOf(see.ctx),
    crm.savedViews(see.ctx),
  ])
  const unconnected = items.length === 0 && !brand && !words && (await lacksAccounts(see))
  return { items, next, counts, label, brand, brands, words, unknown, saved, unread: new Set(unread), unconnected }
}

/** Of what is being worked on; what is done or put off is not waiting to be read. */
const unreadOf = ({ ctx }: See, filter: Filter, items: Listed[]): Promise<string[]> =>
  remembered(ctx, `crm.unread ${ctx.actor.person} ${JSON.stringify(filter)}`, [...news, readBy(ctx)], () => {
    const open = items.filter(each => each.state === 'open' || each.state === 'waiting')
    return unreadAmong(
      ctx,
      open.map(each => each.thread),
    )
  })

async function lacksAccounts(see: See): Promise<boolean> {
  return may(see.ctx.actor, 'channels.manage') && (await accounts(see.ctx, {})).items.length === 0
}

const Nothing = ({ view, unconnected, words }: { view: View; unconnected: boolean; words: string | undefined }) =>
  words ? (
    <EmptyState title={t('crm.noneFound')} why={t('crm.wordsHelp')} icon="filter" compact />
  ) : (
    <EmptyState
      title={t(unconnected ? 'crm.empty.all' : `crm.empty.${view}`)}
      why={t(unconnected ? 'crm.emptyWhy.all' : `crm.emptyWhy.${view}`)}
      icon="inbox"
      action={unconnected ? { label: t('crm.connect'), href: '/settings/channels', icon: 'plug' } : undefined}
      compact
    />
  )

const nearViews: View[] = ['mine', 'unassigned', 'open']
const farViews: View[] = ['waiting', 'snoozed', 'done', 'spam', 'all']

export const List = ({
  items,
  next,
  counts,
  label,
  brand,
  brands,
  words,
  unknown,
  saved,
  unread,
  unconnected,
  view,
  see,
  current,
}: ListData & { view: View; see: See; current?: string }) => {
  const kept = keptOf({ label, brand, words })
  const address = (more: Record<string, string> = {}) => `/inbox/${view}${asQuery({ ...kept, ...more })}`
  const names = brands.items.flatMap(each => [each.id, each.name])
  const around = { view, label, brand, words }
  const again = drawingAgain('crm.row')
  const row = (item: Listed, current: boolean) => {
    const given = { item, current, unread: unread.has(item.thread) && !current, its: brands.of.get(item.account ?? '')?.name, ...around }
    return again(everythingOf(given), () => <ListRow {...given} />)
  }
  const rows = drawingList(items, [view, label, brand, words, ...names, '', ...unread], item => row(item, false))
  return (
    <ListPane
      title={saved.find(each => each.words === words)?.name ?? t(`crm.view.${view}`)}
      head={drawingAgain('crm.head')([view, label, brand, words, ...unknown, ...names, JSON.stringify([counts, saved])], () => (
        <Head {...{ view, counts, label, brand, brands, words, unknown, saved }} />
      ))}
      foot={<Pager newer={see.query.get('before') ? address() : undefined} older={next ? address({ before: next }) : undefined} />}
    >
      {items.length === 0 ? (
        <Nothing view={view} unconnected={unconnected} words={words} />
      ) : (
        <RowList label={t(`crm.view.${view}`)} bulkForm="bulk">
          {rows.map((drawn, at) => (items[at]!.thread === current ? row(items[at]!, true) : drawn))}
        </RowList>
      )}
    </ListPane>
  )
}

/** What is asked beside the view. */
const keptOf = ({ label, brand, words }: { label?: string; brand?: string; words?: string }) => ({
  ...(label && { label }),
  ...(brand && { brand }),
  ...(words && { q: words }),
})
export const keptBeside = (asked: { label?: string; brand?: string; words?: string }): string => asQuery(keptOf(asked))
const asQuery = (kept: Record<string, string>) => (Object.keys(kept).length ? `?${new URLSearchParams(kept)}` : '')

type HeadProps = Pick<ListData, 'counts' | 'label' | 'brand' | 'brands' | 'words' | 'unknown' | 'saved'> & { view: View }

const Head = ({ view, counts, label, brand, brands, words, unknown, saved }: HeadProps) => (
  <>
    <Toolbar
      label={t('crm.views')}
      end={
        <Menu id="views" label={t('crm.moreViews')} icon="filter" iconOnly align="end" shortcut="f">
          <Filter view={view} words={words} />
          {[...nearViews.slice(-1), ...farViews].map(each => (
            <MenuItem href={inBrand(each, brand)} hint={!brand && counts[each] ? number(counts[each]) : undefined}>
              {t(`crm.view.${each}`)}
            </MenuItem>
          ))}
          <Saved saved={saved} words={words} />
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
      <Tabs label={t('crm.views')} tabs={tabsOf(view, words ? {} : counts, brand)} />
    </Toolbar>
    {words && (
      <Row>
        <Tag>{saved.find(each => each.words === words)?.name ?? words}</Tag>
        {unknown.length > 0 ? (
          <Quiet small>{t('crm.wordsUnknown', { words: unknown.join(' ') })}</Quiet>
        ) : (
          !saved.some(each => each.words === words) && <a href={`/conversations/views/new${asQuery({ q: words })}`}>{t('crm.saveView')}</a>
        )}
        <a href={inBrand(view, brand)}>{t('crm.allLabels')}</a>
      </Row>
    )}
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
    <Bulk view={view} label={label} brand={brand} words={words} />
  </>
)

/** The first three views have a key, and what is saved has the next ones. */
const Saved = ({ saved, words }: { saved: SavedView[]; words: string | undefined }) => (
  <MenuGroup title={t('crm.savedViews')}>
    {saved.map((each, at) => (
      <MenuItem
        href={`/inbox/all${asQuery({ q: each.words })}`}
        checked={each.words === words}
        hint={each.count === null ? undefined : number(each.count)}
        shortcut={at < 6 ? String(at + 4) : undefined}
      >
        {each.name}
      </MenuItem>
    ))}
    <MenuItem href="/conversations/views" icon="settings">
      {t('crm.manageViews')}
    </MenuItem>
    <MenuItem href="/conversations/board" icon="grid" shortcut="g b">
      {t('crm.board')}
    </MenuItem>
  </MenuGroup>
)

/** First in its menu, so that one can write at once. */
const Filter = ({ view, words }: { view: View; words: string | undefined }) => (
  <Form action={`/inbox/${view}`} method="get">
    <Input name="q" label={t('crm.filter')} hint={t('crm.wordsHelp')} value={words} maxlength={300} autocomplete="off" />
  </Form>
)

const inBrand = (view: View, brand?: string) => `/inbox/${view}${asQuery({ ...(brand && { brand }) })}`

/** The near views; a far one, while it is open, takes the place of the last of them, so that they stay in one line. */
const tabsOf = (view: View, counts: Partial<Record<View, number>>, brand: string | undefined) =>
  (farViews.includes(view) ? [...nearViews.slice(0, -1), view] : nearViews).map((each, at) => ({
    shortcut: String(at + 1),
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
  unread: boolean
  label?: string
  brand?: string
  words?: string
  /** The name of its brand. */
  its?: string
}

/** All that a row is drawn from. */
const everythingOf = ({ item, view, current, unread, label, brand, words, its }: RowProps) => [
  view,
  current,
  unread,
  label,
  brand,
  words,
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

const ListRow = ({ item, view, current, unread, label, brand, words, its }: RowProps) => {
  const name = item.personName ?? t('crm.somebody')
  const owner = item.assigneeName
  return (
    <SelectableRow
      id={item.thread}
      href={`/inbox/${view}/${item.thread}${keptBeside({ label, brand, words })}`}
      name={name}
      title={<bdi>{name}</bdi>}
      time={<RelativeTime at={item.lastAt} />}
      subject={item.subject && <bdi>{item.subject}</bdi>}
      excerpt={<bdi>{item.snippet.slice(0, mostExcerpt).toWellFormed()}</bdi>}
      face={<Avatar name={name} size="small" side="customer" />}
      unread={unread}
      dot={item.askedAt !== null && item.state === 'open' ? t('crm.asked') : ''}
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
