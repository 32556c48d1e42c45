import { keepUploads } from '#kernel/files.ts'
import {
  ActionForm,
  Avatar,
  Badge,
  BulkBar,
  Button,
  Composer,
  Conversation,
  DayDivider,
  DetailPane,
  EmptyState,
  EventLine,
  FileChip,
  Form,
  IconButton,
  Input,
  Item,
  ItemList,
  ListPane,
  Menu,
  MenuItem,
  Message,
  Pager,
  Panel,
  Panes,
  PersonChip,
  Presence,
  Quiet,
  RelativeTime,
  Row,
  RowList,
  SelectableRow,
  SidePane,
  Stat,
  Tabs,
  Tag,
  Toolbar,
} from '#kernel/html/kit.tsx'
import { Shown } from '#kernel/html/shown.tsx'
import { bytes, date, number, t, when } from '#kernel/messages.ts'
import { type Asker, fill, form, type Html, offer, page, type Screen, type See } from '#kernel/page.tsx'
import { firstSteps, homeCards, placeCount } from '#kernel/words.ts'
import { list as activities } from '#social/activities/actions.ts'
import type { Activity } from '#social/activities/words.ts'
import { attachmentsOf } from '#social/content/actions.ts'
import type { Content } from '#social/content/words.ts'
import { workers } from '#social/members/actions.ts'
import { cardsOf } from '#social/people/actions.ts'
import { type PersonCard, personPanel } from '#social/people/words.ts'
import { mentionsIn, messagesOf, readTo } from '#social/threads/actions.ts'
import { threadDoor } from '#social/threads/words.ts'
import * as crm from './actions.ts'
import { snoozeChoices } from './rules.ts'
import { type DeliveryCard, deliveries } from './store.ts'
import { type Conversation as Talk, threadPanel, type View, views } from './words.ts'

type People = Map<string, PersonCard>
type Listed = Talk & { labels: string[] }

const isView = (text: string | undefined): text is View => views.includes(text as View)

// —— the list ——

export const inbox = page(
  '/inbox',
  { who: 'inbox.read', place: { section: 'inbox', title: 'crm.inbox', icon: 'inbox', order: 10, shortcut: 'g i' } },
  async see => {
    const counts = await crm.counts(see.ctx, {})
    return inboxScreen(see, (counts.mine ?? 0) > 0 ? 'mine' : 'open')
  },
)

export const inboxView = page('/inbox/:view', { who: 'inbox.read', section: 'inbox' }, async see =>
  inboxScreen(see, isView(see.params.view) ? see.params.view : 'open'),
)

async function inboxScreen(see: See, view: View): Promise<Screen> {
  const list = await listed(see, view)
  return {
    title: `${t(`crm.view.${view}`)} · ${t('crm.inbox')}`,
    wide: true,
    live: ['inbox'],
    body: (
      <Panes show="list">
        <List {...list} view={view} see={see} />
        <DetailPane title={t('crm.inbox')}>
          <EmptyState title={list.items.length ? t('crm.chooseOne') : t(`crm.empty.${view}`)} why={t('crm.chooseWhy')} icon="inbox" />
        </DetailPane>
      </Panes>
    ),
  }
}

interface ListData {
  items: Listed[]
  next: string | null
  counts: Partial<Record<View, number>>
  people: People
  label: string | undefined
}

async function listed(see: See, view: View): Promise<ListData> {
  const label = see.query.get('label') ?? undefined
  const before = see.query.get('before') ?? undefined
  const { items, next } = await crm.list(see.ctx, { view, label, before, limit: 50 })
  const counts = await crm.counts(see.ctx, {})
  const people = await cardsOf(
    see.ctx,
    items.flatMap(item => [item.person, item.assignee]).filter(each => each !== null),
  )
  return { items, next, counts, people, label }
}

const nearViews: View[] = ['mine', 'unassigned', 'open']
const farViews: View[] = ['waiting', 'snoozed', 'done', 'all']

