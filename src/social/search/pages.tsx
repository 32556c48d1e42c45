import {
  Avatar,
  Badge,
  Banner,
  Card,
  DefinitionList,
  EmptyState,
  Icon,
  type IconName,
  Item,
  ItemList,
  Page,
  PageHead,
  Pager,
  QuickOption,
  RelativeTime,
  SearchBox,
  Stack,
  Tabs,
} from '#kernel/html/kit.tsx'
import { hasMessage, t } from '#kernel/messages.ts'
import { fill, page, raw } from '#kernel/page.tsx'
import { cardsOf } from '#social/people/actions.ts'
import type { PersonCard } from '#social/people/words.ts'
import { type Hit, quick, search } from './actions.ts'
import type { Piece } from './rules.ts'
import { quickAnswers } from './words.ts'

const isBest = (text: string | null): text is 'best' => text === 'best'

const address = (asked: { q: string; order?: string; before?: string }) =>
  `/search?${new URLSearchParams(Object.entries(asked).filter((each): each is [string, string] => Boolean(each[1])))}`

export const searchPage = page(
  '/search',
  { who: 'search.read', section: 'search', finds: () => [{ title: t('search.title'), icon: 'search' }] },
  async see => {
    const q = (see.query.get('q') ?? '').slice(0, 500)
    const order = isBest(see.query.get('order')) ? ('best' as const) : ('newest' as const)
    const found = q.trim() ? await search(see.ctx, { q, order, before: see.query.get('before') ?? undefined }) : null
    const people = await cardsOf(see.ctx, found?.items.flatMap(hit => hit.author ?? []) ?? [])
    return {
      title: q ? t('search.titleFor', { q }) : t('search.title'),
      body: (
        <Page width="reading">
          <Stack>
            <PageHead title={t('search.title')} />
            <SearchBox action="/search" label={t('search.what')} value={q} keep={order === 'best' ? { order } : {}} />
            {found && (
              <Tabs
                label={t('search.order')}
                tabs={[
                  { href: address({ q }), label: t('search.newest'), current: order === 'newest' },
                  { href: address({ q, order: 'best' }), label: t('search.best'), current: order === 'best' },
                ]}
              />
            )}
            {found ? <Results q={q} order={order} found={found} people={people} paged={see.query.has('before')} /> : <Help />}
          </Stack>
        </Page>
      ),
    }
  },
)

interface ResultsProps {
  q: string
  order: 'newest' | 'best'
  found: { items: Hit[]; next: string | null; suggestion: string | null }
  people: Map<string, PersonCard>
  paged: boolean
}

const Results = ({ q, order, found, people, paged }: ResultsProps) => (
  <>
    {found.suggestion && (
      <Banner icon="search">
        {t('search.didYouMean')} <a href={address({ q: found.suggestion, order })}>{found.suggestion}</a>
      </Banner>
    )}
    {found.items.length === 0 ? (
      <EmptyState
        title={t('search.nothing', { q })}
        why={t('search.nothingWhy')}
        icon="search"
        action={{ label: t('search.help'), href: '/search' }}
      />
    ) : (
      <ItemList label={t('search.results')}>
        {found.items.map(hit => (
          <Result hit={hit} author={hit.author ? people.get(hit.author) : undefined} />
        ))}
      </ItemList>
    )}
    {(found.next || paged) && (
      <Pager newer={paged ? address({ q, order }) : undefined} older={found.next ? address({ q, order, before: found.next }) : undefined} />
    )}
  </>
)

const Pieces = ({ pieces }: { pieces: Piece[] }) => <bdi>{pieces.map(({ text, hit }) => (hit ? <mark>{text}</mark> : text))}</bdi>

const icons: Record<string, IconName> = {
  Message: 'mail',
  Note: 'note',
  Comment: 'chat',
  Person: 'person',
  Space: 'layers',
  Question: 'help',
  Article: 'book',
  Case: 'task',
}
const iconOf = (noun: string): IconName => icons[noun] ?? 'chat'

const Result = ({ hit, author }: { hit: Hit; author: PersonCard | undefined }) => (
  <Item
    href={hit.path}
    face={author ? <Avatar name={author.name} side={author.side} size="small" /> : <Icon name={iconOf(hit.noun)} />}
    title={hit.title.length ? <Pieces pieces={hit.title} /> : (author?.name ?? nounOf(hit.noun))}
    detail={
      <>
        {author && hit.title.length > 0 && <bdi>{author.name}: </bdi>}
        <Pieces pieces={hit.excerpt} />
      </>
    }
    end={
      <>
        <Badge icon={iconOf(hit.noun)} tone={hit.audience === 'staff' && hit.noun === 'Note' ? 'inside' : 'neutral'}>
          {nounOf(hit.noun)}
        </Badge>
        <RelativeTime at={hit.at} />
      </>
    }
  />
)

const nounOf = (noun: string) => (hasMessage(`search.noun.${noun}`) ? t(`search.noun.${noun}`) : noun)

const filters = ['from', 'to', 'in', 'has', 'before', 'after', 'is', 'tag', 'brand'] as const

const Help = () => (
  <Card title={t('search.helpTitle')} icon="help">
    <DefinitionList
      items={[
        ...filters.map(name => ({ term: t(`search.filter.${name}`), value: t(`search.filterWhat.${name}`) })),
        { term: t('search.phrase'), value: t('search.phraseWhat') },
        { term: t('search.not'), value: t('search.notWhat') },
        { term: t('search.or'), value: t('search.orWhat') },
        { term: t('search.prefix'), value: t('search.prefixWhat') },
      ]}
    />
  </Card>
)

/** Answers while one types, for the palette. */
export const quickPage = raw('GET', '/search/quick', 'search.read', async (c, see) => {
  const typed = (see!.query.get('q') ?? '').slice(0, 200)
  const answers = await quick(see!.ctx, typed)
  return c.html(
    <>
      {answers.map(({ noun, title, path, detail }) => (
        <QuickOption title={title} detail={detail || nounOf(noun)} icon={iconOf(noun)} href={path} />
      ))}
      {await fill(see!, quickAnswers, { question: typed })}
      {typed.trim().length >= 2 && <QuickOption title={t('search.allFor', { q: typed })} icon="search" href={address({ q: typed })} />}
    </>,
  )
})
