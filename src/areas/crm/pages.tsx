import {
  DetailPane,
  EmptyState,
  FirstStep,
  Item,
  ItemList,
  Panel,
  Panes,
  Presence,
  Quiet,
  RelativeTime,
  SidePane,
  Stat,
} from '#kernel/html/kit.tsx'
import { firstIdAt, timeOf } from '#kernel/ids.ts'
import { t } from '#kernel/messages.ts'
import { fill, type Html, offer, page, type Screen, type See } from '#kernel/page.tsx'
import { remembered } from '#kernel/remembered.ts'
import { firstSteps, homeCards, placeCount } from '#kernel/words.ts'
import { list as activities } from '#social/activities/actions.ts'
import type { Activity } from '#social/activities/words.ts'
import { attachmentsOf } from '#social/content/actions.ts'
import type { Content } from '#social/content/words.ts'
import { deliveriesOf } from '#social/deliveries/actions.ts'
import { draftOf } from '#social/drafts/actions.ts'
import { colleagueOf } from '#social/mailboxes/actions.ts'
import { workers } from '#social/members/actions.ts'
import { actsOf, quotedIn, roomOf, waysToAnswer, writersOf } from '#social/outbox/actions.ts'
import { cardsOf } from '#social/people/actions.ts'
import { personPanel } from '#social/people/words.ts'
import { isMuted, markRead, messagesOf } from '#social/threads/actions.ts'
import { threadAside, threadDoor } from '#social/threads/words.ts'
import * as crm from './actions.ts'
import { behalfOf, Deeds, keyOf, type Lines, latestAnswer, type Marks, neighbours, Standing, Talked } from './pages-conversation.tsx'
import { PlannedAnswers, SendLater } from './pages-later.tsx'
import { countsOf, keptBeside, List, listed, titleOf } from './pages-list.tsx'
import { Who } from './pages-who.tsx'
import { OnlyTo, Write } from './pages-writing.tsx'
import {
  historyLines,
  type Listed,
  messageMarks,
  replyAbove,
  replyTools,
  type Conversation as Talk,
  threadDeeds,
  threadPanel,
  type View,
  views,
} from './words.ts'

export * from './pages-board.tsx'
export * from './pages-bulk.tsx'
export * from './pages-company.tsx'
export * from './pages-deeds.tsx'
export * from './pages-joining.tsx'
export { doCallOff, doDelay, doLater, doSendNow } from './pages-later.tsx'
export * from './pages-views.tsx'

const isView = (text: string | undefined): text is View => views.includes(text as View)

// —— the list ——

export const inbox = page(
  '/inbox',
  { who: 'inbox.read', place: { section: 'inbox', title: 'crm.inbox', icon: 'inbox', order: 10, shortcut: 'g i' } },
  async see => {
    const counts = await countsOf(see)
    return inboxScreen(see, (counts.mine ?? 0) > 0 ? 'mine' : 'open')
  },
)

export const inboxView = page(
  '/inbox/:view',
  {
    who: 'inbox.read',
    section: 'inbox',
    finds: () => views.map(view => ({ title: `${t('crm.inbox')}: ${t(`crm.view.${view}`)}`, href: `/inbox/${view}`, icon: 'inbox' })),
  },
  async see => inboxScreen(see, isView(see.params.view) ? see.params.view : 'open'),
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
          {list.items.length > 0 && <EmptyState title={t('crm.chooseOne')} why={t('crm.chooseWhy')} icon="inbox" />}
        </DetailPane>
      </Panes>
    ),
  }
}

// —— one conversation ——

