/** How a page is put together: columns, cards, panels. Distance between things is said here and nowhere else. */
import type { Child } from 'hono/jsx'
import { IconButton } from './controls.tsx'
import { Icon, type IconName } from './icons.tsx'

type Gap = 'none' | 'small' | 'medium' | 'large' | 'huge'

/** One below the other. */
export const Stack = ({ gap = 'medium', children }: { gap?: Gap; children: Child }) => <div class={`stack gap-${gap}`}>{children}</div>

/** Side by side, breaking to the next line where there is no room. */
export const Row = ({
  gap = 'small',
  spread,
  top,
  children,
}: {
  gap?: Gap /** First at the start, last at the end. */
  spread?: boolean /** Aligned at the top. */
  top?: boolean
  children: Child
}) => <div class={`line gap-${gap}${spread ? ' line-spread' : ''}${top ? ' line-top' : ''}`}>{children}</div>

/** As many equal columns as fit: `narrow` ≥ 12rem, `medium` ≥ 18rem, `wide` ≥ 26rem. */
export const Grid = ({
  columns = 'medium',
  gap = 'medium',
  children,
}: {
  columns?: 'narrow' | 'medium' | 'wide'
  gap?: Gap
  children: Child
}) => <div class={`grid grid-${columns} gap-${gap}`}>{children}</div>

/** A matter and, beside it, what belongs to it; below it on narrow screens. */
export const Beside = ({ side, label, children }: { side: Child; label: string; children: Child }) => (
  <div class="beside">
    <div class="beside-main">{children}</div>
    <aside class="beside-side" aria-label={label}>
      {side}
    </aside>
  </div>
)

export interface PageHeadProps {
  title: Child
  /** One line below. */
  detail?: Child
  /** A Breadcrumb or a small word above. */
  above?: Child
  icon?: IconName
  /** An Avatar, before title and detail. */
  face?: Child
  /** Buttons. */
  actions?: Child
  /** Tabs. */
  tabs?: Child
}

export const PageHead = ({ title, detail, above, icon, face, actions, tabs }: PageHeadProps) => (
  <header class="page-head">
    {above && <div class="page-above">{above}</div>}
    <div class="page-head-line">
      {icon && <Icon name={icon} size={24} />}
      {face && <div class="page-face">{face}</div>}
      <div class="page-head-words">
        <h1>{title}</h1>
        {detail && <div class="page-detail">{detail}</div>}
      </div>
      {actions && <div class="page-actions">{actions}</div>}
    </div>
    {tabs}
  </header>
)

/** The usual frame of a page: `reading` = a column of text, `wide` = tables and dashboards, `full` = up to the edges. */
export const Page = ({ width = 'wide', children }: { width?: 'narrow' | 'reading' | 'wide' | 'full'; children: Child }) => (
  <div class={`page page-${width}`}>{children}</div>
)

export interface CardProps {
  title?: Child
  detail?: Child
  icon?: IconName
  /** Buttons in its head. */
  actions?: Child
  /** Line at its end. */
  foot?: Child
  /** Without inner distance: for lists and tables. */
  flush?: boolean
  href?: string
  id?: string
  children?: Child
}

/** A sheet of paper: one matter, seen apart from others. */
export const Card = ({ title, detail, icon, actions, foot, flush, href, id, children }: CardProps) => (
  <section class={`card${flush ? ' card-flush' : ''}${href ? ' card-link' : ''}`} id={id}>
    {title && (
      <header class="card-head">
        {icon && <Icon name={icon} />}
        <div class="card-words">
          <h2>{href ? <a href={href}>{title}</a> : title}</h2>
          {detail && <p>{detail}</p>}
        </div>
        {actions && <div class="card-actions">{actions}</div>}
      </header>
    )}
    {children !== undefined && <div class="card-body">{children}</div>}
    {foot && <footer class="card-foot">{foot}</footer>}
  </section>
)