const List = ({ items, next, counts, people, label, view, see, current }: ListData & { view: View; see: See; current?: string }) => {
  const address = (more: Record<string, string>) => `/inbox/${view}?${new URLSearchParams({ ...(label && { label }), ...more })}`
  return (
    <ListPane
      title={t(`crm.view.${view}`)}
      head={
        <>
          <Toolbar
            label={t('crm.views')}
            end={
              <Menu id="views" label={t('crm.moreViews')} icon="more" iconOnly align="end">
                {farViews.map(each => (
                  <MenuItem href={`/inbox/${each}`} hint={counts[each] ? number(counts[each]) : undefined}>
                    {t(`crm.view.${each}`)}
                  </MenuItem>
                ))}
              </Menu>
            }
          >
            <Tabs label={t('crm.views')} tabs={tabsOf(view, counts)} />
          </Toolbar>
          {label && (
            <Row>
              <Tag>{label}</Tag>
              <a href={`/inbox/${view}`}>{t('crm.allLabels')}</a>
            </Row>
          )}
          <Bulk view={view} />
        </>
      }
      foot={<Pager newer={see.query.get('before') ? `/inbox/${view}` : undefined} older={next ? address({ before: next }) : undefined} />}
    >
      {items.length === 0 ? (
        <EmptyState title={t(`crm.empty.${view}`)} why={t(`crm.emptyWhy.${view}`)} icon="inbox" compact />
      ) : (
        <RowList label={t(`crm.view.${view}`)} bulkForm="bulk">
          {items.map(item => (
            <ListRow item={item} people={people} view={view} current={item.thread === current} label={label} />
          ))}
        </RowList>
      )}
    </ListPane>
  )
}

/** The near views, and the present one if it is a far one. */
const tabsOf = (view: View, counts: Partial<Record<View, number>>) =>
  [...nearViews, ...farViews.filter(each => each === view)].map(each => ({
    label: t(`crm.view.${each}`),
    href: `/inbox/${each}`,
    current: each === view,
    count: counts[each] || undefined,
  }))

const ListRow = ({
  item,
  people,
  view,
  current,
  label,
}: {
  item: Listed
  people: People
  view: View
  current: boolean
  label?: string
}) => {
  const name = (item.person && people.get(item.person)?.name) || t('crm.somebody')
  const owner = item.assignee ? people.get(item.assignee)?.name : undefined
  return (
    <SelectableRow
      id={item.thread}
      href={`/inbox/${view}/${item.thread}${label ? `?label=${encodeURIComponent(label)}` : ''}`}
      name={name}
      title={<bdi>{name}</bdi>}
      time={<RelativeTime at={item.lastAt} />}
      subject={<bdi>{item.subject || t('crm.noSubject')}</bdi>}
      excerpt={<bdi>{item.snippet}</bdi>}
      face={<Avatar name={name} size="small" side="customer" />}
      unread={item.askedAt !== null && item.state === 'open'}
      current={current}
      selectName="threads[]"
      marks={
        <>
          {item.labels.map(each => (
            <Tag>{each}</Tag>
          ))}
          {owner && <Avatar name={owner} size="tiny" side="inside" />}
          {item.state === 'snoozed' && item.snoozedUntil && <Badge icon="clock">{date(item.snoozedUntil)}</Badge>}
        </>
      }
    />
  )
}

const Bulk = ({ view }: { view: View }) => (
  <BulkBar id="bulk" action={`/inbox/${view}/bulk/done`}>
    <Button size="small" icon="check" formaction={`/inbox/${view}/bulk/done`}>
      {t('crm.done')}
    </Button>
    <Button size="small" icon="person" formaction={`/inbox/${view}/bulk/take`}>
      {t('crm.take')}
    </Button>
    <Button size="small" icon="undo" formaction={`/inbox/${view}/bulk/open`}>
      {t('crm.reopen')}
    </Button>
  </BulkBar>
)

// —— one conversation ——

