/** Many of a kind: tables, rows one can select, pairs of terms and values, the way back and on. */
import type { Child } from 'hono/jsx'
import { number, t } from '#kernel/messages.ts'
import { IconButton, LinkButton, Menu, MenuItem, Tabs } from './controls.tsx'
import { Icon } from './icons.tsx'

export interface Column<Row> {
  /** Words at its head. */
  head: string
  cell: (row: Row) => Child
  /** Numbers stand at the end, with figures of one width. */
  numeric?: boolean
  /** Left out on narrow screens. */
  wideOnly?: boolean
  /** Address that sorts by it, and how it is sorted now. */
  sort?: { href: string; now?: 'ascending' | 'descending' }
  /** Names the row for those who listen: use it once. */
  heading?: boolean
  /** The head is read, not seen (for buttons). */
  headHidden?: boolean
}

export interface TableProps<Row> {
  caption: string
  /** The caption is read, not seen. */
  captionHidden?: boolean
  columns: Column<Row>[]
  rows: Row[]
  /** Address that a row opens. */
  href?: (row: Row) => string | undefined
  /** Stands in place of the rows when there are none. */
  empty?: Child
  dense?: boolean
  /** On narrow screens each row stands by itself, one cell below the other with its head before it. */
  stacks?: boolean
}

const Head = <Row,>({ column }: { column: Column<Row> }) => (
  <th
    scope="col"
    data-numeric={column.numeric ? '' : undefined}
    data-wide-only={column.wideOnly ? '' : undefined}
    aria-sort={column.sort?.now}
  >
    {column.sort ? (
      <a href={column.sort.href}>
        {column.head}
        {column.sort.now && <Icon name={column.sort.now === 'ascending' ? 'arrowUp' : 'arrowDown'} size={12} />}
      </a>
    ) : (
      <span class={column.headHidden ? 'unseen' : undefined}>{column.head}</span>
    )}
  </th>
)

const Cell = <Row,>({ column, row }: { column: Column<Row>; row: Row }) => {
  const shared = {
    'data-numeric': column.numeric ? '' : undefined,
    'data-wide-only': column.wideOnly ? '' : undefined,
    'data-head': column.headHidden || column.heading ? undefined : column.head,
  }
  return column.heading ? (
    <th scope="row" {...shared}>
      {column.cell(row)}
    </th>
  ) : (
    <td {...shared}>{column.cell(row)}</td>
  )
}

