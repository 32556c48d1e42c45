/** Pages of what people keep under a name (teams, brands, ready answers …): all of a kind, a new one, and the form of each. */
import type { Child } from 'hono/jsx'
import { number, t } from '#kernel/messages.ts'
import { ActionButton, ActionForm, Button, LinkButton, Menu, MenuItem } from './controls.tsx'
import { Badge, Banner, Dialog, EmptyState, type EmptyStateProps, Progress } from './feedback.tsx'
import { Form, FormActions, type FormProps } from './fields.tsx'
import { Card, Page, PageHead, Quiet, Stack } from './layout.tsx'
import { Breadcrumb, type Crumb, Item, ItemList } from './lists.tsx'

/** The way back to the settings, and to what lies between. */
export const SettingsCrumbs = ({ among = [] }: { among?: Crumb[] }) => (
  <Breadcrumb crumbs={[{ label: t('kernel.kitSettings'), href: '/settings' }, ...among]} />
)

interface Leading {
  label: string
  href: string
}

export interface ListPageProps {
  title: string
  /** What they are for. */
  why: Child
  /** Where it stands: a Breadcrumb. */
  above?: Child
  width?: 'narrow' | 'reading'
  /** Where one is made, for those who may. */
  make?: Leading | false
  children: Child
}

/** All of a kind: what they are for, how to make one, and below it those there are. */
export const ListPage = ({ title, why, above, width = 'narrow', make, children }: ListPageProps) => (
  <Page width={width}>
    <PageHead
      title={title}
      detail={why}
      above={above}
      actions={
        make && (
          <LinkButton href={make.href} look="strong" icon="add" shortcut="c">
            {make.label}
          </LinkButton>
        )
      }
    />
    {children}
  </Page>
)

/** A list on a sheet of its own; where there is nothing, what belongs there. `line` draws one as an Item. */
export const CardList = <T,>({
  label,
  items,
  line,
  empty,
}: {
  label: string
  items: readonly T[]
  line: (each: T, at: number) => Child
  empty: EmptyStateProps
}) =>
  items.length === 0 ? (
    <EmptyState {...empty} />
  ) : (
    <Card flush>
      <ItemList label={label}>{items.map(line)}</ItemList>
    </Card>
  )

export interface ShelfCardProps {
  title: string
  why: string
  /** Each has its page below it, and `/back` below that for what comes out of the archive. */
  path: string
  /** Only then they lead to their pages, and come back. */
  manages: boolean
  make: Leading
  items: { id: string; name: string; detail?: string | undefined; archivedAt: Date | null }[]
  /** What is said where there are none, of one in the archive, and on the button that brings it back. */
  words: { none: string; archived: string; back: string }
}

/** Those of a kind that are in use, and below them those in the archive, on a sheet among others. */
export const ShelfCard = ({ title, why, path, manages, make, items, words }: ShelfCardProps) => (
  <Card
    title={title}
    detail={why}
    actions={
      manages && (
        <LinkButton href={make.href} icon="add" size="small">
          {make.label}
        </LinkButton>
      )
    }
  >
    {items.length === 0 ? (
      <Quiet>{words.none}</Quiet>
    ) : (
      <ItemList label={title}>
        {[...items]
          .sort((a, b) => Number(a.archivedAt !== null) - Number(b.archivedAt !== null))
          .map(each => (
            <Item
              title={<bdi>{each.name}</bdi>}
              detail={each.detail}
              href={manages && !each.archivedAt ? `${path}/${each.id}` : undefined}
              end={each.archivedAt && <InArchive path={`${path}/${each.id}/back`} manages={manages} words={words} />}
            />
          ))}
      </ItemList>
    )}
  </Card>
)

const InArchive = ({ path, manages, words }: Pick<ShelfCardProps, 'path' | 'manages' | 'words'>) =>
  manages ? (
    <ActionButton action={path} size="small" icon="undo">
      {words.back}
    </ActionButton>
  ) : (
    <Badge>{words.archived}</Badge>
  )