export const conversationPage = page('/inbox/:view/:thread', { who: 'inbox.read', section: 'inbox' }, async see => {
  const view = isView(see.params.view) ? see.params.view : 'open'
  const talk = await crm.show(see.ctx, { thread: see.params.thread! })
  const list = await listed(see, view)
  const said = await messagesOf(see.ctx, talk.thread, { before: see.query.get('earlier') ?? undefined, limit: 50 })
  const happened = await activities(see.ctx, { thread: talk.thread, limit: 100 })
  const members = await workers(see.ctx)
  const people = await cardsOf(
    see.ctx,
    [
      ...said.items.map(each => each.author),
      talk.person,
      talk.assignee,
      ...happened.items.flatMap(each => [each.actor, each.target]),
    ].filter(each => each !== null),
  )
  if (said.items.length) await readTo(see.ctx, { thread: talk.thread, content: said.items.at(-1)!.id })
  const around = neighbours(list.items, talk.thread)
  return {
    title: talk.subject || t('crm.noSubject'),
    wide: true,
    live: ['inbox', `thread:${talk.thread}`],
    body: (
      <Panes show="detail">
        <List {...list} view={view} see={see} current={talk.thread} />
        <DetailPane
          title={<bdi>{talk.subject || t('crm.noSubject')}</bdi>}
          detail={<Standing talk={talk} people={people} />}
          back={{ href: `/inbox/${view}`, label: t('crm.inbox') }}
          actions={<Deeds talk={talk} view={view} members={members} see={see} next={around.next} />}
          foot={<Write talk={talk} view={view} seen={latestAnswer(said.items)} />}
        >
          <Presence thread={talk.thread} />
          {said.more && (
            <a class="earlier" href={`?earlier=${said.items[0]?.id}`}>
              {t('crm.earlier')}
            </a>
          )}
          <Talked
            said={said.items}
            happened={happened.items as Activity[]}
            people={people}
            files={
              await attachmentsOf(
                see.ctx,
                said.items.map(each => each.id),
              )
            }
            fates={await deliveries(see.ctx, talk.thread)}
            see={see}
            talk={talk}
            view={view}
          />
        </DetailPane>
        <SidePane label={t('crm.about')}>
          {talk.person && (
            <Who person={people.get(talk.person)} history={await crm.ofPerson(see.ctx, talk.person)} here={talk.thread} view={view} />
          )}
          {talk.person && (await fill(see, personPanel, { person: talk.person }))}
          {await fill(see, threadPanel, { thread: talk.thread, person: talk.person })}
        </SidePane>
      </Panes>
    ),
  }
})

const latestAnswer = (said: Content[]) => said.findLast(each => each.side === 'inside' && each.noun === 'Message')?.id

function neighbours(items: Listed[], thread: string): { next: string | undefined } {
  const at = items.findIndex(item => item.thread === thread)
  return { next: items[at + 1]?.thread ?? items[at - 1]?.thread }
}

const Standing = ({ talk, people }: { talk: Listed; people: People }) => (
  <Row>
    <Badge tone={talk.state === 'open' ? 'customer' : 'neutral'}>{t(`crm.state.${talk.state}`)}</Badge>
    {talk.assignee ? (
      <PersonChip name={people.get(talk.assignee)?.name ?? '–'} size="tiny" side="inside" />
    ) : (
      <Quiet>{t('crm.nobodys')}</Quiet>
    )}
    {talk.labels.map(each => (
      <Tag
        href={`/inbox/all?label=${encodeURIComponent(each)}`}
        removeAction={`/inbox/labels/off`}
        removeFields={{ thread: talk.thread, label: each }}
      >
        {each}
      </Tag>
    ))}
  </Row>
)

interface DeedProps {
  talk: Listed
  view: View
  members: { person: string; name: string }[]
  see: See
  next: string | undefined
}

