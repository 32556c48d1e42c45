/** The list of people, and the quick list for mentions. */
import {
  Avatar,
  Badge,
  EmptyState,
  LinkButton,
  Page,
  PageHead,
  QuickOption,
  Row,
  RowList,
  SearchBox,
  SelectableRow,
  Tabs,
  Toolbar,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { fill, page, raw } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { type PersonCard, peopleChosen } from '#social/people/words.ts'
import { type SideName, sideNames } from '#social/sides/words.ts'
import * as directory from './actions.ts'

const isSide = (text: string | null): text is SideName => sideNames.includes(text as SideName)
const toneOf = (side: SideName) => (side === 'colleague' ? 'inside' : side === 'customer' ? 'customer' : 'outside')
const pathOf = (person: { stands: string }) => `/people/${person.stands}`

const Sides = ({ person }: { person: PersonCard }) => (
  <>
    {person.flagged && (
      <Badge tone="warning" icon="warning">
        {t('directory.flagged')}
      </Badge>
    )}
    {person.sides.map(side => (
      <Badge tone={toneOf(side)}>{t(`sides.name.${side}`)}</Badge>
    ))}
  </>
)

// —— the list ——

const address = (asked: { q?: string; side?: string; after?: string }) => {
  const query = new URLSearchParams(Object.entries(asked).filter((each): each is [string, string] => Boolean(each[1])))
  return query.size ? `/people?${query}` : '/people'
}

export const list = page(
  '/people',
  { who: 'people.read', place: { section: 'people', title: 'directory.people', icon: 'people', order: 20, shortcut: 'g u' } },
  async see => {
    const [q, side, after] = [see.query.get('q')?.slice(0, 200), see.query.get('side'), see.query.get('after')]
    const asked = { q: q || undefined, side: isSide(side) ? side : undefined, after: after || undefined }
    const { items, next } = await directory.list(see.ctx, { ...asked, limit: 50 })
    const write = may(see.ctx.actor, 'people.write')
    return {
      title: t('directory.people'),
      body: (
        <Page>
          <PageHead
            title={t('directory.people')}
            detail={t('directory.why')}
            actions={<Ways write={write} exports={may(see.ctx.actor, 'people.setup') && csvOf(asked)} />}
          />
          <Toolbar
            label={t('directory.find')}
            end={<SearchBox action="/people" label={t('directory.find')} value={q} shortcut="/" keep={side ? { side } : {}} />}
          >
            <SideTabs {...asked} />
          </Toolbar>
          {items.length ? <Rows items={items} write={write} /> : <Nobody q={q} />}
          {write && items.length > 0 && (await fill(see, peopleChosen, { form: 'people-edit', q: asked.q, side: asked.side }))}
          <Row spread>
            {after ? (
              <LinkButton href={address({ ...asked, after: undefined })} icon="chevronLeft" size="small">
                {t('directory.toStart')}
              </LinkButton>
            ) : (
              <span />
            )}
            {next && (
              <LinkButton href={address({ ...asked, after: next })} iconEnd="chevronRight" size="small">
                {t('kernel.kitNext')}
              </LinkButton>
            )}
          </Row>
        </Page>
      ),
      live: ['people'],
    }
  },
)

/** Whom one sees, all of them. */
const csvOf = ({ q, side }: { q?: string; side?: SideName }): string => address({ q, side }).replace('/people', '/people.csv')

/** To what else there is of people, and a new one. */
const Ways = ({ write, exports }: { write: boolean; exports: string | false }) => (
  <>
    <LinkButton href="/lists" icon="list">
      {t('lists.lists')}
    </LinkButton>
    <LinkButton href="/segments" icon="target">
      {t('segments.segments')}
    </LinkButton>
    <LinkButton href="/people/duplicates" icon="merge">
      {t('merges.duplicates')}
    </LinkButton>
    {exports && (
      <LinkButton href={exports} icon="download">
        {t('segments.csv')}
      </LinkButton>
    )}
    {write && <Add />}
  </>
)

const Add = () => (
  <LinkButton href="/people/new" look="strong" icon="add" shortcut="c">
    {t('people.add')}
  </LinkButton>
)

const SideTabs = ({ q, side }: { q?: string; side?: SideName }) => (
  <Tabs
    label={t('directory.sides')}
    tabs={[
      { href: address({ q }), label: t('directory.all'), current: !side },
      ...sideNames.map(each => ({ href: address({ q, side: each }), label: t(`sides.many.${each}`), current: side === each })),
    ]}
  />
)

const Rows = ({ items, write }: { items: PersonCard[]; write: boolean }) => (
  <RowList label={t('directory.people')} bulkForm={write ? 'people-edit' : undefined}>
    {items.map(person => (
      <SelectableRow
        id={person.id}
        href={pathOf(person)}
        name={person.name}
        title={<bdi>{person.name}</bdi>}
        subject={person.address && <bdi>{person.address}</bdi>}
        face={<Avatar name={person.name} side={person.side} organisation={person.kind === 'organisation'} />}
        marks={<Sides person={person} />}
        selectName={write ? 'people[]' : undefined}
      />
    ))}
  </RowList>
)

const Nobody = ({ q }: { q?: string }) =>
  q ? (
    <EmptyState
      title={t('directory.nobodyFound', { q })}
      why={t('directory.nobodyFoundWhy')}
      icon="search"
      action={{ label: t('people.add'), href: `/people/new?name=${encodeURIComponent(q)}`, icon: 'add' }}
    />
  ) : (
    <EmptyState
      title={t('directory.empty')}
      why={t('directory.emptyWhy')}
      icon="people"
      action={{ label: t('people.add'), href: '/people/new', icon: 'add' }}
    />
  )

/** For the list that opens after an @, and wherever somebody is chosen. */
export const quick = raw('GET', '/people/quick', 'people.mention', async (c, see) => {
  const among = see!.query.get('among') === 'everyone' ? ('everyone' as const) : ('colleagues' as const)
  const { items } = await directory.quick(see!.ctx, { q: (see!.query.get('q') ?? '').slice(0, 100), among })
  if (c.req.header('accept')?.startsWith('application/json')) return c.json({ items })
  const link = may(see!.ctx.actor, 'people.read')
  return c.html(
    <>
      {items.map(each => (
        <QuickOption
          title={each.name}
          detail={each.address ?? undefined}
          face={<Avatar name={each.name} side={each.side} size="tiny" />}
          value={each.name}
          href={link ? pathOf(each) : undefined}
        />
      ))}
    </>,
  )
})
