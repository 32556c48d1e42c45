/** Crisis rooms: those that are open, those that are closed, and a new one. */
import {
  Badge,
  Breadcrumb,
  CardList,
  Input,
  Item,
  LinkButton,
  NewPage,
  Page,
  PageHead,
  Pager,
  RadioGroup,
  RelativeTime,
  Row,
  SearchBox,
  Select,
  Stack,
  Tabs,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, page, typed } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { cardsOf } from '#social/people/actions.ts'
import * as alerts from './actions.ts'
import { StageBadge } from './pages-words.tsx'
import { type Room, type Stage, stages } from './words.ts'

export const roomsPage = page(
  '/crises',
  { who: 'alerts.read', section: 'alerts', finds: () => [{ title: t('alerts.rooms'), icon: 'flag' }] },
  async see => {
    const closed = see.query.get('closed') === 'true'
    const q = (see.query.get('q') ?? '').slice(0, 100)
    const before = see.query.get('before') ?? undefined
    const { items, next } = await alerts.rooms(see.ctx, { closed, q, before, limit: 30 })
    const people = await cardsOf(see.ctx, [...new Set(items.flatMap(each => each.owner ?? []))])
    const href = (over: Record<string, string>) => `/crises?${new URLSearchParams({ closed: String(closed), ...(q && { q }), ...over })}`
    return {
      title: t('alerts.rooms'),
      live: ['crises'],
      body: (
        <Page width="reading">
          <PageHead
            title={t('alerts.rooms')}
            detail={t('alerts.roomsWhy')}
            above={<Above />}
            actions={
              may(see.ctx.actor, 'alerts.work') && (
                <LinkButton href="/crises/new" look="strong" icon="add" shortcut="c">
                  {t('alerts.openRoom')}
                </LinkButton>
              )
            }
            tabs={
              <Tabs
                label={t('alerts.views')}
                tabs={[false, true].map(each => ({
                  href: `/crises?closed=${each}`,
                  label: t(each ? 'alerts.roomsClosed' : 'alerts.roomsOpen'),
                  current: each === closed,
                }))}
              />
            }
          />
          <Stack>
            <SearchBox action="/crises" label={t('alerts.findRoom')} value={q} keep={{ closed: String(closed) }} />
            <CardList
              label={t('alerts.rooms')}
              items={items}
              empty={
                q
                  ? { title: t('alerts.nothingFound'), why: t('alerts.nothingFoundWhy'), icon: 'search' }
                  : { title: t(closed ? 'alerts.noRoomClosed' : 'alerts.noRoomOpen'), why: t('alerts.noRoomWhy'), icon: 'flag' }
              }
              line={each => <RoomItem room={each} owner={each.owner ? people.get(each.owner)?.name : undefined} />}
            />
            <Pager older={next ? href({ before: next }) : undefined} newer={before ? href({}) : undefined} />
          </Stack>
        </Page>
      ),
    }
  },
)

const Above = () => <Breadcrumb crumbs={[{ label: t('alerts.alerts'), href: '/alerts' }]} />

export const RoomItem = ({ room, owner }: { room: Room; owner?: string | undefined }) => (
  <Item
    row={{}}
    href={`/crises/${room.id}`}
    title={<bdi>{room.name}</bdi>}
    detail={<bdi>{owner ?? t('alerts.room.nobodys')}</bdi>}
    end={
      <Row>
        {room.closedAt ? (
          <Badge>{t(room.reviewedAt ? 'alerts.room.reviewed' : 'alerts.room.isClosed')}</Badge>
        ) : (
          <StageBadge stage={room.stage} />
        )}
        <RelativeTime at={room.openedAt} />
      </Row>
    }
  />
)

export const stageChoices = () =>
  stages.map(each => ({ value: each, label: t(`alerts.stage.${each}`), hint: t(`alerts.stageWhy.${each}`) }))

export const newRoomPage = page(
  '/crises/new',
  { who: 'alerts.work', section: 'alerts', finds: () => [{ title: t('alerts.openRoom'), icon: 'flag' }] },
  async see => {
    const monitors = [...(await alerts.watches(see.ctx, {})).items.map(each => ({ id: each.monitor, name: each.name })), ...(await alerts.unwatched(see.ctx))] // biome-ignore format: one line
    return {
      title: t('alerts.openRoom'),
      body: (
        <NewPage
          title={t('alerts.openRoom')}
          above={
            <Breadcrumb
              crumbs={[
                { label: t('alerts.alerts'), href: '/alerts' },
                { label: t('alerts.rooms'), href: '/crises' },
              ]}
            />
          }
          action="/crises"
          draft="crises.new"
          leave={{ href: '/crises', label: t('alerts.cancel') }}
        >
          <Input name="name" label={t('alerts.room.name')} maxlength={200} required autofocus />
          <RadioGroup name="stage" label={t('alerts.room.stage')} look="cards" value="watch" choices={stageChoices()} required />
          <Select
            name="monitor"
            label={t('alerts.room.monitor')}
            hint={t('alerts.room.monitorWhy')}
            empty={t('alerts.room.noMonitor')}
            choices={monitors.map(each => ({ value: each.id, label: each.name }))}
          />
        </NewPage>
      ),
    }
  },
)

export const doOpenRoom = form('/crises', alerts.openRoomFor, {
  read: fields => ({
    name: typed(fields, 'name') || undefined,
    stage: (typed(fields, 'stage') || 'watch') as Stage,
    alert: typed(fields, 'alert') || undefined,
    monitor: typed(fields, 'monitor') || null,
  }),
  done: (_see, { room, isNew }) => ({ go: `/crises/${room}`, ...(isNew && { say: 'alerts.room.isOpened' }) }),
})