const Deeds = ({ talk, view, members, see, next }: DeedProps) => {
  const base = `/inbox/${view}/${talk.thread}`
  return (
    <Row>
      <Menu id="assign" label={t('crm.assign')} icon="person" iconOnly shortcut="a" align="end">
        {talk.assignee && (
          <MenuItem action={`${base}/assign`} fields={{ to: '' }}>
            {t('crm.toNobody')}
          </MenuItem>
        )}
        {members.map(each => (
          <MenuItem action={`${base}/assign`} fields={{ to: each.person }} checked={each.person === talk.assignee}>
            {each.person === see.ctx.actor.person ? t('crm.me', { name: each.name }) : each.name}
          </MenuItem>
        ))}
      </Menu>
      <Menu id="snooze" label={t('crm.snooze')} icon="clock" iconOnly shortcut="s" align="end">
        {snoozeChoices(see.ctx.now, see.ctx.zone).map(({ key, until }) => (
          <MenuItem action={`${base}/snooze`} fields={{ until: until.toISOString() }} hint={when(until, new Date(0))}>
            {t(`crm.snooze.${key}`)}
          </MenuItem>
        ))}
      </Menu>
      <Menu id="label" label={t('crm.label')} icon="tag" iconOnly shortcut="l" align="end">
        <Form action={`${base}/label`}>
          <Input name="label" label={t('crm.label')} maxlength={60} required autocomplete="off" />
          <Button size="small">{t('crm.add')}</Button>
        </Form>
      </Menu>
      {talk.state === 'done' || talk.state === 'snoozed' ? (
        <ActionForm action={`${base}/open`}>
          <Button size="small" icon="undo" shortcut="e">
            {t('crm.reopen')}
          </Button>
        </ActionForm>
      ) : (
        <>
          <ActionForm action={`${base}/done`}>
            <Button size="small" icon="check" look="strong" shortcut="e">
              {t('crm.done')}
            </Button>
          </ActionForm>
          {next && (
            <ActionForm action={`${base}/done`} fields={{ next }}>
              <IconButton icon="arrowRight" label={t('crm.doneNext')} shortcut="Shift+e" />
            </ActionForm>
          )}
        </>
      )}
    </Row>
  )
}

interface TalkedProps {
  said: Content[]
  happened: Activity[]
  people: People
  files: Map<string, { file: string; name: string; type: string; size: number; cid: string | null; inline: boolean }[]>
  fates: Map<string, DeliveryCard>
  see: See
  talk: Listed
  view: View
}

/** Messages, and between them what was done, in the order in which it happened. */
const Talked = (props: TalkedProps) => {
  const first = props.said[0]?.at ?? new Date(0)
  const lines = [
    ...props.said.map(each => ({ at: each.at, key: each.id, html: <Said each={each} {...props} /> })),
    ...props.happened
      .filter(each => told.has(`${each.verb}:${each.noun}`) && each.at >= first)
      .map(each => ({ at: each.at, key: each.id, html: <Happened each={each} people={props.people} /> })),
  ].sort((a, b) => a.at.getTime() - b.at.getTime() || (a.key < b.key ? -1 : 1))
  let day = ''
  return (
    <Conversation label={t('crm.conversation')}>
      {lines.map(line => {
        const today = date(line.at)
        const divider = today !== day && <DayDivider>{today}</DayDivider>
        day = today
        return (
          <>
            {divider}
            {line.html}
          </>
        )
      })}
    </Conversation>
  )
}

const told = new Map([
  ['Add:Assignment', 'assigned'],
  ['Remove:Assignment', 'unassigned'],
  ['Create:Closure', 'finished'],
  ['Undo:Closure', 'reopened'],
  ['Create:Snooze', 'snoozed'],
  ['Undo:Snooze', 'woken'],
  ['Add:Label', 'labelled'],
  ['Remove:Label', 'unlabelled'],
])

const Happened = ({ each, people }: { each: Activity; people: People }) => {
  const known = told.get(`${each.verb}:${each.noun}`)!
  const key = known === 'assigned' && each.actor === each.target ? 'taken' : known
  const detail = each.detail as { label?: string; until?: string }
  const name = (id: string | null) => (id && people.get(id)?.name) || t('crm.theHouse')
  return (
    <EventLine at={each.at} icon={key === 'finished' ? 'check' : key === 'labelled' ? 'tag' : key === 'snoozed' ? 'clock' : 'person'}>
      {t(`crm.line.${key}`, {
        actor: name(each.actor),
        target: name(each.target),
        label: detail.label ?? '',
        until: detail.until ? date(new Date(detail.until)) : '',
      })}
    </EventLine>
  )
}