export interface PanelProps {
  title: string
  count?: number
  actions?: Child
  /** Can be folded away; `closed` starts so. */
  folds?: boolean
  closed?: boolean
  children: Child
}

const PanelTitle = ({ title, count }: { title: string; count?: number }) => (
  <>
    <span>{title}</span>
    {count !== undefined && <span class="count">{count}</span>}
  </>
)

/** A quiet part of a side column; what areas offer in slots is a Panel. */
export const Panel = ({ title, count, actions, folds, closed, children }: PanelProps) =>
  folds ? (
    <details class="panel" open={!closed || undefined}>
      <summary class="panel-head">
        <Icon name="chevronRight" size={14} />
        <PanelTitle title={title} count={count} />
      </summary>
      <div class="panel-body">{children}</div>
    </details>
  ) : (
    <section class="panel">
      <header class="panel-head">
        <h2>
          <PanelTitle title={title} count={count} />
        </h2>
        {actions && <span class="panel-actions">{actions}</span>}
      </header>
      <div class="panel-body">{children}</div>
    </section>
  )

/** List, detail and side beside each other; on narrow screens only `show` is seen. */
export const Panes = ({ show, children }: { show: 'list' | 'detail'; children: Child }) => (
  <div class="panes" data-show={show}>
    {children}
  </div>
)

export const ListPane = ({
  title,
  head,
  foot,
  children,
}: {
  title: string /** Tabs, search, filters. */
  head?: Child
  foot?: Child
  children: Child
}) => (
  <section class="pane list-pane" aria-label={title}>
    {head && <header class="pane-head">{head}</header>}
    <div class="pane-body" data-keep-scroll={title}>
      {children}
    </div>
    {foot && <footer class="pane-foot">{foot}</footer>}
  </section>
)

export interface DetailPaneProps {
  title: Child
  detail?: Child
  /** Address of the list, for the narrow screen's way back. */
  back?: { href: string; label: string }
  actions?: Child
  /** Stays at the bottom: a Composer. */
  foot?: Child
  children: Child
}

export const DetailPane = ({ title, detail, back, actions, foot, children }: DetailPaneProps) => (
  <section class="pane detail-pane">
    <header class="pane-head detail-head">
      {back && (
        <span class="detail-back">
          <IconButton href={back.href} icon="arrowLeft" label={back.label} />
        </span>
      )}
      <div class="detail-words">
        <h1>{title}</h1>
        {detail && <div class="detail-detail">{detail}</div>}
      </div>
      {actions && <div class="detail-actions">{actions}</div>}
    </header>
    <div class="pane-body">{children}</div>
    {foot && <footer class="pane-foot">{foot}</footer>}
  </section>
)

/** Third column: who, what belongs to it. Behind a tab at the edge where there is less room, below the detail on narrow screens. */
export const SidePane = ({ label, icon = 'person', children }: { label: string; icon?: IconName; children: Child }) => (
  <>
    <button type="button" class="side-toggle" aria-label={label} aria-expanded="false" aria-controls="side-pane" data-toggles="side-pane">
      <Icon name={icon} />
    </button>
    <aside class="pane side-pane" id="side-pane" aria-label={label}>
      {children}
    </aside>
  </>
)

/** Text to be read: a comfortable line, headings, lists. */
export const Prose = ({ children }: { children: Child }) => <div class="prose">{children}</div>

export const Heading = ({ level = 2, detail, actions, children }: { level?: 2 | 3; detail?: Child; actions?: Child; children: Child }) => (
  <header class={`heading heading-${level}`}>
    <div>
      {level === 2 ? <h2>{children}</h2> : <h3>{children}</h3>}
      {detail && <p>{detail}</p>}
    </div>
    {actions && <div class="heading-actions">{actions}</div>}
  </header>
)

export const Quiet = ({ small, children }: { small?: boolean; children: Child }) => (
  <span class={small ? 'quiet small' : 'quiet'}>{children}</span>
)
export const Unseen = ({ children }: { children: Child }) => <span class="unseen">{children}</span>
