/** Segments: the list, and one with its conditions, its people and why each of them belongs. */
import { csvAnswer } from '#kernel/csv.ts'
import {
  ActionButton,
  ActionForm,
  Avatar,
  Breadcrumb,
  Button,
  Card,
  Dialog,
  EmptyState,
  Form,
  FormActions,
  IconButton,
  Input,
  Item,
  ItemList,
  LinkButton,
  NamedHead,
  Page,
  PageHead,
  Pager,
  Quiet,
  RowList,
  SearchBox,
  SelectableRow,
  Stack,
  Tabs,
  Toolbar,
} from '#kernel/html/kit.tsx'
import { number, t } from '#kernel/messages.ts'
import { fill, form, page, raw, type See, typed } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { show as listShow } from '#social/lists/actions.ts'
import { peopleChosen } from '#social/people/words.ts'
import { sideNames } from '#social/sides/words.ts'
import * as segments from './actions.ts'
import { exported } from './actions-export.ts'
import { AddCondition, sentenceOf } from './pages-conditions.tsx'
import type { Belonging, Segment } from './words.ts'

const base = '/segments'
const pathOf = (segment: string, asked: Record<string, string | undefined> = {}) => {
  const query = new URLSearchParams(Object.entries(asked).filter((each): each is [string, string] => Boolean(each[1])))
  return `${base}/${segment}${query.size ? `?${query}` : ''}`
}

export const listPage = page(
  base,
  { who: 'people.read', section: 'people', finds: () => [{ title: t('segments.segments'), icon: 'target' }] },
  async see => {
    const [q, removed] = [see.query.get('q')?.slice(0, 100) || undefined, see.query.get('removed') === 'true']
    const { items } = await segments.list(see.ctx, { q, removed })
    const write = may(see.ctx.actor, 'people.write')
    return {
      title: t('segments.segments'),
      live: ['segments'],
      body: (
        <Page width="reading">
          <PageHead
            above={<Breadcrumb crumbs={[{ label: t('people.people'), href: '/people' }, { label: t('segments.segments') }]} />}
            title={t('segments.segments')}
            detail={t('segments.why')}
            actions={
              write && (
                <Button opens="new-segment" look="strong" icon="add" shortcut="c">
                  {t('segments.make')}
                </Button>
              )
            }
          />
          <Toolbar
            label={t('segments.segments')}
            end={<SearchBox action={base} label={t('segments.find')} value={q} shortcut="/" keep={removed ? { removed: 'true' } : {}} />}
          >
            <Tabs
              label={t('segments.which')}
              tabs={[
                { href: base, label: t('segments.used'), current: !removed },
                { href: `${base}?removed=true`, label: t('segments.removedOnes'), current: removed },
              ]}
            />
          </Toolbar>
          {items.length === 0 ? (
            <EmptyState title={t(removed ? 'segments.noneRemoved' : 'segments.empty')} why={t('segments.emptyWhy')} icon="target" />
          ) : (
            <All see={see} items={items} />
          )}
          {write && <New open={items.length === 0 && !removed && !q} />}
        </Page>
      ),
    }
  },
)

const All = async ({ see, items }: { see: See; items: Segment[] }) => {
  const known = await segments.known(see.ctx)
  return (
    <Card flush>
      <ItemList label={t('segments.segments')}>
        {items.map(each => (
          <Item
            title={<bdi>{each.name}</bdi>}
            href={pathOf(each.id)}
            detail={
              each.conditions.map(it => sentenceOf(it, known)).join(` ${t(`segments.${each.match}Joined`)} `) || t('segments.noCondition')
            }
            end={
              each.removedAt && (
                <ActionButton action={`${base}/${each.id}/back`} size="small" icon="undo">
                  {t('segments.bringBack')}
                </ActionButton>
              )
            }
          />
        ))}
      </ItemList>
    </Card>
  )
}

const Name = ({ value }: { value?: string }) => <Input name="name" label={t('segments.name')} value={value} maxlength={100} required />