export const conversationPage = page('/inbox/:view/:thread', { who: 'inbox.read', section: 'inbox' }, async see => {
  const view = isView(see.params.view) ? see.params.view : 'open'
  const {
    talk,
    list,
    said,
    members,
    muted,
    begun,
    happened,
    people,
    way,
    writers,
    room,
    closedBy,
    maySpeak,
    history,
    beside,
    more,
    ...hanging
  } = await gathered(see, view)
  const around = neighbours(list.items, talk.thread)
  return {
    title: titleOf(talk),
    wide: true,
    live: ['inbox', `thread:${talk.thread}`, `tasks:${talk.thread}`, ...(talk.person ? [`person:${talk.person}`] : [])],
    body: (
      <Panes show="detail">
        <List {...list} view={view} see={see} current={talk.thread} />
        <DetailPane
          title={<bdi>{titleOf(talk)}</bdi>}
          detail={<Standing talk={talk} people={people} brand={list.brands.of.get(talk.account ?? '')?.name} fixed={!maySpeak} />}
          back={{ href: `/inbox/${view}${keptBeside(list)}`, label: t('crm.inbox') }}
          actions={
            <Deeds {...{ talk, view, members, muted, see }} next={around.next} fixed={!maySpeak} others={more.deeds} delay={more.delay} />
          }
          foot={
            <>
              {closedBy && <OnlyTo name={closedBy} readsOnly={!maySpeak} />}
              {maySpeak && more.planned.length > 0 && (
                <PlannedAnswers
                  planned={more.planned}
                  people={people}
                  base={`/inbox/${view}/${talk.thread}`}
                  seen={latestAnswer(said.items)}
                />
              )}
              {maySpeak && more.above}
              <Write
                talk={talk}
                view={view}
                seen={latestAnswer(said.items)}
                next={around.next}
                begun={begun}
                way={way}
                writer={way?.answered.author ? (people.get(way.answered.author)?.name ?? null) : null}
                isChosen={way?.answered.id === see.query.get('answers')}
                writers={writers}
                notesOnly={!maySpeak}
                room={room}
                tools={more.tools}
              />
            </>
          }
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
            {...hanging}
            see={see}
            talk={talk}
            view={view}
            fixed={!maySpeak}
          />
        </DetailPane>
        <SidePane label={t('crm.about')}>
          {talk.person && <Who person={people.get(talk.person)} history={history} here={talk.thread} view={view} />}
          {beside}
        </SidePane>
      </Panes>
    ),
  }
})

/** What the page of a conversation shows. Each part is asked for as soon as what it depends on is known, so that they go out together. */
async function gathered(see: See, view: View) {
  const { ctx } = see
  const thread = see.params.thread!
  const talking = crm.show(ctx, { thread })
  const saying = messagesOf(ctx, thread, { before: see.query.get('earlier') ?? undefined, limit: 50 })
  // Nothing happened in a thread before it began, and its id tells when that was.
  const happening = activities(ctx, { thread, from: firstIdAt(timeOf(thread)), limit: 100 })
  const answering = saying.then(({ items }) => ({ items, way: waysToAnswer(items, see.query.get('answers')) }))
  const [talk, list, said, members, muted, begun, happened, about, hanging, people, { way }, writers, room, closedBy, maySpeak, more] =
    await Promise.all([
      talking,
      listed(see, view),
      saying,
      remembered(ctx, 'members.workers', ['members', 'people', 'person:'], () => workers(ctx)),
      isMuted(ctx, thread),
      draftOf(ctx, `thread:${thread}`),
      happening,
      talking.then(known => aboutOf(see, known)),
      saying.then(({ items }) => hangingOn(see, thread, items)),
      Promise.all([talking, saying, happening]).then(parts => cardsOf(ctx, peopleIn(...parts))),
      answering,
      Promise.all([talking, answering]).then(([known, { items, way }]) => writersOf(ctx, known, way ? [way.answered] : items)),
      Promise.all([talking, answering]).then(([known, { items, way }]) => roomOf(ctx, known, way ? [way.answered] : items)),
      talking.then(({ room }) => room && colleagueOf(ctx, room)),
      talking.then(known => crm.maySpeak(ctx, known)),
      Promise.all([talking, saying]).then(([known, { items }]) => toolsOf(see, view, known, latestAnswer(items))),
    ])
  return { talk, list, said, members, muted, begun, happened, people, way, writers, room, closedBy, maySpeak, ...about, ...hanging, more }
}

