/** Records: the kinds that there are, and those of one kind. */
import { csvAnswer } from '#kernel/csv.ts'
import { drawingAgain } from '#kernel/html/again.tsx'
import {
  Badge,
  Breadcrumb,
  Card,
  EmptyState,
  Form,
  Item,
  ItemList,
  LinkButton,
  Menu,
  MenuItem,
  Page,
  PageHead,
  Pager,
  RelativeTime,
  Row,
  SearchBox,
  Select,
  Stack,
  Table,
  Tabs,
  Toolbar,
} from '#kernel/html/kit.tsx'
import { number, t } from '#kernel/messages.ts'
import { type Html, page, raw, type See } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { shownValue } from '#social/fields/actions.ts'
import * as records from './actions.ts'
import { exported } from './actions-export.ts'
import { fieldWith, saysIn } from './rules.ts'
import type { Field, Kind, Listed, TheRecord } from './words.ts'

export const pathOf = (kind: Pick<Kind, 'name'>, row?: Pick<TheRecord, 'id'>) => `/records/${kind.name}${row ? `/${row.id}` : ''}`

export const overviewPage = page(
  '/records',
  {
    who: 'records.read',
    place: { section: 'records', title: 'records.records', icon: 'list', order: 22, shortcut: 'g r' },
  },
  async see => {
    const [{ items }, counts] = await Promise.all([records.kinds(see.ctx, {}), records.countsOf(see.ctx)])
    const count = (kind: Kind, isAlone = false) =>
      counts.filter(each => each.kind === kind.id && !(isAlone && each.matched)).reduce((sum, each) => sum + each.n, 0)
    const manages = may(see.ctx.actor, 'records.manage')
    return {
      title: t('records.records'),
      live: ['records', 'records.kinds'],
      body: (
        <Page width="narrow">
          <PageHead
            title={t('records.records')}
            detail={t('records.why')}
            actions={
              manages && (
                <LinkButton href="/settings/records" icon="settings" size="small">
                  {t('records.kinds')}
                </LinkButton>
              )
            }
          />
          {items.length === 0 ? (
            <EmptyState
              title={t('records.noKinds')}
              why={t('records.noKindsWhy')}
              icon="layers"
              action={manages ? { label: t('records.makeKind'), href: '/settings/records/new', icon: 'add' } : undefined}
            />
          ) : (
            <Card flush>
              <ItemList label={t('records.kinds')}>
                {items.map(each => (
                  <Item
                    title={<bdi>{each.many}</bdi>}
                    href={pathOf(each)}
                    detail={t('records.alone', { count: count(each, true) })}
                    end={number(count(each))}
                  />
                ))}
              </ItemList>
            </Card>
          )}
        </Page>
      ),
    }
  },
)

export const listPage = page('/records/:kind{[a-z][a-z0-9-]*}', { who: 'records.read', section: 'records' }, async see => {
  const kind = await records.kindNamed(see.ctx, see.params.kind!)
  const { q, state, nobody, before } = asked(see)
  const [{ items, next }, counts] = await Promise.all([
    records.list(see.ctx, { kind: kind.name, q, state, nobody, before }),
    records.countsOf(see.ctx),
  ])
  const address = (more: Record<string, string> = {}) => {
    const query = new URLSearchParams({ ...(q && { q }), ...(state && { state }), ...(nobody && { nobody: 'true' }), ...more })
    return `${pathOf(kind)}${query.size ? `?${query}` : ''}`
  }
  const own = counts.filter(each => each.kind === kind.id)
  const sum = (fits: (each: (typeof own)[number]) => boolean) => own.filter(fits).reduce((all, each) => all + each.n, 0)
  const isNarrow = Boolean(q || state || nobody)
  return {
    title: kind.many,
    live: ['records', 'records.kinds'],
    body: (
      <Page>
        <PageHead
          title={<bdi>{kind.many}</bdi>}
          detail={kind.archivedAt && t('records.isArchived')}
          above={<Breadcrumb crumbs={[{ label: t('records.records'), href: '/records' }, { label: kind.many }]} />}
          tabs={
            <Tabs
              label={t('records.which')}
              tabs={[
                { label: t('records.all'), href: pathOf(kind), current: !state && !nobody, count: sum(() => true) || undefined },
                {
                  label: t('records.nobodys'),
                  href: `${pathOf(kind)}?nobody=true`,
                  current: Boolean(nobody),
                  count: sum(each => !each.matched) || undefined,
                },
              ]}
            />
          }
          actions={<Deeds kind={kind} see={see} />}
        />
        <Stack>
          <Toolbar label={t('records.find')} end={<States kind={kind} state={state} sum={sum} />}>
            <SearchBox action={pathOf(kind)} label={t('records.find')} value={q} shortcut="/" />
          </Toolbar>
          {items.length === 0 ? (
            <EmptyState
              title={t(isNarrow ? 'records.nothingFound' : 'records.empty', { many: kind.many })}
              why={t(isNarrow ? 'records.nothingFoundWhy' : 'records.emptyWhy')}
              icon="layers"
            />
          ) : (
            <Card flush>
              <Rows kind={kind} items={items} />
            </Card>
          )}
          <Pager newer={before ? address() : undefined} older={next ? address({ before: next }) : undefined} />
        </Stack>
      </Page>
    ),
  }
})

const asked = ({ query }: See) => ({
  q: query.get('q') ?? '',
  state: query.get('state') || undefined,
  nobody: query.get('nobody') === 'true',
  before: query.get('before') ?? undefined,
})