/** Where there is none yet, its form stands on the page itself. */
const New = ({ open }: { open: boolean }) => {
  const fields = (
    <Form action={base} label={t('segments.make')}>
      <Name />
      <FormActions>
        <Button look="strong">{t('segments.make')}</Button>
      </FormActions>
    </Form>
  )
  return open ? (
    <Card>{fields}</Card>
  ) : (
    <Dialog id="new-segment" title={t('segments.make')}>
      {fields}
    </Dialog>
  )
}

export const segmentPage = page(`${base}/:segment`, { who: 'people.read', section: 'people' }, async see => {
  const it = await segments.show(see.ctx, { segment: see.params.segment! })
  const [q, after] = [see.query.get('q')?.slice(0, 100) || undefined, see.query.get('after') ?? undefined]
  const [{ count }, { items, next }] = [
    await segments.count(see.ctx, { segment: it.id }),
    await segments.people(see.ctx, { segment: it.id, q, after, limit: 50 }),
  ]
  return {
    title: it.name,
    live: [`segment:${it.id}`],
    body: (
      <Page width="reading">
        <Head it={it} count={count} write={may(see.ctx.actor, 'people.write')} exports={may(see.ctx.actor, 'people.setup')} />
        <Stack gap="large">
          <Conditions see={see} it={it} write={may(see.ctx.actor, 'people.write')} />
          {it.conditions.length > 0 && (
            <Card
              title={t('segments.people', { count })}
              icon="people"
              flush
              actions={<SearchBox action={pathOf(it.id)} label={t('segments.findPerson')} value={q} shortcut="/" />}
            >
              {items.length === 0 ? (
                <EmptyState compact title={t('segments.nobody')} why={t('segments.nobodyWhy')} icon="people" />
              ) : (
                <People see={see} it={it} items={items} />
              )}
            </Card>
          )}
          {items.length > 0 && (await fill(see, peopleChosen, { form: 'people-edit', segment: it.id }))}
          <Pager newer={after && pathOf(it.id, { q })} older={next ? pathOf(it.id, { q, after: next }) : undefined} />
        </Stack>
      </Page>
    ),
  }
})

const Head = ({ it, count, write, exports }: { it: Segment; count: number; write: boolean; exports: boolean }) => (
  <NamedHead
    name={it.name}
    above={
      <Breadcrumb
        crumbs={[{ label: t('people.people'), href: '/people' }, { label: t('segments.segments'), href: base }, { label: it.name }]}
      />
    }
    detail={t('segments.now', { count: number(count) })}
    path={`${base}/${it.id}`}
    isAway={it.removedAt !== null}
    manages={write}
    ways={
      exports &&
      it.conditions.length > 0 && (
        <LinkButton href={`${base}/${it.id}/people.csv`} icon="download">
          {t('segments.csv')}
        </LinkButton>
      )
    }
    field={<Name value={it.name} />}
    words={{
      ...{ away: t('segments.isAway'), menu: t('segments.menu'), rename: t('segments.rename'), save: t('segments.save') },
      ...{ remove: t('segments.remove'), back: t('segments.bringBack') },
    }}
  />
)

async function Conditions({ see, it, write }: { see: See; it: Segment; write: boolean }) {
  const known = await segments.known(see.ctx)
  return (
    <Card
      title={t('segments.conditions')}
      icon="filter"
      detail={it.conditions.length > 1 ? t(`segments.match.${it.match}`) : undefined}
      actions={write && it.conditions.length > 1 && <Match it={it} />}
    >
      <Stack>
        {it.conditions.length === 0 ? (
          <Quiet>{t('segments.noConditionWhy')}</Quiet>
        ) : (
          <ItemList label={t('segments.conditions')}>
            {it.conditions.map((each, place) => (
              <Item
                title={sentenceOf(each, known)}
                end={
                  write && (
                    <ActionForm action={`${base}/${it.id}/conditions/remove`} fields={{ place: String(place) }}>
                      <IconButton icon="close" label={t('segments.takeOut', { condition: sentenceOf(each, known) })} size="small" />
                    </ActionForm>
                  )
                }
              />
            ))}
          </ItemList>
        )}
        {write && <AddCondition segment={it.id} known={known} asked={see.query.get('add')} />}
      </Stack>
    </Card>
  )
}

