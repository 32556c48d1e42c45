/** On the page of a person: where they work. On the page of a company: its people, with a list of all of them. */
import {
  Avatar,
  Badge,
  Breadcrumb,
  Button,
  Card,
  Dialog,
  EmptyState,
  Form,
  FormActions,
  Input,
  Item,
  ItemList,
  LinkButton,
  Menu,
  MenuItem,
  Page,
  PageHead,
  Pager,
  PersonChip,
  Quiet,
  Row,
  SearchBox,
  Toolbar,
} from '#kernel/html/kit.tsx'
import { date, t } from '#kernel/messages.ts'
import { form, offer, page, type See } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { type PersonCard, personCards } from '#social/people/words.ts'
import * as companies from './actions.ts'
import type { Employment } from './words.ts'

const pathOf = (person: PersonCard) => `/people/${person.stands}`
const staffPath = (company: string, asked: { q?: string; after?: string } = {}) => {
  const query = new URLSearchParams(Object.entries(asked).filter((each): each is [string, string] => Boolean(each[1])))
  return `/people/${company}/staff${query.size ? `?${query}` : ''}`
}

export const card = offer(
  personCards,
  async (see, { person, kind }) => (kind === 'organisation' ? <Staff see={see} company={person} /> : <Works see={see} person={person} />),
  { order: 10, who: 'people.read' },
)

// —— where somebody works ——

async function Works({ see, person }: { see: See; person: string }) {
  const { items } = await companies.list(see.ctx, { person })
  const write = may(see.ctx.actor, 'people.write')
  if (items.length === 0 && !write) return null
  return (
    <Card
      title={t('companies.title')}
      icon="building"
      flush={items.length > 0}
      actions={
        write && (
          <Button opens="add-employment" icon="add" size="small">
            {t('companies.add')}
          </Button>
        )
      }
    >
      {items.length === 0 ? (
        <Quiet>{t('companies.none')}</Quiet>
      ) : (
        <ItemList label={t('companies.title')}>
          {items.map(each => (
            <EmploymentItem it={each} write={write} />
          ))}
        </ItemList>
      )}
      {write && (
        <Dialog id="add-employment" title={t('companies.add')}>
          <Form action={`/people/${person}/employments`} label={t('companies.add')}>
            <Input name="company" id="employment-company" label={t('companies.company')} maxlength={300} required autocomplete="off" />
            <Days />
            <FormActions>
              <Button look="strong">{t('companies.add')}</Button>
            </FormActions>
          </Form>
        </Dialog>
      )}
    </Card>
  )
}

const Days = ({ it }: { it?: Employment }) => {
  const at = it?.id ?? 'new'
  return (
    <>
      <Input name="role" id={`role-${at}`} label={t('companies.role')} value={it?.role} maxlength={200} optional />
      <Input name="since" id={`since-${at}`} type="date" label={t('companies.since')} value={it?.since ?? undefined} optional />
      <Input name="until" id={`until-${at}`} type="date" label={t('companies.until')} value={it?.until ?? undefined} optional />
    </>
  )
}

const dayOf = (day: string) => date(new Date(`${day}T12:00:00Z`))

/** From when to when, as far as it is known. */
const span = ({ since, until }: { since: string | null; until: string | null }): string =>
  since && until
    ? `${dayOf(since)} – ${dayOf(until)}`
    : since
      ? t('companies.sinceDay', { date: dayOf(since) })
      : until
        ? t('companies.untilDay', { date: dayOf(until) })
        : ''

const EmploymentItem = ({ it, write }: { it: Employment; write: boolean }) => (
  <Item
    face={<Avatar name={it.company.name} size="small" organisation />}
    title={
      <Row>
        <bdi>{it.company.name}</bdi>
        {it.main && <Badge>{t('companies.main')}</Badge>}
      </Row>
    }
    href={pathOf(it.company)}
    detail={[it.role, span(it)].filter(Boolean).join(' · ')}
    end={
      write &&
      it.id && (
        <>
          <Menu id={`employment-${it.id}`} label={t('companies.menu', { company: it.company.name })} icon="more" iconOnly align="end">
            <MenuItem icon="edit" opens={`change-${it.id}`}>
              {t('companies.change')}
            </MenuItem>
            {!it.until && (
              <MenuItem icon="signOut" action={`/people/employments/${it.id}/leave`}>
                {t('companies.leave')}
              </MenuItem>
            )}
            <MenuItem icon="remove" action={`/people/employments/${it.id}/remove`} danger>
              {t('companies.remove')}
            </MenuItem>
          </Menu>
          <Dialog id={`change-${it.id}`} title={it.company.name}>
            <Form action={`/people/employments/${it.id}/change`} label={it.company.name}>
              <Days it={it} />
              <FormActions>
                <Button look="strong">{t('companies.save')}</Button>
              </FormActions>
            </Form>
          </Dialog>
        </>
      )
    }
  />
)