/** What other rooms, and what leaves later, bring to where one answers and to the deeds. */
async function toolsOf(see: See, view: View, { thread }: Listed, seen: string | undefined) {
  const [planned, above, tools, deeds, delay] = await Promise.all([
    crm.plannedIn(see.ctx, thread),
    fill(see, replyAbove, { thread }),
    fill(see, replyTools, { thread }),
    fill(see, threadDeeds, { thread, base: `/inbox/${view}/${thread}`, seen }),
    crm.usualDelayOf(see.ctx),
  ])
  const own = (
    <>
      {tools}
      <SendLater base={`/inbox/${view}/${thread}`} see={see} />
    </>
  )
  return { planned, above, tools: own, deeds, delay }
}

/** What stands beside a conversation: earlier ones of the same person, and what other modules tell of the person and the thread. */
async function aboutOf(see: See, { thread, person }: Listed) {
  const [history, ofPerson, ofThread, aside] = await Promise.all([
    person ? crm.ofPerson(see.ctx, person) : [],
    person ? fill(see, personPanel, { person }) : null,
    fill(see, threadPanel, { thread, person }),
    fill(see, threadAside, { thread }),
  ])
  const beside = (
    <>
      {aside}
      {ofPerson}
      {ofThread}
    </>
  )
  return { history, beside }
}

/** What hangs on these messages, which are read with this. */
async function hangingOn(see: See, thread: string, said: Content[]) {
  const { ctx } = see
  const ids = said.map(each => each.id)
  const faring = deliveriesOf(ctx, ids)
  const marks: Marks = new Map()
  const lines: Lines = new Map()
  const [files, fates, acts, quoted] = await Promise.all([
    attachmentsOf(ctx, ids),
    faring,
    faring.then(fates => actsOf(ctx, said, fates)),
    quotedIn(ctx, said),
    fill(see, messageMarks, { thread, said, add: addTo(marks) }),
    fill(see, historyLines, { add: (word, icon, line) => lines.set(keyOf(word), { icon, line }) }),
    ids.length ? markRead(ctx, thread, ids.at(-1)!) : null,
  ])
  return { files, fates, acts, quoted, marks, lines }
}

/** What several rooms put at one place stands there one after the other. */
const addTo = (marks: Marks) => (message: string, at: 'head' | 'foot', what: Html) => {
  const had = marks.get(message)
  const both = (
    <>
      {had?.[at]}
      {what}
    </>
  )
  marks.set(message, { ...had, [at]: both })
}

const peopleIn = (talk: Listed, said: { items: Content[] }, happened: { items: Pick<Activity, 'actor' | 'target'>[] }): string[] =>
  [
    talk.person,
    talk.assignee,
    ...said.items.flatMap(each => [each.author, behalfOf(each)]),
    ...happened.items.flatMap(each => [each.actor, each.target]),
  ].filter(each => each !== null)

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

// —— in others' rooms ——

export const onHome = offer(
  homeCards,
  async (see): Promise<Html> => {
    const counts = await countsOf(see)
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
  async (see, { show }) => {
    const counts = await countsOf(see)
    show('inbox', (counts.mine ?? 0) + (counts.unassigned ?? 0))
    return null
  },
  { who: 'inbox.read' },
)

export const answerFirst = offer(
  firstSteps,
  async (see, { tell }) => {
    const counts = await countsOf(see)
    const done = (counts.waiting ?? 0) + (counts.done ?? 0) > 0
    tell(done)
    return <FirstStep done={done} title={t('crm.firstAnswer')} why={t('crm.firstAnswerWhy')} href="/inbox" />
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
            title={<bdi>{titleOf(each)}</bdi>}
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
