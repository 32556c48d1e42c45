import { drawingAlike } from '#kernel/html/again.tsx'
import {
  ActionForm,
  Badge,
  Button,
  Conversation,
  DayDivider,
  EventLine,
  FileChip,
  Form,
  IconButton,
  type IconName,
  Input,
  Menu,
  MenuDivider,
  MenuItem,
  Message,
  PersonChip,
  Quiet,
  Row,
  Tag,
} from '#kernel/html/kit.tsx'
import { Shown } from '#kernel/html/shown.tsx'
import { bytes, date, dateTime, t } from '#kernel/messages.ts'
import { fill, type Html, type See } from '#kernel/page.tsx'
import type { Activity } from '#social/activities/words.ts'
import { besideOf } from '#social/content/actions.ts'
import type { AttachedFile, Content } from '#social/content/words.ts'
import { type DeliveryCard, fate as fateSlot } from '#social/deliveries/words.ts'
import { type Acts, messageActs, type Quoted } from '#social/outbox/words.ts'
import type { PersonCard } from '#social/people/words.ts'
import { Delays, Snooze } from './pages-later.tsx'
import type { HistoryLine, Listed, View } from './words.ts'

export type People = Map<string, PersonCard>

export const latestAnswer = (said: Content[]) => said.findLast(each => each.side === 'inside' && each.noun === 'Message')?.id

export function neighbours(items: Listed[], thread: string): { next: string | undefined } {
  const at = items.findIndex(item => item.thread === thread)
  return { next: items[at + 1]?.thread ?? items[at - 1]?.thread }
}

interface StandingProps {
  talk: Listed
  people: People
  brand: string | undefined
  /** Whoever looks only reads along. */
  fixed: boolean
}