const Said = ({ each, people, files, fates, see, talk, view }: TalkedProps & { each: Content }) => {
  const author = each.author ? people.get(each.author) : undefined
  const kind = each.noun === 'Note' ? 'note' : each.side === 'outside' ? 'in' : 'out'
  const own = files.get(each.id) ?? []
  const fate = fates.get(each.id)
  return (
    <Message
      id={each.id}
      kind={kind}
      author={{
        name: author?.name ?? t('crm.somebody'),
        href: author ? `/people/${author.stands}` : undefined,
        side: kind === 'in' ? 'customer' : 'inside',
      }}
      at={each.at}
      state={fate && <Fate fate={fate} base={`/inbox/${view}/${talk.thread}`} />}
      attachments={
        own.some(file => !file.inline) &&
        own.filter(file => !file.inline).map(file => <FileChip name={file.name} href={`/files/${file.file}`} size={bytes(file.size)} />)
      }
    >
      <Shown content={each} files={own} images={see.query.get('images') === each.id} imagesHref={`?images=${each.id}#message-${each.id}`} />
    </Message>
  )
}

/** How our answer fared; what can still be done about it stands beside it. */
const Fate = ({ fate, base }: { fate: DeliveryCard; base: string }) => {
  if (fate.outcome === 'failed') return <Badge tone="bad">{t('crm.fate.bounced')}</Badge>
  if (fate.state === 'waiting')
    return (
      <Row>
        <Badge icon="clock">{t('crm.fate.waiting')}</Badge>
        <ActionForm action={`${base}/unsend`} fields={{ delivery: fate.id }}>
          <Button size="small" look="bare">
            {t('crm.unsend')}
          </Button>
        </ActionForm>
      </Row>
    )
  const tone = fate.state === 'sent' ? 'good' : fate.state === 'failed' ? 'bad' : fate.state === 'unsure' ? 'warning' : 'neutral'
  return (
    <Row>
      <Badge tone={tone}>{t(`crm.fate.${fate.outcome === 'delivered' ? 'delivered' : fate.state}`)}</Badge>
      {(fate.state === 'failed' || fate.state === 'unsure') && fate.says && <Quiet small>{fate.says}</Quiet>}
    </Row>
  )
}

const Write = ({ talk, view, seen }: { talk: Listed; view: View; seen: string | undefined }) => {
  const base = `/inbox/${view}/${talk.thread}`
  return (
    <>
      <input type="hidden" form="write" name="seen" value={seen ?? ''} />
      <Composer
        id="write"
        action={`${base}/reply`}
        kind="out"
        kinds={{
          out: { label: t('crm.reply'), action: `${base}/reply`, shortcut: 'r' },
          note: { label: t('crm.note'), action: `${base}/note`, shortcut: 'n' },
        }}
        label={t('crm.write')}
        placeholder={t('crm.writeHint')}
        draft={`thread:${talk.thread}`}
        name="text"
        maxlength={500_000}
        sendLabel={t('crm.send')}
        second={{ label: t('crm.sendDone'), name: 'done', value: 'done', shortcut: 'Mod+Shift+Enter' }}
        files
      />
    </>
  )
}

const Who = ({ person, history, here, view }: { person: PersonCard | undefined; history: Talk[]; here: string; view: View }) => (
  <>
    <Panel title={t('crm.who')}>
      <PersonChip
        name={person?.name ?? t('crm.somebody')}
        href={person ? `/people/${person.stands}` : undefined}
        side="customer"
        size="medium"
        strong
      />
    </Panel>
    <Panel title={t('crm.history')} count={history.length} folds>
      <ItemList label={t('crm.history')}>
        {history.map(each => (
          <Item
            href={`/inbox/${view}/${each.thread}`}
            title={<bdi>{each.subject || t('crm.noSubject')}</bdi>}
            detail={
              <>
                {t(`crm.state.${each.state}`)} · <RelativeTime at={each.lastAt} />
                {each.thread === here && ` · ${t('crm.thisOne')}`}
              </>
            }
          />
        ))}
      </ItemList>
    </Panel>
  </>
)