const Match = ({ it }: { it: Segment }) => {
  const other = it.match === 'all' ? 'any' : 'all'
  return (
    <ActionButton action={`${base}/${it.id}/change`} fields={{ match: other }} size="small">
      {t(`segments.make.${other}`)}
    </ActionButton>
  )
}

async function People({ see, it, items }: { see: See; it: Segment; items: Belonging[] }) {
  const write = may(see.ctx.actor, 'people.write')
  const known = await segments.known(see.ctx)
  return (
    <RowList label={t('segments.peopleList')} bulkForm={write ? 'people-edit' : undefined}>
      {items.map(({ person, because }) => (
        <SelectableRow
          id={person.stands}
          name={person.name}
          face={<Avatar name={person.name} side={person.side} organisation={person.kind === 'organisation'} />}
          title={<bdi>{person.name}</bdi>}
          href={`/people/${person.stands}`}
          subject={[t('segments.because'), because.map(place => sentenceOf(it.conditions[place]!, known)).join(' · ')].join(' ')}
          selectName={write ? 'people[]' : undefined}
        />
      ))}
    </RowList>
  )
}

// —— forms ——

const undoOf = (segment: string, before: { name: string; match: string; conditions: unknown }) => ({
  path: `${base}/${segment}/change`,
  fields: { name: before.name, match: before.match, conditions: JSON.stringify(before.conditions) },
})

export const doMake = form(base, segments.make, {
  done: (_see, { segment }) => ({ go: pathOf(segment), say: 'segments.isMade', undo: { path: `${base}/${segment}/remove` } }),
})

export const doChange = form(`${base}/:segment/change`, segments.change, {
  read: (fields, { segment }) => ({
    segment: segment!,
    ...(fields.has('name') && { name: typed(fields, 'name') }),
    ...(fields.has('match') && { match: typed(fields, 'match') as 'all' }),
    ...(fields.has('conditions') && { conditions: parsed(typed(fields, 'conditions')) as [] }),
  }),
  done: (_see, { before }, { segment }) => ({ stay: true, say: 'segments.isChanged', undo: undoOf(segment, before) }),
})

/** What is no JSON is judged, and refused, by the action. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

export const doAdd = form(`${base}/:segment/conditions`, segments.conditionAdd, {
  read: (fields, { segment }) => ({
    segment: segment!,
    condition: {
      about: typed(fields, 'about') as 'side',
      ...(typed(fields, 'of') && { of: typed(fields, 'of') }),
      how: typed(fields, 'how') as 'is',
      value: typed(fields, 'value'),
    },
  }),
  done: (_see, { before }, { segment }) => ({ go: pathOf(segment), say: 'segments.isAdded', undo: undoOf(segment, before) }),
})

export const doTakeOut = form(`${base}/:segment/conditions/remove`, segments.conditionRemove, {
  done: (_see, { before }, { segment }) => ({ go: pathOf(segment), say: 'segments.isTakenOut', undo: undoOf(segment, before) }),
})

export const doRemove = form(`${base}/:segment/remove`, segments.remove, {
  done: (_see, _out, { segment }) => ({ go: base, say: 'segments.isRemoved', undo: { path: `${base}/${segment}/back` } }),
})

export const doBringBack = form(`${base}/:segment/back`, segments.bringBack, {
  done: (_see, _out, { segment }) => ({ go: pathOf(segment), say: 'segments.isBack' }),
})

// —— CSV ——

export const segmentCsv = raw('GET', `${base}/:segment/people.csv`, 'people.setup', async (c, see) => {
  const { ctx, params } = see!
  const { id } = await segments.show(ctx, { segment: params.segment! })
  return csvAnswer(exported(ctx.org, ctx.actor, { segment: id }), 'segment', c.res.headers)
})

/** Everybody; with `list` who is on it, with `q` and `side` whom the list of people finds. */
export const peopleCsv = raw('GET', '/people.csv', 'people.setup', async (c, see) => {
  const { ctx, query } = see!
  const asked = (name: string) => query.get(name)?.slice(0, 200) || undefined
  const list = asked('list') && (await listShow(ctx, { list: asked('list')! })).id
  const whom = list ? { list } : { q: asked('q'), side: sideNames.find(each => each === asked('side')) }
  return csvAnswer(exported(ctx.org, ctx.actor, whom), 'people', c.res.headers)
})