export interface NamedHeadProps {
  name: string
  above: Child
  /** One line below the name, while it is not put away. */
  detail: Child
  /** Its address; `/change`, `/remove` and `/back` below it take the deeds. */
  path: string
  isAway: boolean
  /** Only then it can be called otherwise, put away and brought back. */
  manages: boolean
  /** What else leads away from it, before the menu. */
  ways?: Child
  /** The field of its name. */
  field: Child
  words: { away: string; menu: string; rename: string; remove: string; back: string; save: string }
}

/** The head of something that is kept under a name of its own, which is changed in a dialog. */
export const NamedHead = ({ name, above, detail, path, isAway, manages, ways, field, words }: NamedHeadProps) => (
  <>
    <PageHead
      above={above}
      title={<bdi>{name}</bdi>}
      detail={isAway ? <Badge>{words.away}</Badge> : detail}
      actions={
        <>
          {ways}
          {manages && (
            <Menu id="named-menu" label={words.menu} icon="more" iconOnly align="end">
              <MenuItem icon="edit" opens="rename">
                {words.rename}
              </MenuItem>
              <MenuItem icon="remove" action={`${path}/${isAway ? 'back' : 'remove'}`} danger={!isAway}>
                {isAway ? words.back : words.remove}
              </MenuItem>
            </Menu>
          )}
        </>
      }
    />
    {manages && (
      <Dialog id="rename" title={words.rename}>
        <Form action={`${path}/change`} label={words.rename}>
          {field}
          <FormActions>
            <Button look="strong">{words.save}</Button>
          </FormActions>
        </Form>
      </Dialog>
    )}
  </>
)

export interface FormCardProps extends FormProps {
  title?: string
  /** What its one strong button says. */
  does: string
  /** A way out without it. */
  leave?: Leading
  /** There is nothing to fill in: Enter does it. */
  ready?: boolean
}

/** A form on a sheet of its own, which ends in one deed. */
export const FormCard = ({ title, does, leave, ready, children, ...form }: FormCardProps) => (
  <Card title={title}>
    <Form {...form}>
      {children}
      <FormActions>
        <Button look="strong" autofocus={ready}>
          {does}
        </Button>
        {leave && <LinkButton href={leave.href}>{leave.label}</LinkButton>}
      </FormActions>
    </Form>
  </Card>
)

export interface RunPageProps {
  title: string
  /** How far it is, or how it ended. */
  detail: string
  /** Why it stopped by itself. */
  trouble?: string | null
  run: { task: string; state: 'running' | 'done' | 'cancelled' | 'undoing' | 'undone'; done: number; total: number }
  /** Its address; `/stop` and `/undo` below it take the two deeds. */
  path: string
  stop: string
  back: string
  /** Where one goes on. */
  children: Child
}

/** One deed for many, part by part: how far it is while it goes on, stopped while it does, taken back afterwards. */
export const RunPage = ({ title, detail, trouble, run, path, stop, back, children }: RunPageProps) => (
  <Page width="narrow">
    <PageHead title={title} detail={detail} />
    <Stack>
      {trouble && <Banner tone="warning">{trouble}</Banner>}
      {(run.state === 'running' || run.state === 'undoing') && (
        <Card>
          <Progress label={title} topic={`task:${run.task}`} value={run.done / Math.max(1, run.total)} detail={number(run.done)} />
        </Card>
      )}
      {run.state === 'running' && (
        <ActionForm action={`${path}/stop`}>
          <Button icon="close">{stop}</Button>
        </ActionForm>
      )}
      {(run.state === 'done' || run.state === 'cancelled') && (
        <ActionForm action={`${path}/undo`}>
          <Button icon="undo">{back}</Button>
        </ActionForm>
      )}
      {children}
    </Stack>
  </Page>
)

/** One of a kind that is to be made: its title is what the button says. */
export const NewPage = ({ title, above, ...form }: Omit<FormCardProps, 'does'> & { title: string; above?: Child }) => (
  <Page width="narrow">
    <PageHead title={title} above={above} />
    <FormCard does={title} {...form} />
  </Page>
)