const Deeds = ({ kind, see }: { kind: Kind; see: See }) => {
  const [writes, manages] = [may(see.ctx.actor, 'records.write'), may(see.ctx.actor, 'records.manage')]
  return (
    (writes || manages) && (
      <Menu id="kind" label={t('records.more')} icon="more" iconOnly align="end">
        {writes && (
          <MenuItem href={`${pathOf(kind)}/all.csv`} icon="download">
            {t('records.csv')}
          </MenuItem>
        )}
        {may(see.ctx.actor, 'imports.run') && (
          <MenuItem href="/imports" icon="upload">
            {t('records.bringIn')}
          </MenuItem>
        )}
        {writes && (
          <MenuItem href={`${pathOf(kind)}/refused`} icon="warning">
            {t('records.refused')}
          </MenuItem>
        )}
        {manages && (
          <MenuItem href={`/settings/records/${kind.name}`} icon="settings">
            {t('records.settingsOf', { many: kind.many })}
          </MenuItem>
        )}
      </Menu>
    )
  )
}

interface StatesProps {
  kind: Kind
  state: string | undefined
  sum(fits: (each: { state: string }) => boolean): number
}

const States = ({ kind, state, sum }: StatesProps) => {
  const field = fieldWith(kind, 'state')
  return (
    field && (
      <Form action={pathOf(kind)} method="get" live>
        <Select
          name="state"
          label={field.label}
          labelHidden
          value={state ?? ''}
          empty={t('records.anyState', { label: field.label })}
          choices={field.choices.map(each => ({ value: each, label: `${each} (${number(sum(one => one.state === each))})` }))}
          sends
        />
      </Form>
    )
  )
}

/** A value as people read it, which a link can be followed from. */
export const Value = ({ field, value }: { field: Field; value: string }) =>
  field.kind === 'link' && /^https?:/.test(value) ? (
    <a href={value} rel="noopener noreferrer nofollow" target="_blank">
      <bdi>{value}</bdi>
    </a>
  ) : (
    <bdi>{textOf(field, value)}</bdi>
  )

/** A field that was of another use before keeps what it was told, whatever that is. */
export function textOf(field: Field, value: string): string {
  if (field.kind === 'date' && !/^\d{4}-\d{2}-\d{2}$/.test(value)) return value
  return field.kind === 'number' && !Number.isFinite(Number(value)) ? value : shownValue({ kind: field.kind, value })
}

export const State = ({ state }: { state: string | null }) => state && <Badge tone="customer">{state}</Badge>

/** Beside its key and title what is on the card. */
const cardFields = (kind: Kind): Field[] => kind.fields.filter(each => each.card && !each.archived && !['key', 'title', 'state'].includes(each.role ?? '')) // biome-ignore format: one line

const Rows = ({ kind, items }: { kind: Kind; items: Listed[] }) => {
  const more = cardFields(kind).slice(0, 4)
  return (
    <Table
      caption={kind.many}
      captionHidden
      stacks
      rows={items}
      href={row => pathOf(kind, row)}
      columns={[
        {
          head: fieldWith(kind, 'key')!.label,
          heading: true,
          cell: row => (
            <a href={pathOf(kind, row)}>
              <bdi>{row.key}</bdi>
            </a>
          ),
        },
        ...(fieldWith(kind, 'title') ? [{ head: fieldWith(kind, 'title')!.label, cell: (row: Listed) => <bdi>{row.title}</bdi> }] : []),
        ...(fieldWith(kind, 'state')
          ? [{ head: fieldWith(kind, 'state')!.label, cell: (row: Listed) => <State state={row.state} /> }]
          : []),
        { head: t('records.person'), cell: row => <bdi>{row.personName ?? row.personSays ?? '–'}</bdi> },
        ...more.map(field => ({
          head: field.label,
          wideOnly: true,
          numeric: field.kind === 'number',
          cell: (row: Listed) => <Value field={field} value={saysIn(row.fields, field.key)} />,
        })),
        { head: t('records.changed'), cell: row => <RelativeTime at={row.changedAt} /> },
      ]}
    />
  )
}

// —— beside a person or a conversation ——

/** Cards of records, each drawn once for as long as it says the same. */
export function cardsOf(kinds: Kind[], items: Listed[]): Html[] {
  const again = drawingAgain('records.card')
  return items.flatMap(row => {
    const kind = kinds.find(each => each.id === row.kind)
    if (!kind || kind.archivedAt) return []
    const more = cardFields(kind)
      .slice(0, 3)
      .flatMap(field => (saysIn(row.fields, field.key) ? [`${field.label}: ${textOf(field, saysIn(row.fields, field.key))}`] : []))
    return [
      again([row.id, row.key, row.title, row.state, kind.name, kind.one, ...more], () => <OneCard kind={kind} row={row} more={more} />),
    ]
  })
}

const OneCard = ({ kind, row, more }: { kind: Kind; row: Listed; more: string[] }) => (
  <li class="case-item" data-record={row.key}>
    <Row>
      <a href={pathOf(kind, row)}>
        {kind.one} <bdi>{row.key}</bdi>
      </a>
      <State state={row.state} />
    </Row>
    {row.title !== row.key && <bdi>{row.title}</bdi>}
    {more.map(each => (
      <small>
        <bdi>{each}</bdi>
      </small>
    ))}
  </li>
)

// —— CSV ——

export const csv = raw('GET', '/records/:kind{[a-z][a-z0-9-]*}/all.csv', 'records.write', async (c, see) => {
  const kind = await records.kindNamed(see!.ctx, see!.params.kind!)
  return csvAnswer(exported(see!.ctx.org, see!.ctx.actor, kind), kind.name, c.res.headers)
})
