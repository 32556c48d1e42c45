/** A crisis room: how grave it is and whose, what is said, what happened, what is to be done, and what is learned from it. */
import { casePanel } from '#areas/cases/words.ts'
import {
  ActionButton,
  Badge,
  Beside,
  Breadcrumb,
  Button,
  Card,
  Form,
  Input,
  ItemList,
  Menu,
  MenuItem,
  Page,
  PageHead,
  Panel,
  PersonChip,
  Presence,
  Quiet,
  Row,
  Stack,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { fill, offer, page, type See } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { list as activities } from '#social/activities/actions.ts'
import type { Activity } from '#social/activities/words.ts'
import { colleagues } from '#social/members/actions.ts'
import { standingOf } from '#social/outbox/actions.ts'
import { sayToAll } from '#social/outbox/words.ts'
import { cardsOf } from '#social/people/actions.ts'
import { threadDoor, threadStanding, threadTalk } from '#social/threads/words.ts'
import * as alerts from './actions.ts'
import { HoursCard } from './pages-alert.tsx'
import { Review } from './pages-review.tsx'
import { RoomItem, stageChoices } from './pages-rooms.tsx'
import { Alerts, Cases, Log, Outgoing } from './pages-side.tsx'
import { Statement } from './pages-statement.tsx'
import { Timeline } from './pages-timeline.tsx'
import { StageBadge } from './pages-words.tsx'
import type { Entry, Room } from './words.ts'

async function gathered(see: See) {
  const { ctx } = see
  const room = await alerts.room(ctx, { room: see.params.room! })
  const before = see.query.get('before') ?? undefined
  const [entries, its, cases, happened] = [
    await alerts.entries(ctx, { room: room.id, before, limit: 40 }),
    await alerts.ofRoom(ctx, room.id),
    await alerts.casesIn(ctx, room.id),
    (await activities(ctx, { object: room.id, limit: 100 })).items as Activity[],
  ]
  const [all, course] = [await colleagues(ctx), await alerts.courseOf(ctx, room, its)]
  const people = await cardsOf(ctx, peopleIn(room, entries.items, happened))
  const works = may(ctx.actor, 'alerts.work')
  return { room, entries, its, cases, happened, colleagues: all, course, people, works, isOpen: room.closedAt === null, before }
}

export type Gathered = Awaited<ReturnType<typeof gathered>>

const peopleIn = (room: Room, entries: readonly Entry[], happened: readonly Activity[]): string[] => [
  ...new Set(
    [
      ...[room.owner, room.openedBy, room.closedBy, room.statementBy, room.approvedBy],
      ...entries.flatMap(each => [each.by, each.detail.person]),
      ...happened.flatMap(each => [each.actor, each.target]),
    ].filter(each => each != null && each !== ''),
  ),
] as string[] // biome-ignore format: one list

export const roomPage = page('/crises/:room{[0-9a-f-]{36}}', { who: 'alerts.read', section: 'alerts' }, async see => {
  const it = await gathered(see)
  const { room } = it
  const { heldAt } = await standingOf(see.ctx)
  const [talk, standing] = [await fill(see, threadTalk, { thread: room.thread }), await fill(see, threadStanding, { thread: room.thread })]
  return {
    title: room.name,
    live: [`crisis:${room.id}`, `thread:${room.thread}`, `tasks:${room.thread}`, 'outbox', ...it.its.map(each => `alert:${each.id}`)],
    body: (
      <Page>
        <PageHead
          above={
            <Breadcrumb
              crumbs={[{ label: t('alerts.alerts'), href: '/alerts' }, { label: t('alerts.rooms'), href: '/crises' }, { label: room.name }]}
            />
          }
          title={<bdi>{room.name}</bdi>}
          detail={<Standing it={it} />}
          actions={
            <>
              {it.works && <Deeds it={it} see={see} />}
              {standing}
            </>
          }
        />
        <Stack>
          <Presence thread={room.thread} />
          <Beside label={t('alerts.details')} side={<Side it={it} see={see} heldAt={heldAt} />}>
            <Stack gap="large">
              {!it.isOpen && <Review it={it} />}
              <Statement it={it} see={see} ways={await waysOf(see, room)} />
              <Timeline it={it} />
              {room.monitor && it.its[0] && <Volume see={see} it={it} />}
              <Card title={t('alerts.room.talk')} detail={t('alerts.room.talkWhy')}>
                <Stack>{talk}</Stack>
              </Card>
            </Stack>
          </Beside>
        </Stack>
      </Page>
    ),
  }
})

const waysOf = async (see: See, room: Room) =>
  room.statementState === 'approved' && !room.closedAt ? fill(see, sayToAll, { text: room.statement }) : null

const Standing = ({ it: { room, people, isOpen } }: { it: Gathered }) => (
  <Row>
    <StageBadge stage={room.stage} />
    <Quiet>{t(`alerts.stageWhy.${room.stage}`)}</Quiet>
    {room.owner ? (
      <PersonChip name={people.get(room.owner)?.name ?? '–'} size="tiny" side="inside" />
    ) : (
      <Quiet>{t('alerts.room.nobodys')}</Quiet>
    )}
    {!isOpen && <Badge>{t('alerts.room.wasClosedBy', { name: (room.closedBy && people.get(room.closedBy)?.name) || '–' })}</Badge>}
  </Row>
)

const Deeds = ({ it, see }: { it: Gathered; see: See }) => {
  const path = `/crises/${it.room.id}`
  if (!it.isOpen)
    return (
      <ActionButton action={`${path}/reopen`} icon="undo" shortcut="e">
        {t('alerts.room.reopen')}
      </ActionButton>
    )
  return (
    <Row>
      <Menu id="stage" label={t('alerts.room.stage')} icon="flag" shortcut="p" align="end">
        {stageChoices().map(each => (
          <MenuItem action={`${path}/stage`} fields={{ stage: each.value }} checked={each.value === it.room.stage} hint={each.hint}>
            {each.label}
          </MenuItem>
        ))}
      </Menu>
      <Menu id="owner" label={t('alerts.room.owner')} icon="assign" iconOnly shortcut="a" align="end">
        <MenuItem action={`${path}/owner`} fields={{ to: '' }} checked={it.room.owner === null}>
          {t('alerts.room.toNobody')}
        </MenuItem>
        {it.colleagues.map(each => (
          <MenuItem action={`${path}/owner`} fields={{ to: each.person }} checked={each.person === it.room.owner}>
            {each.person === see.ctx.actor.person ? t('alerts.room.me', { name: each.name }) : each.name}
          </MenuItem>
        ))}
      </Menu>
      <Menu id="rename" label={t('alerts.room.rename')} icon="edit" iconOnly align="end">
        <Form action={`${path}/rename`} label={t('alerts.room.rename')}>
          <Input name="name" id="room-name" label={t('alerts.room.name')} value={it.room.name} maxlength={200} required />
          <Button look="strong">{t('alerts.save')}</Button>
        </Form>
      </Menu>
      <ActionButton action={`${path}/close`} icon="check" look="strong" shortcut="e">
        {t('alerts.room.close')}
      </ActionButton>
    </Row>
  )
}

const Side = ({ it, see, heldAt }: { it: Gathered; see: See; heldAt: Date | null }) => (
  <Stack>
    <Alerts it={it} />
    <Cases it={it} see={see} />
    <Outgoing it={it} see={see} heldAt={heldAt} />
    <Log it={it} />
  </Stack>
)

const day = 86_400_000

/** What was heard hour by hour since the first alert, a week at most. */
const Volume = async ({ see, it }: { see: See; it: Gathered }) => {
  const until = (it.room.closedAt ?? see.ctx.now).getTime()
  const from = Math.max(Math.min(...it.its.map(each => each.beganAt.getTime())) - day / 4, until - 7 * day)
  return <HoursCard id="hours" monitor={it.room.monitor!} hours={await alerts.hoursSeen(see.ctx, it.room.monitor!, from, until)} />
}

// —— elsewhere ——

/** From anywhere (search, notifications, tasks) to the room that a talk belongs to. */
export const door = offer(
  threadDoor,
  async (see, { thread, lead }) => {
    if (thread.kind !== 'crisis') return null
    const found = await alerts.roomOfThread(see.ctx, thread.id)
    if (found) lead(`/crises/${found}`)
    return null
  },
  { who: 'alerts.read' },
)

export const besideCase = offer(
  casePanel,
  async (see, { case: one }) => {
    const rooms = await alerts.roomsOfCase(see.ctx, one)
    if (rooms.length === 0) return null
    return (
      <Panel title={t('alerts.rooms')} count={rooms.length}>
        <ItemList label={t('alerts.rooms')}>
          {rooms.map(each => (
            <RoomItem room={each} />
          ))}
        </ItemList>
      </Panel>
    )
  },
  { who: 'alerts.read', order: 60 },
)
