/** Pages of what people keep under a name (teams, brands, ready answers …): all of a kind, a new one, and the form of each. */
import type { Child } from 'hono/jsx'
import { t } from '#kernel/messages.ts'
import { Button, LinkButton } from './controls.tsx'
import { EmptyState, type EmptyStateProps } from './feedback.tsx'
import { Form, FormActions, type FormProps } from './fields.tsx'
import { Card, Page, PageHead } from './layout.tsx'
import { Breadcrumb, type Crumb, ItemList } from './lists.tsx'

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

export interface FormCardProps extends FormProps {
  title?: string
  /** What its one strong button says. */
  does: string
  /** A way out without it. */
  leave?: Leading
}

/** A form on a sheet of its own, which ends in one deed. */
export const FormCard = ({ title, does, leave, children, ...form }: FormCardProps) => (
  <Card title={title}>
    <Form {...form}>
      {children}
      <FormActions>
        <Button look="strong">{does}</Button>
        {leave && <LinkButton href={leave.href}>{leave.label}</LinkButton>}
      </FormActions>
    </Form>
  </Card>
)

/** One of a kind that is to be made: its title is what the button says. */
export const NewPage = ({ title, above, ...form }: Omit<FormCardProps, 'does'> & { title: string; above?: Child }) => (
  <Page width="narrow">
    <PageHead title={title} above={above} />
    <FormCard does={title} {...form} />
  </Page>
)
