/** What spaces show in others' rooms: on the page of a person, and on the start page. */
import { Badge, Card, type IconName, Item, ItemList, Panel, Row } from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { offer } from '#kernel/page.tsx'
import { homeCards } from '#kernel/words.ts'
import { personPanel } from '#social/people/words.ts'
import * as spaces from './actions.ts'
import type { Space } from './words.ts'

export const pathOf = (space: { slug: string }) => `/spaces/${space.slug}`
export const audienceIcons: Record<Space['audience'], IconName> = { public: 'globe', staff: 'building', members: 'lock' }

export const Audience = ({ space }: { space: Space }) => (
  <Row>
    <Badge tone={space.audience === 'public' ? 'outside' : 'inside'} icon={audienceIcons[space.audience]}>
      {t(`spaces.audience.${space.audience}`)}
    </Badge>
    {space.role === 'keeper' && <Badge icon="star">{t('spaces.keeper')}</Badge>}
    {space.archivedAt && <Badge icon="archive">{t('spaces.isArchived')}</Badge>}
  </Row>
)

export const spacesPanel = offer(
  personPanel,
  async (see, { person }) => {
    const found = await spaces.belonging(see.ctx, person)
    if (found.length === 0) return null
    return (
      <Panel title={t('spaces.spaces')} count={found.length}>
        <ItemList label={t('spaces.spaces')}>
          {found.map(space => (
            <Item title={<bdi>{space.name}</bdi>} href={pathOf(space)} end={<Audience space={space} />} />
          ))}
        </ItemList>
      </Panel>
    )
  },
  { order: 60, who: 'spaces.read' },
)

/** On the start page: one's own spaces, or else those that one may join. */
export const spacesCard = offer(
  homeCards,
  async see => {
    const { items } = await spaces.list(see.ctx, {})
    const mine = items.filter(each => each.role)
    if (items.length === 0) return null
    const title = t(mine.length ? 'spaces.mine' : 'spaces.others')
    return (
      <Card title={title} flush>
        <ItemList label={title}>
          {(mine.length ? mine : items).slice(0, 4).map(space => (
            <Item title={<bdi>{space.name}</bdi>} href={pathOf(space)} detail={<bdi>{space.about.slice(0, 80)}</bdi>} />
          ))}
        </ItemList>
      </Card>
    )
  },
  { order: 80, who: 'spaces.read' },
)