// —— who works there ——

async function Staff({ see, company }: { see: See; company: string }) {
  const { items, next } = await companies.staff(see.ctx, { company, limit: 12 })
  return (
    <Card title={t('companies.people')} icon="people" href={staffPath(company)}>
      {items.length === 0 ? (
        <Quiet>{t('companies.nobodyWhy')}</Quiet>
      ) : (
        <Row>
          {items.map(each => (
            <PersonChip name={each.person.name} side={each.person.side} href={pathOf(each.person)} detail={each.role || undefined} />
          ))}
          {next && (
            <LinkButton href={staffPath(company)} size="small" iconEnd="chevronRight">
              {t('companies.all')}
            </LinkButton>
          )}
        </Row>
      )}
    </Card>
  )
}

export const staffPage = page('/people/:company{[0-9a-f-]{36}}/staff', { who: 'people.read', section: 'people' }, async see => {
  const [q, after] = [see.query.get('q')?.slice(0, 100) || undefined, see.query.get('after') ?? undefined]
  const { company, items, next } = await companies.staff(see.ctx, { company: see.params.company!, q, after, limit: 50 })
  return {
    title: t('companies.peopleOf', { company: company.name }),
    live: [`person:${company.id}`],
    body: (
      <Page width="reading">
        <PageHead
          above={
            <Breadcrumb
              crumbs={[
                { label: t('people.people'), href: '/people' },
                { label: company.name, href: pathOf(company) },
                { label: t('companies.people') },
              ]}
            />
          }
          title={t('companies.peopleOf', { company: company.name })}
        />
        <Toolbar
          label={t('companies.people')}
          end={<SearchBox action={staffPath(company.stands)} label={t('companies.find')} value={q} shortcut="/" />}
        />
        {items.length === 0 ? (
          <EmptyState title={t('companies.nobody')} why={t('companies.nobodyWhy')} icon="people" />
        ) : (
          <Card flush>
            <ItemList label={t('companies.people')}>
              {items.map(each => (
                <Item
                  face={<Avatar name={each.person.name} side={each.person.side} size="small" />}
                  title={<bdi>{each.person.name}</bdi>}
                  href={pathOf(each.person)}
                  detail={[each.role, span(each)].filter(Boolean).join(' · ')}
                />
              ))}
            </ItemList>
          </Card>
        )}
        <Pager newer={after && staffPath(company.stands, { q })} older={next ? staffPath(company.stands, { q, after: next }) : undefined} />
      </Page>
    ),
  }
})

export const doEmploy = form('/people/:person/employments', companies.employ, {
  done: (_see, { employment }) => ({
    stay: true,
    say: 'companies.added',
    undo: { path: `/people/employments/${employment}/remove`, fields: {} },
  }),
})

export const doChange = form('/people/employments/:employment/change', companies.change, {
  done: (_see, { before }, { employment }) => ({
    stay: true,
    say: 'companies.changed',
    undo: { path: `/people/employments/${employment}/change`, fields: before },
  }),
})

export const doLeave = form('/people/employments/:employment/leave', companies.leave, {
  done: (_see, { before, wasMain }, { employment }) => ({
    stay: true,
    say: 'companies.hasLeft',
    undo: { path: `/people/employments/${employment}/change`, fields: { ...before, ...(wasMain && { main: 'true' }) } },
  }),
})

export const doRemove = form('/people/employments/:employment/remove', companies.remove, {
  done: (_see, { person, company, before }) => ({
    stay: true,
    say: 'companies.removed',
    undo: { path: `/people/${person}/employments`, fields: { company, ...before } },
  }),
})
