/** A list with near and far views, which is also seen as a board or a calendar: one head for all its looks, and the list itself. */
import type { Child } from 'hono/jsx'
import { LinkButton, type LinkButtonProps } from './controls.tsx'
import { EmptyState, type EmptyStateProps } from './feedback.tsx'
import { SearchBox } from './fields.tsx'
import { Card, PageHead, Row, Stack } from './layout.tsx'
import { Pager, RowList, Toolbar, type ViewLink, ViewMenu } from './lists.tsx'

export interface LooksHeadProps {
  title: string
  tabs?: Child
  looks: readonly (Pick<LinkButtonProps, 'icon' | 'shortcut'> & { label: string; href: string; current: boolean })[]
  /** Where one is made, for those who may. */
  make?: { label: string; href: string } | false
}

/** The same things as a list, a board …: the look that is open stands out. */
export const LooksHead = ({ title, tabs, looks, make }: LooksHeadProps) => (
  <PageHead
    title={title}
    tabs={tabs}
    actions={
      <Row>
        {looks.map(({ label, current, ...link }) => (
          <LinkButton {...link} size="small" current={current} look={current ? 'plain' : 'bare'}>
            {label}
          </LinkButton>
        ))}
        {make && (
          <LinkButton href={make.href} look="strong" icon="add" shortcut="c">
            {make.label}
          </LinkButton>
        )}
      </Row>
    }
  />
)

export interface ViewedListProps {
  /** What one looks for here, where it is sent, and what was typed. */
  find: { label: string; action: string; value: string }
  views: { label: string; links: ViewLink[] }
  /** Above it: what is wrong with all of it. Below the box: by what it is narrowed. */
  above?: Child
  narrowed?: Child
  /** What is read aloud of the rows. */
  label: string
  rows: Child[]
  empty: EmptyStateProps
  /** Of the form that the chosen rows belong to, and its bar. */
  bulk?: { form: string; bar: Child }
  newer?: string | undefined
  older?: string | undefined
}

export const ViewedList = ({ find, views, above, narrowed, label, rows, empty, bulk, newer, older }: ViewedListProps) => (
  <Stack>
    {above}
    <Toolbar label={find.label} end={<ViewMenu label={views.label} views={views.links} />}>
      <SearchBox action={find.action} label={find.label} value={find.value} shortcut="/" />
    </Toolbar>
    {narrowed}
    {rows.length === 0 ? (
      <EmptyState {...empty} />
    ) : (
      <Card flush>
        {bulk?.bar}
        <RowList label={label} bulkForm={bulk?.form}>
          {rows}
        </RowList>
      </Card>
    )}
    <Pager newer={newer} older={older} />
  </Stack>
)