export const Standing = ({ talk, people, brand, fixed }: StandingProps) => (
  <Row>
    <Badge tone={talk.state === 'open' ? 'customer' : 'neutral'}>{t(`crm.state.${talk.state}`)}</Badge>
    {talk.assignee ? (
      <PersonChip name={people.get(talk.assignee)?.name ?? '–'} size="tiny" side="inside" />
    ) : (
      <Quiet>{t('crm.nobodys')}</Quiet>
    )}
    {brand && <Quiet>{brand}</Quiet>}
    {talk.labels.map(each => (
      <Tag
        href={`/inbox/all?label=${encodeURIComponent(each)}`}
        {...(!fixed && { removeAction: '/inbox/labels/off', removeFields: { thread: talk.thread, label: each } })}
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
  muted: boolean
  see: See
  next: string | undefined
  fixed: boolean
  /** Entries of other rooms. */
  others: Html
  /** For how many seconds the reader can take an answer back, where that was chosen. */
  delay: number | null
}

export const Deeds = (props: DeedProps) => (
  <Row>
    {!props.fixed && <Ordering {...props} />}
    <Muting talk={props.talk} muted={props.muted} />
    {!props.fixed && <Ending {...props} />}
  </Row>
)

const Ordering = ({ talk, view, members, see }: DeedProps) => {
  const base = `/inbox/${view}/${talk.thread}`
  const me = see.ctx.actor.person
  return (
    <>
      {drawingAlike('crm.assign')([base], [me, talk.assignee, ...members.flatMap(each => [each.person, each.name])], its => (
        <Assign base={its} me={me} assignee={talk.assignee} members={members} />
      ))}
      <Snooze base={base} see={see} />
      {drawingAlike('crm.label')([base], [], its => (
        <Label base={its} />
      ))}
    </>
  )
}

const Muting = ({ talk, muted }: Pick<DeedProps, 'talk' | 'muted'>) => (
  <ActionForm action={`/threads/${talk.thread}/${muted ? 'unmute' : 'mute'}`}>
    <IconButton icon={muted ? 'bellOff' : 'bell'} label={t(muted ? 'threads.unmute' : 'threads.mute')} shortcut="m" />
  </ActionForm>
)

const Ending = ({ talk, view, next, others, delay }: DeedProps) => {
  const base = `/inbox/${view}/${talk.thread}`
  return (
    <>
      {drawingAlike('crm.more')([base, others], [talk.state === 'spam', delay], (its, theirs) => (
        <More base={its} spam={talk.state === 'spam'} delay={delay} others={theirs} />
      ))}
      {talk.state === 'done' || talk.state === 'snoozed' || talk.state === 'spam' ? (
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
            <ActionForm action={`${base}/done?next=${next}`}>
              <IconButton icon="arrowRight" label={t('crm.doneNext')} shortcut="Shift+e" />
            </ActionForm>
          )}
        </>
      )}
    </>
  )
}

const More = ({ base, spam, delay, others }: { base: string; spam: boolean; delay: number | null; others: string }) => (
  <Menu id="more" label={t('crm.moreDeeds')} icon="more" iconOnly shortcut="w" align="end">
    {others}
    <MenuDivider />
    <MenuItem href={`${base}/together`} icon="merge">
      {t('crm.together')}
    </MenuItem>
    <MenuItem href={`${base}/apart`} icon="copy">
      {t('crm.apart')}
    </MenuItem>
    {!spam && (
      <MenuItem action={`${base}/spam`} icon="flag" shortcut="!">
        {t('crm.spam')}
      </MenuItem>
    )}
    <Delays delay={delay} />
  </Menu>
)

interface AssignProps extends Pick<DeedProps, 'members'> {
  base: string
  me: string | null
  assignee: string | null
}

/** Oneself first: a key to open it, and one to take the conversation. */
const Assign = ({ base, me, assignee, members }: AssignProps) => {
  const itemOf = ({ person, name }: AssignProps['members'][number]) => (
    <MenuItem action={`${base}/assign`} fields={{ to: person }} checked={person === assignee}>
      {person === me ? t('crm.me', { name }) : name}
    </MenuItem>
  )
  return (
    <Menu id="assign" label={t('crm.assign')} icon="person" iconOnly shortcut="a" align="end">
      {members.filter(each => each.person === me).map(itemOf)}
      {assignee && (
        <MenuItem action={`${base}/assign`} fields={{ to: '' }}>
          {t('crm.toNobody')}
        </MenuItem>
      )}
      {members.filter(each => each.person !== me).map(itemOf)}
    </Menu>
  )
}

const Label = ({ base }: { base: string }) => (
  <Menu id="label" label={t('crm.label')} icon="tag" iconOnly shortcut="l" align="end">
    <Form action={`${base}/label`}>
      <Input name="label" label={t('crm.label')} maxlength={60} required autocomplete="off" />
      <Button size="small">{t('crm.add')}</Button>
    </Form>
  </Menu>
)

/** What other rooms put at single messages. */
export type Marks = Map<string, { head?: Html; foot?: Html }>

/** How words of other rooms are told, by verb and noun. */
export type Lines = Map<string, { icon: IconName; line: HistoryLine }>

interface TalkedProps {
  said: Content[]
  happened: Activity[]
  people: People
  files: Map<string, AttachedFile[]>
  fates: Map<string, DeliveryCard>
  acts: Map<string, Acts>
  quoted: Map<string, Quoted>
  marks: Marks
  lines: Lines
  see: See
  talk: Listed
  view: View
  fixed: boolean
}

/** Messages, and between them what was done, in the order in which it happened. */
export const Talked = (props: TalkedProps) => {
  const first = props.said[0]?.at ?? new Date(0)
  const lines = [
    ...props.said.map(each => ({ at: each.at, key: each.id, html: <Said each={each} {...props} /> })),
    ...props.happened
      .filter(each => each.at >= first && (told.has(keyOf(each)) || props.lines.has(keyOf(each))))
      .map(each => ({ at: each.at, key: each.id, html: <Happened each={each} people={props.people} lines={props.lines} /> })),
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

export const keyOf = ({ verb, noun }: Pick<Activity, 'verb' | 'noun'>): string => `${verb}:${noun}`

const told = new Map([
  ['Add:Assignment', 'assigned'],
  ['Remove:Assignment', 'unassigned'],
  ['Create:Closure', 'finished'],
  ['Undo:Closure', 'reopened'],
  ['Create:Snooze', 'snoozed'],
  ['Undo:Snooze', 'woken'],
  ['Add:Label', 'labelled'],
  ['Remove:Label', 'unlabelled'],
  ['Offer:Thread', 'openedTo'],
  ['Flag:Conversation', 'flagged'],
  ['Undo:Flag', 'unflagged'],
  ['Create:Plan', 'planned'],
  ['Undo:Plan', 'planOff'],
  ['Reject:Plan', 'planHeld'],
  ['Move:Thread', 'merged'],
  ['Create:Thread', 'splitOff'],
  ['Undo:Thread', 'movedBack'],
])

const Happened = ({ each, people, lines }: { each: Activity; people: People; lines: Lines }) => {
  const name = (id: string | null) => (id && people.get(id)?.name) || t('crm.theHouse')
  const others = lines.get(keyOf(each))
  if (others)
    return (
      <EventLine at={each.at} icon={others.icon}>
        {others.line(each, name)}
      </EventLine>
    )
  const known = told.get(keyOf(each))!
  const key = known === 'assigned' && each.actor === each.target ? 'taken' : known
  const detail = each.detail as { label?: string; until?: string; at?: string; messages?: number }
  return (
    <EventLine at={each.at} icon={key === 'finished' ? 'check' : key === 'labelled' ? 'tag' : key === 'snoozed' ? 'clock' : 'person'}>
      {t(`crm.line.${key}`, {
        actor: name(each.actor),
        target: name(each.target),
        label: detail.label ?? '',
        until: detail.until ? date(new Date(detail.until)) : '',
        at: detail.at ? dateTime(new Date(detail.at)) : '',
        count: detail.messages ?? 0,
      })}
    </EventLine>
  )
}

/** The colleague in whose name it was written by another. */
export const behalfOf = ({ detail }: Pick<Content, 'detail'>): string | null =>
  typeof detail?.onBehalf === 'string' ? detail.onBehalf : null

const Said = ({ each, people, files, fates, acts, quoted, marks, see, talk, view, fixed }: TalkedProps & { each: Content }) => {
  const author = each.author ? people.get(each.author) : undefined
  const kind = each.noun === 'Note' ? 'note' : each.side === 'outside' ? 'in' : 'out'
  const own = files.get(each.id) ?? []
  const fate = fates.get(each.id)
  const can = acts.get(each.id)
  const behalf = behalfOf(each)
  const mark = marks.get(each.id)
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
      via={
        (behalf || mark?.head) && (
          <>
            {behalf && <Badge>{t('crm.onBehalf', { name: people.get(behalf)?.name ?? '–' })}</Badge>}
            {mark?.head}
          </>
        )
      }
      state={fate && <Fate see={see} fate={fate} base={`/inbox/${view}/${talk.thread}`} fixed={fixed} />}
      attachments={own.some(file => !file.inline) && own.filter(file => !file.inline).map(file => <Hung {...file} />)}
      foot={
        (can || mark?.foot) && (
          <>
            {can && <Doings see={see} content={each} acts={can} base={`/inbox/${view}/${talk.thread}`} />}
            {mark?.foot}
          </>
        )
      }
    >
      <Shown
        content={each}
        files={own}
        images={see.query.get('images') === each.id}
        imagesHref={`?images=${each.id}#message-${each.id}`}
        beside={besideOf(each.detail)}
        quoted={quoted.get(each.id)}
      />
    </Message>
  )
}

/** What our account can do with it on its network. */
const Doings = ({ see, content, acts, base }: { see: See; content: Content; acts: Acts; base: string }) =>
  fill(see, messageActs, { content, acts, answer: `${base}?answers=${content.id}#write-text` })

const Hung = ({ file, name, type, size, alt }: AttachedFile) => (
  <FileChip
    name={name}
    href={`/files/${file}`}
    size={bytes(size)}
    preview={type.startsWith('image/') ? `/files/${file}?size=small` : undefined}
    alt={alt}
  />
)

/** How our answer fared; what can still be done about it stands beside it. Taken back before it left, it opens the conversation again. */
const Fate = ({ see, fate, base, fixed }: { see: See; fate: DeliveryCard; base: string; fixed: boolean }) => {
  if (fixed || fate.state !== 'waiting' || fate.attempts > 0) return fill(see, fateSlot, { delivery: fate, fixed })
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
}
