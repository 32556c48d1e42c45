/** Lists of people: all of them, one with who is on it, and on which somebody is. */
import {
  ActionButton,
  ActionForm,
  Avatar,
  Breadcrumb,
  Button,
  Card,
  CardList,
  EmptyState,
  Form,
  FormActions,
  IconButton,
  Input,
  Item,
  ItemList,
  LinkButton,
  ListPage,
  NamedHead,
  NewPage,
  Page,
  Pager,
  Quiet,
  RowList,
  Select,
  SelectableRow,
  Stack,
  Tabs,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { fill, form, offer, oneOf, page, type See, typed } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { type PersonCard, peopleChosen, personCards } from '#social/people/words.ts'
import * as lists from './actions.ts'
import type { PeopleList } from './words.ts'

const base = '/lists'
const pathOf = (list: string, after?: string) => `${base}/${list}${after ? `?after=${after}` : ''}`
const Above = ({ name }: { name?: string }) => (
  <Breadcrumb
    crumbs={[
      { label: t('people.people'), href: '/people' },
      { label: t('lists.lists'), ...(name && { href: base }) },
      ...(name ? [{ label: name }] : []),
    ]}
  />
)

/** What was counted to a thousand. */
const counted = (people: number): string => t('lists.people', { count: people, more: people >= 1000 ? '+' : '' })

export const listPage = page(
  base,
  { who: 'people.read', section: 'people', finds: () => [{ title: t('lists.lists'), icon: 'list' }] },
  async see => {
    const removed = see.query.get('removed') === 'true'
    const { items } = await lists.list(see.ctx, { removed })
    return {
      title: t('lists.lists'),
      live: ['lists'],
      body: (
        <ListPage
          title={t('lists.lists')}
          why={t('lists.why')}
          above={<Above />}
          width="reading"
          make={may(see.ctx.actor, 'people.write') && { label: t('lists.make'), href: `${base}/new` }}
        >
          <Tabs
            label={t('lists.which')}
            tabs={[
              { href: base, label: t('lists.used'), current: !removed },
              { href: `${base}?removed=true`, label: t('lists.removedOnes'), current: removed },
            ]}
          />
          <CardList
            label={t('lists.lists')}
            items={items}
            empty={{ title: t(removed ? 'lists.noneRemoved' : 'lists.empty'), why: t('lists.emptyWhy'), icon: 'list' }}
            line={each => (
              <Item
                title={<bdi>{each.name}</bdi>}
                href={pathOf(each.id)}
                detail={counted(each.people)}
                end={
                  each.removedAt && (
                    <ActionButton action={`${base}/${each.id}/back`} size="small" icon="undo">
                      {t('lists.bringBack')}
                    </ActionButton>
                  )
                }
              />
            )}
          />
        </ListPage>
      ),
    }
  },
)

export const newPage = page(
  `${base}/new`,
  { who: 'people.write', section: 'people', finds: () => [{ title: t('lists.make'), icon: 'add' }] },
  async () => ({
    title: t('lists.make'),
    body: (
      <NewPage title={t('lists.make')} above={<Above name={t('lists.make')} />} action={base} label={t('lists.make')}>
        <Name />
      </NewPage>
    ),
  }),
)

const Name = ({ value }: { value?: string }) => (
  <Input name="name" label={t('lists.name')} hint={t('lists.nameWhy')} value={value} maxlength={100} required autofocus={!value} />
)

export const onePage = page(oneOf(base, 'list'), { who: 'people.read', section: 'people' }, async see => {
  const it = await lists.show(see.ctx, { list: see.params.list! })
  const after = see.query.get('after') || undefined
  const { items, next } = await lists.people(see.ctx, { list: it.id, after, limit: 50 })
  const write = may(see.ctx.actor, 'people.write')
  return {
    title: it.name,
    live: [`list:${it.id}`],
    body: (
      <Page>
        <Head it={it} write={write} exports={may(see.ctx.actor, 'people.setup')} />
        {items.length === 0 ? (
          <EmptyState
            title={t('lists.nobody')}
            why={t('lists.nobodyWhy')}
            icon="people"
            action={{ label: t('people.people'), href: '/people', icon: 'people' }}
          />
        ) : (
          <Rows items={items} write={write} />
        )}
        {write && items.length > 0 && (await fill(see, peopleChosen, { form: 'people-edit', list: it.id }))}
        <Pager newer={after && pathOf(it.id)} older={next ? pathOf(it.id, next) : undefined} />
      </Page>
    ),
  }
})

const Rows = ({ items, write }: { items: PersonCard[]; write: boolean }) => (
  <RowList label={t('lists.peopleOn')} bulkForm={write ? 'people-edit' : undefined}>
    {items.map(person => (
      <SelectableRow
        id={person.stands}
        href={`/people/${person.stands}`}
        name={person.name}
        title={<bdi>{person.name}</bdi>}
        subject={person.address && <bdi>{person.address}</bdi>}
        face={<Avatar name={person.name} side={person.side} organisation={person.kind === 'organisation'} />}
        selectName={write ? 'people[]' : undefined}
      />
    ))}
  </RowList>
)

const Head = ({ it, write, exports }: { it: PeopleList & { people: number }; write: boolean; exports: boolean }) => (
  <NamedHead
    name={it.name}
    above={<Above name={it.name} />}
    detail={counted(it.people)}
    path={pathOf(it.id)}
    isAway={it.removedAt !== null}
    manages={write}
    ways={
      exports && (
        <LinkButton href={`/people.csv?list=${it.id}`} icon="download">
          {t('lists.csv')}
        </LinkButton>
      )
    }
    field={<Name value={it.name} />}
    words={{
      ...{ away: t('lists.isAway'), menu: t('lists.menu'), rename: t('lists.rename'), save: t('lists.save') },
      ...{ remove: t('lists.remove'), back: t('lists.bringBack') },
    }}
  />
)

// —— on the page of a person ——

export const listsCard = offer(
  personCards,
  async (see, { person }) => {
    const write = may(see.ctx.actor, 'people.write')
    const { items } = await lists.ofPerson(see.ctx, { person })
    const others = write ? await othersThan(see, items) : []
    if (items.length === 0 && others.length === 0) return null
    return (
      <Card title={t('lists.lists')} icon="list">
        <Stack>
          {items.length === 0 ? <Quiet>{t('lists.onNone')}</Quiet> : <On items={items} person={person} write={write} />}
          {others.length > 0 && (
            <Form action={`/people/${person}/lists`} label={t('lists.put')}>
              <Select name="list" label={t('lists.put')} choices={others.map(each => ({ value: each.id, label: each.name }))} />
              <FormActions>
                <Button>{t('lists.put')}</Button>
              </FormActions>
            </Form>
          )}
        </Stack>
      </Card>
    )
  },
  { order: 8, who: 'people.read' },
)

async function othersThan(see: See, items: { id: string }[]): Promise<PeopleList[]> {
  const on = new Set(items.map(each => each.id))
  return (await lists.inUse(see.ctx)).filter(each => !on.has(each.id))
}

const On = ({ items, person, write }: { items: { id: string; name: string }[]; person: string; write: boolean }) => (
  <ItemList label={t('lists.lists')}>
    {items.map(each => (
      <Item
        title={<bdi>{each.name}</bdi>}
        href={pathOf(each.id)}
        end={
          write && (
            <ActionForm action={`/people/${person}/lists/take`} fields={{ list: each.id }}>
              <IconButton icon="close" label={t('lists.takeFrom', { name: each.name })} size="small" />
            </ActionForm>
          )
        }
      />
    ))}
  </ItemList>
)

// —— forms ——

export const doMake = form(base, lists.make, {
  done: (_see, { list }) => ({ go: pathOf(list), say: 'lists.isMade', undo: { path: `${base}/${list}/remove` } }),
})

export const doChange = form(`${base}/:list/change`, lists.change, {
  done: (_see, { before }, { list }) => ({
    stay: true,
    say: 'lists.isChanged',
    undo: { path: `${base}/${list}/change`, fields: { name: before } },
  }),
})

export const doRemove = form(`${base}/:list/remove`, lists.remove, {
  done: (_see, _out, { list }) => ({ go: base, say: 'lists.isRemoved', undo: { path: `${base}/${list}/back` } }),
})

export const doBringBack = form(`${base}/:list/back`, lists.bringBack, {
  done: (_see, _out, { list }) => ({ go: pathOf(list), say: 'lists.isBack' }),
})

const ofOne = (fields: FormData, { person }: Record<string, string>) => ({ list: typed(fields, 'list'), people: [person!] })

export const doPut = form('/people/:person/lists', lists.put, {
  read: ofOne,
  done: (_see, _out, { list, people }) => ({
    stay: true,
    say: 'lists.isPut',
    undo: { path: `/people/${people[0]}/lists/take`, fields: { list } },
  }),
})

export const doTake = form('/people/:person/lists/take', lists.take, {
  read: ofOne,
  done: (_see, _out, { list, people }) => ({
    stay: true,
    say: 'lists.isTaken',
    undo: { path: `/people/${people[0]}/lists`, fields: { list } },
  }),
})