export const Table = <Row,>({ caption, captionHidden, columns, rows, href, empty, dense, stacks }: TableProps<Row>) =>
  rows.length === 0 && empty ? (
    <div class="table-empty">{empty}</div>
  ) : (
    <section class="table-box" aria-label={caption} tabindex={0}>
      <table class={`table${dense ? ' table-dense' : ''}${stacks ? ' table-stacks' : ''}`}>
        <caption class={captionHidden ? 'unseen' : undefined}>{caption}</caption>
        <thead>
          <tr>
            {columns.map(column => (
              <Head column={column} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr data-href={href?.(row)}>
              {columns.map(column => (
                <Cell column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )

export interface Definition {
  term: string
  value: Child
}

export const DefinitionList = ({ items, look = 'rows' }: { items: Definition[]; look?: 'rows' | 'stacked' }) => (
  <dl class={`definitions definitions-${look}`}>
    {items.map(({ term, value }) => (
      <div>
        <dt>{term}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)

const Side = ({ href, newer }: { href?: string; newer?: boolean }) =>
  href ? (
    <LinkButton href={href} icon={newer ? 'chevronLeft' : undefined} iconEnd={newer ? undefined : 'chevronRight'} size="small">
      {t(newer ? 'kernel.kitNewer' : 'kernel.kitOlder')}
    </LinkButton>
  ) : (
    <span />
  )

/** By key, not by number: newer and older, each an address or nothing. Nothing at all where everything is on one page. */
export const Pager = ({ newer, older, summary }: { newer?: string; older?: string; summary?: string }) =>
  newer || older || summary ? (
    <nav class="pager" aria-label={t('kernel.kitPages')}>
      <Side href={newer} newer />
      {summary && <span class="pager-summary">{summary}</span>}
      <Side href={older} />
    </nav>
  ) : null

export interface RowListProps {
  label: string
  /** Form that the ticked boxes belong to: its buttons act on the selected rows. */
  bulkForm?: string
  children: Child
}

/** SelectableRows with j/k, Enter, x and Space. */
export const RowList = ({ label, bulkForm, children }: RowListProps) => (
  <ol class="row-list" aria-label={label} data-row-list data-bulk-form={bulkForm}>
    {children}
  </ol>
)

export interface SelectableRowProps {
  id: string
  href: string
  /** Who or what: the strong line. */
  title: Child
  /** Name of the row for those who listen, used by the tick box. */
  name: string
  /** At the end of the first line, e.g. a RelativeTime. */
  time?: Child
  subject?: Child
  /** The beginning of the text. */
  excerpt?: Child
  /** Badges, tags, small icons. */
  marks?: Child
  /** An Avatar. */
  face?: Child
  /** The reader has not seen all of it: its lines are strong. */
  unread?: boolean
  /** What a dot before it says; one that is unread has such a dot by itself, unless this is empty. */
  dot?: string
  current?: boolean
  /** Name of the tick boxes; without it the row cannot be ticked. */
  selectName?: string
  selected?: boolean
  /** Where `m` is posted to: one wants to hear no more of it. */
  mutes?: string
  /** Quick deeds seen on hover and focus: IconButtons. */
  actions?: Child
}

const Dot = ({ dot, unread }: Pick<SelectableRowProps, 'dot' | 'unread'>) => {
  const says = dot ?? (unread ? t('kernel.kitUnread') : '')
  return (
    <>
      {says && <span class="row-unread" role="img" aria-label={says} />}
      {unread && dot !== undefined && <span class="unseen">{t('kernel.kitUnread')}</span>}
    </>
  )
}

export const SelectableRow = (props: SelectableRowProps) => (
  <li
    class="row"
    id={`row-${props.id}`}
    data-row
    data-mutes={props.mutes}
    data-unread={props.unread ? '' : undefined}
    data-current={props.current ? '' : undefined}
  >
    <span class="row-face">
      {props.face}
      {props.selectName && (
        <label class="row-select">
          <input
            type="checkbox"
            name={props.selectName}
            value={props.id}
            checked={props.selected || undefined}
            data-row-select
            aria-label={t('kernel.kitSelect', { name: props.name })}
          />
        </label>
      )}
    </span>
    <a class="row-link" href={props.href} aria-current={props.current ? 'true' : undefined} data-row-link data-turbo-prefetch="false">
      <span class="row-first">
        <Dot dot={props.dot} unread={props.unread} />
        <span class="row-title">{props.title}</span>
        {props.time && <span class="row-time">{props.time}</span>}
      </span>
      {props.subject && <span class="row-subject">{props.subject}</span>}
      {props.excerpt && <span class="row-excerpt">{props.excerpt}</span>}
    </a>
    {props.marks && <span class="row-marks">{props.marks}</span>}
    {props.actions && <span class="row-actions">{props.actions}</span>}
  </li>
)

/** Appears when rows are ticked; its buttons send the ids of the ticked rows. */
export const BulkBar = ({ id, action, children }: { id: string; action: string; children: Child }) => (
  <form id={id} class="bulk-bar" method="post" action={action} data-bulk-bar hidden>
    {/* Enter in one of its fields presses the first button of a form: this one, which does nothing. */}
    <button type="submit" disabled hidden />
    <output class="bulk-count" data-kept data-count-words={t('kernel.kitSelected', { count: '#' })} />
    {children}
    <IconButton type="button" icon="close" label={t('kernel.kitSelectNone')} size="small" />
  </form>
)

export interface Crumb {
  label: string
  href?: string
}

export const Breadcrumb = ({ crumbs }: { crumbs: Crumb[] }) => (
  <nav class="crumbs" aria-label={t('kernel.kitPath')}>
    <ol>
      {crumbs.map(({ label, href }) => (
        <li>{href ? <a href={href}>{label}</a> : <span aria-current="page">{label}</span>}</li>
      ))}
    </ol>
  </nav>
)

/** Filters and deeds above a list; `end` stands at the other side. */
export const Toolbar = ({ label, children, end }: { label: string; children?: Child; end?: Child }) => (
  <section class="toolbar" aria-label={label}>
    <div class="toolbar-start">{children}</div>
    {end && <div class="toolbar-end">{end}</div>}
  </section>
)

/** A plain list of rows with a hairline between: settings, sessions, keys. `end` = buttons. */
export const ItemList = ({ label, children }: { label?: string; children: Child }) => (
  <ul class="items" aria-label={label}>
    {children}
  </ul>
)

export interface ItemProps {
  face?: Child
  title: Child
  detail?: Child
  end?: Child
  href?: string
  /** Walked by keyboard as the rows of a `RowList`; `m` posts to `mutes`. */
  row?: { mutes?: string }
}

export const Item = ({ face, title, detail, end, href, row }: ItemProps) => (
  <li class="item" data-row={row && ''} data-mutes={row?.mutes}>
    {face && <span class="item-face">{face}</span>}
    <span class="item-words">
      {href ? (
        <a class="item-title" href={href} data-row-link={row && ''}>
          {title}
        </a>
      ) : (
        <span class="item-title">{title}</span>
      )}
      {detail && <span class="item-detail">{detail}</span>}
    </span>
    {end && <span class="item-end">{end}</span>}
  </li>
)

/** One thing to do once, and whether it is done. */
export const FirstStep = ({ done, title, why, href }: { done: boolean; title: Child; why: Child; href: string }) => (
  <Item
    face={<Icon name={done ? 'checkCircle' : 'circle'} />}
    title={title}
    detail={done ? t('kernel.kitStepDone') : why}
    href={done ? undefined : href}
  />
)

export interface ViewLink {
  label: string
  href: string
  current: boolean
  /** How many it holds; none is not shown. */
  count?: number | undefined
  /** At hand as a tab; the others are in the menu. Those that are near come first. */
  near: boolean
}

/** The near views of a list as tabs; a far one, while it is open, stands after them. */
export const ViewTabs = ({ label, views }: { label: string; views: ViewLink[] }) => (
  <Tabs
    label={label}
    tabs={views
      .filter(each => each.near || each.current)
      .map(({ near: _near, count, ...each }) => ({ ...each, count: count || undefined }))}
  />
)

/** The far views of a list. */
export const ViewMenu = ({ label, views }: { label: string; views: ViewLink[] }) => (
  <Menu id="views" label={label} icon="more" iconOnly align="end">
    {views
      .filter(each => !each.near)
      .map(each => (
        <MenuItem href={each.href} checked={each.current} hint={each.count ? number(each.count) : undefined}>
          {each.label}
        </MenuItem>
      ))}
  </Menu>
)