/** From anywhere (search, measures, models) straight to a thread. */
export const threadLink = offer(
  threadDoor,
  async (see, { thread, lead }) => {
    const talk = await crm.found(see.ctx, thread.id)
    if (talk) lead(`/inbox/${talk.state === 'done' ? 'done' : 'all'}/${talk.thread}`)
    return null
  },
  { who: 'inbox.read' },
)

// —— deeds ——

const here = (see: See) => `/inbox/${see.params.view}/${see.params.thread}`
const wasBefore = (was: { thread: string; assignee: string | null; state: string }[]) => ({
  path: '/inbox/restore',
  fields: { was: JSON.stringify(was) },
})

const uploaded = (fields: FormData, who: Asker) =>
  keepUploads(
    who,
    fields.getAll('files').filter((each): each is File => each instanceof File && each.size > 0),
  )

export const doReply = form('/inbox/:view/:thread/reply', crm.reply, {
  most: 26 * 1024 * 1024,
  read: async (fields, { thread }, who) => ({
    thread: thread!,
    text: String(fields.get('text') ?? ''),
    done: fields.get('done') === 'done' ? ('done' as const) : undefined,
    seen: String(fields.get('seen') ?? '') || undefined,
    attachments: await uploaded(fields, who),
  }),
  done: (see, { delivery }, input) => ({
    stay: true,
    say: input.done ? 'crm.sentDone' : 'crm.sent',
    undo: { path: `${here(see)}/unsend`, fields: { delivery } },
  }),
})

export const doNote = form('/inbox/:view/:thread/note', crm.note, {
  most: 26 * 1024 * 1024,
  read: async (fields, { thread }, who) => {
    const text = String(fields.get('text') ?? '')
    return { thread: thread!, text, mentions: mentionsIn(text), attachments: await uploaded(fields, who) }
  },
  done: () => ({ stay: true, say: 'crm.noted' }),
})

export const doUnsend = form('/inbox/:view/:thread/unsend', crm.unsend, {
  read: (fields, { thread }) => ({ thread: thread!, delivery: String(fields.get('delivery') ?? '') }),
  done: () => ({ stay: true, say: 'crm.unsent' }),
})

export const doAssign = form('/inbox/:view/:thread/assign', crm.assign, {
  read: (fields, { thread }) => ({ threads: [thread!], to: String(fields.get('to') ?? '') || null }),
  done: (_see, { was }) => ({ stay: true, say: 'crm.assigned', undo: wasBefore(was) }),
})

export const doSnooze = form('/inbox/:view/:thread/snooze', crm.snooze, {
  read: (fields, { thread }) => ({ threads: [thread!], until: String(fields.get('until') ?? '') as unknown as Date }),
  done: (see, { was }) => ({ go: `/inbox/${see.params.view}`, say: 'crm.snoozed', undo: wasBefore(was) }),
})

export const doLabel = form('/inbox/:view/:thread/label', crm.label, {
  read: (fields, { thread }) => ({ threads: [thread!], label: String(fields.get('label') ?? '') }),
  done: (_see, _out, { threads, label }) => ({
    stay: true,
    say: 'crm.labelled',
    undo: { path: '/inbox/labels/off', fields: { thread: threads[0]!, label } },
  }),
})

export const doUnlabel = form('/inbox/labels/off', crm.unlabel, {
  read: fields => ({ threads: [String(fields.get('thread') ?? '')], label: String(fields.get('label') ?? '') }),
  done: () => ({ stay: true, say: 'crm.unlabelled' }),
})

export const doFinish = form('/inbox/:view/:thread/done', crm.finish, {
  read: (_fields, { thread }) => ({ threads: [thread!] }),
  done: async (see, { was }) => ({ go: `/inbox/${see.params.view}${await nextOf(see)}`, say: 'crm.finished', undo: wasBefore(was) }),
})

