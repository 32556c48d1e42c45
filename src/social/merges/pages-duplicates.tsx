/** Records that may be one person: the list with what speaks for each pair, and what was decided. */
import {
  ActionForm,
  Avatar,
  Badge,
  Breadcrumb,
  Button,
  Card,
  EmptyState,
  Item,
  ItemList,
  LinkButton,
  Page,
  PageHead,
  Pager,
  Row,
  SearchBox,
  Stack,
  Tabs,
  Toolbar,
} from '#kernel/html/kit.tsx'
import { date, t } from '#kernel/messages.ts'
import { form, page } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import type { PersonCard } from '#social/people/words.ts'
import * as merges from './actions.ts'
import { type Pair, strengths } from './words.ts'

const base = '/people/duplicates'

interface Asked {
  q?: string
  strength?: number
  parted?: boolean
  after?: string
}

const address = (asked: Asked): string => {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(asked)) if (value) query.set(name, String(value))
  return query.size ? `${base}?${query}` : base
}

const asked = (query: URLSearchParams): Asked => ({
  q: query.get('q')?.slice(0, 100) || undefined,
  strength: strengths.find(each => String(each) === query.get('strength')),
  parted: query.get('parted') === 'true',
  after: query.get('after') ?? undefined,
})

export const duplicatesPage = page(
  base,
  { who: 'people.read', section: 'people', finds: () => [{ title: t('merges.duplicates'), icon: 'merge' }] },
  async see => {
    const wanted = asked(see.query)
    const { items, next } = await merges.duplicates(see.ctx, { ...wanted, limit: 30 })
    return {
      title: t('merges.duplicates'),
      live: ['duplicates'],
      body: (
        <Page width="reading">
          <PageHead
            above={<Breadcrumb crumbs={[{ label: t('merges.people'), href: '/people' }, { label: t('merges.duplicates') }]} />}
            title={t('merges.duplicates')}
            detail={t('merges.duplicatesWhy')}
          />
          <Toolbar
            label={t('merges.duplicates')}
            end={<SearchBox action={base} label={t('merges.findPair')} value={wanted.q} shortcut="/" keep={kept(wanted)} />}
          >
            <Kinds {...wanted} />
          </Toolbar>
          {items.length === 0 ? <Nothing {...wanted} /> : <Pairs items={items} write={may(see.ctx.actor, 'people.write')} />}
          <Pager
            newer={wanted.after && address({ ...wanted, after: undefined })}
            older={next ? address({ ...wanted, after: next }) : undefined}
          />
        </Page>
      ),
    }
  },
)

const kept = ({ strength, parted }: Asked): Record<string, string> => ({
  ...(strength && { strength: String(strength) }),
  ...(parted && { parted: 'true' }),
})

const Kinds = ({ q, strength, parted }: Asked) => (
  <Tabs
    label={t('merges.kinds.label')}
    tabs={[
      { href: address({ q }), label: t('merges.kinds.all'), current: !strength && !parted },
      ...strengths.map(each => ({ href: address({ q, strength: each }), label: t(`merges.strength.${each}`), current: strength === each })),
      { href: address({ q, parted: true }), label: t('merges.kinds.parted'), current: parted },
    ]}
  />
)

const Nothing = ({ q, parted }: Asked) =>
  q ? (
    <EmptyState title={t('merges.nobody', { q })} icon="search" action={{ label: t('merges.kinds.all'), href: base }} />
  ) : parted ? (
    <EmptyState title={t('merges.noneParted')} why={t('merges.nonePartedWhy')} icon="people" />
  ) : (
    <EmptyState
      title={t('merges.noneOpen')}
      why={t('merges.noneOpenWhy')}
      icon="check"
      action={{ label: t('merges.people'), href: '/people' }}
    />
  )

const Pairs = ({ items, write }: { items: Pair[]; write: boolean }) => (
  <Stack>
    {items.map(pair => (
      <PairCard pair={pair} write={write} />
    ))}
  </Stack>
)

const sentences = (pair: Pair): string[] => pair.reasons.map(each => t(`merges.because.${each.because}`, { detail: each.detail }))

const PairCard = ({ pair, write }: { pair: Pair; write: boolean }) => (
  <Card
    flush
    foot={
      <Row spread>
        <Row>
          <Badge tone={pair.strength === 3 ? 'good' : pair.strength === 2 ? 'talk' : 'neutral'}>
            {t(`merges.strength.${pair.strength}`)}
          </Badge>
          <span>{sentences(pair).join(' · ')}</span>
        </Row>
        {write && <Deeds pair={pair} />}
      </Row>
    }
  >
    <ItemList label={t('merges.pairOf', { one: pair.one.name, other: pair.other.name })}>
      <One person={pair.one} />
      <One person={pair.other} />
    </ItemList>
  </Card>
)

const One = ({ person }: { person: PersonCard }) => (
  <Item
    face={<Avatar name={person.name} side={person.side} size="small" organisation={person.kind === 'organisation'} />}
    title={<bdi>{person.name}</bdi>}
    href={`/people/${person.stands}`}
    detail={person.address && <bdi>{person.address}</bdi>}
    end={person.sides.map(side => <Badge>{t(`sides.name.${side}`)}</Badge>)}
  />
)

/** A colleague stands for both, else whoever was known first. */
const keptOf = ({ one, other }: Pair): [PersonCard, PersonCard] =>
  other.sides.includes('colleague') || (!one.sides.includes('colleague') && other.stands < one.stands) ? [other, one] : [one, other]

const Deeds = ({ pair }: { pair: Pair }) => {
  const [stays, gone] = keptOf(pair)
  const both = { one: stays.stands, other: gone.stands }
  if (pair.partedAt)
    return (
      <Row>
        <span>{t('merges.partedBy', { name: pair.partedBy?.name ?? t('merges.house'), date: date(pair.partedAt) })}</span>
        <ActionForm action={`${base}/reconsider`} fields={both}>
          <Button size="small" icon="undo">
            {t('merges.reconsider')}
          </Button>
        </ActionForm>
      </Row>
    )
  return (
    <Row>
      <LinkButton href={`/people/${stays.stands}/merge?with=${gone.stands}`} size="small">
        {t('merges.compare')}
      </LinkButton>
      <ActionForm action={`${base}/part`} fields={both}>
        <Button size="small">{t('merges.part')}</Button>
      </ActionForm>
      <ActionForm
        action={`${base}/merge`}
        fields={{ kept: stays.stands, gone: gone.stands, reason: sentences(pair).join('; ').slice(0, 1000) }}
      >
        <Button size="small" look="strong" icon="merge">
          {t('merges.merge')}
        </Button>
      </ActionForm>
    </Row>
  )
}

export const mergePair = form(`${base}/merge`, merges.make, {
  done: (_see, { merge }) => ({ stay: true, say: 'merges.done', undo: { path: `/people/merges/${merge}/undo`, fields: {} } }),
})

export const partPair = form(`${base}/part`, merges.part, {
  done: (_see, both) => ({ stay: true, say: 'merges.parted', undo: { path: `${base}/reconsider`, fields: both } }),
})

export const reconsiderPair = form(`${base}/reconsider`, merges.reconsider, {
  done: (_see, both) => ({ stay: true, say: 'merges.reconsidered', undo: { path: `${base}/part`, fields: both } }),
})