/** “Done and next” names the next one; plain “done” goes back to the list. */
async function nextOf(see: See): Promise<string> {
  const next = new URL(see.request.url).searchParams.get('next')
  return next && /^[0-9a-f-]{36}$/.test(next) ? `/${next}` : ''
}

export const doReopen = form('/inbox/:view/:thread/open', crm.reopen, {
  read: (_fields, { thread }) => ({ threads: [thread!] }),
  done: (_see, { was }) => ({ stay: true, say: 'crm.reopened', undo: wasBefore(was) }),
})

export const doRestore = form('/inbox/restore', crm.restore, { done: () => ({ stay: true, say: 'crm.restored' }) })

const ticked = (fields: FormData) => fields.getAll('threads[]').map(String)

export const bulkDone = form('/inbox/:view/bulk/done', crm.finish, {
  read: fields => ({ threads: ticked(fields) }),
  done: (_see, { was }) => ({ stay: true, say: 'crm.bulkDone', values: { count: was.length }, undo: wasBefore(was) }),
})

export const bulkOpen = form('/inbox/:view/bulk/open', crm.reopen, {
  read: fields => ({ threads: ticked(fields) }),
  done: (_see, { was }) => ({ stay: true, say: 'crm.bulkOpened', values: { count: was.length }, undo: wasBefore(was) }),
})

export const bulkTake = form('/inbox/:view/bulk/take', crm.take, {
  read: fields => ({ threads: ticked(fields) }),
  done: (_see, { was }) => ({ stay: true, say: 'crm.bulkTaken', values: { count: was.length }, undo: wasBefore(was) }),
})

// —— in others' rooms ——

export const onHome = offer(
  homeCards,
  async (see): Promise<Html> => {
    const counts = await crm.counts(see.ctx, {})
    return (
      <>
        <Stat label={t('crm.view.mine')} value={String(counts.mine ?? 0)} href="/inbox/mine" tone="inside" />
        <Stat label={t('crm.view.unassigned')} value={String(counts.unassigned ?? 0)} href="/inbox/unassigned" tone="outside" />
        <Stat label={t('crm.view.waiting')} value={String(counts.waiting ?? 0)} href="/inbox/waiting" tone="talk" />
      </>
    )
  },
  { order: 10, who: 'inbox.read' },
)

export const inRail = offer(
  placeCount,
  async (see, { section, show }) => {
    if (section === 'inbox') {
      const counts = await crm.counts(see.ctx, {})
      show((counts.mine ?? 0) + (counts.unassigned ?? 0))
    }
    return null
  },
  { who: 'inbox.read' },
)

export const answerFirst = offer(
  firstSteps,
  async see => {
    const counts = await crm.counts(see.ctx, {})
    const done = (counts.waiting ?? 0) + (counts.done ?? 0) > 0
    return done ? null : <Item title={t('crm.firstAnswer')} detail={t('crm.firstAnswerWhy')} href="/inbox" />
  },
  { order: 30, who: 'inbox.work' },
)

export const onPerson = offer(
  personPanel,
  async (see, { person }) => {
    if (see.path.startsWith('/inbox')) return null
    const history = await crm.ofPerson(see.ctx, person)
    return <History history={history} />
  },
  { order: 10, who: 'inbox.read' },
)

const History = ({ history }: { history: Talk[] }) => (
  <Panel title={t('crm.history')} count={history.length}>
    {history.length === 0 ? (
      <Quiet>{t('crm.noHistory')}</Quiet>
    ) : (
      <ItemList label={t('crm.history')}>
        {history.map(each => (
          <Item
            href={`/threads/${each.thread}`}
            title={<bdi>{each.subject || t('crm.noSubject')}</bdi>}
            detail={
              <>
                {t(`crm.state.${each.state}`)} · <RelativeTime at={each.lastAt} />
              </>
            }
          />
        ))}
      </ItemList>
    )}
  </Panel>
)
