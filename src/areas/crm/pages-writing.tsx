/** Where one writes: who reads it, which message it answers, and from which address it goes. */
import { drawingAlike } from '#kernel/html/again.tsx'
import { Audience, Composer, Icon, Quiet, Row, Select } from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import type { Html } from '#kernel/page.tsx'
import type { roomOf, waysToAnswer } from '#social/outbox/actions.ts'
import type { Listed, View } from './words.ts'

/** Before one writes a name or hands it over: who reads this, and who will. */
export const OnlyTo = ({ name, readsOnly }: { name: string; readsOnly: boolean }) => (
  <Row>
    <Icon name="lock" />
    <Quiet small>{t(readsOnly ? 'crm.readsOnly' : 'crm.closedTo', { name })}</Quiet>
  </Row>
)

interface WriteProps {
  talk: Listed
  view: View
  seen: string | undefined
  next: string | undefined
  /** What was begun on another device, and on which side. */
  begun: Record<string, string>
  /** Which message an answer answers and who would see it, where networks know a difference. */
  way: ReturnType<typeof waysToAnswer>
  /** Who wrote that message. */
  writer: string | null
  /** Somebody chose it. */
  isChosen: boolean
  /** The addresses that one may write from. */
  writers: { choices: string[]; usual: string }
  /** Whoever only reads along writes to colleagues alone. */
  notesOnly: boolean
  /** How much an answer may hold, where one may come to its end. */
  room: Awaited<ReturnType<typeof roomOf>>
  /** Buttons below the text, of this room and of others. */
  tools: Html
}

export const Write = (props: WriteProps) => {
  const { talk, view, seen, next, begun, way, writer, isChosen, writers, room, notesOnly, tools } = props
  if (notesOnly) return <Noting {...props} />
  const seenBy = [way?.open, way?.aside, writer, isChosen, room?.most]
  const given = [view, Boolean(seen), Boolean(next), begun.kind, begun.text, ...seenBy, writers.usual, ...writers.choices]
  const words = [talk.thread, seen ?? '', next ?? '', way?.answered.id ?? '', tools]
  return drawingAlike('crm.write')(words, given, (thread, seen, next, answered, tools) => (
    <Writing {...props} thread={thread} seen={props.seen && seen} next={props.next && next} answered={answered} tools={tools} />
  ))
}

const Noting = ({ talk, view, begun }: WriteProps) => (
  <Composer
    id="write"
    action={`/inbox/${view}/${talk.thread}/note`}
    kind="note"
    label={t('crm.write')}
    placeholder={t('threads.noteHint')}
    draft={`thread:${talk.thread}`}
    name="text"
    value={begun.text}
    maxlength={500_000}
    sendLabel={t('crm.note')}
    files
  />
)

interface WritingProps extends Omit<WriteProps, 'talk' | 'tools'> {
  thread: string
  /** The message that it answers. */
  answered: string
  tools: string
}

const Writing = ({ thread, view, seen, next, begun, way, answered, writer, isChosen, writers, room, tools }: WritingProps) => {
  const base = `/inbox/${view}/${thread}`
  const after = next ? `?next=${next}` : ''
  return (
    <>
      <input type="hidden" form="write" name="seen" id="write-seen" value={seen ?? ''} data-seen="" />
      <Composer
        id="write"
        action={`${base}/reply${after}`}
        kind={begun.kind === 'note' ? 'note' : 'out'}
        kinds={{
          out: { label: t('crm.reply'), action: `${base}/reply${after}`, shortcut: 'r' },
          note: { label: t('crm.note'), action: `${base}/note`, shortcut: 'n' },
        }}
        label={t('crm.write')}
        placeholder={t('crm.writeHint')}
        head={
          (way || writers.choices.length > 0) && (
            <>
              {way && (
                <WhoSees open={way.open} aside={way.aside} answered={answered} writer={writer ?? t('crm.somebody')} isChosen={isChosen} />
              )}
              {writers.choices.length > 0 && <From {...writers} />}
            </>
          )
        }
        draft={`thread:${thread}`}
        name="text"
        value={begun.text}
        maxlength={500_000}
        sendLabel={t('crm.send')}
        second={{ label: t('crm.sendDone'), name: 'done', value: 'done', shortcut: 'Mod+Shift+Enter' }}
        tools={
          <>
            {tools}
            {room && <Counted at={`${base}/room`} length={room.length(begun.text ?? '')} most={room.most} />}
          </>
        }
        files
      />
    </>
  )
}

/** Asked for again while one writes, because each network counts in its own way. */
const Counted = ({ at, ...room }: { at: string; length: number; most: number }) => (
  <trefoil-room class="composer-room" look={at} data-kept>
    <RoomLeft {...room} />
  </trefoil-room>
)

/** Said aloud only where the end is near. */
export const RoomLeft = ({ length, most }: { length: number; most: number }) => {
  const left = most - length
  const isNear = left < most / 10
  return (
    <output aria-live={isNear ? 'polite' : 'off'} data-near={isNear ? '' : undefined} data-over={left < 0 ? '' : undefined}>
      {left < 0 ? t('crm.over', { over: -left }) : t('crm.left', { left })}
    </output>
  )
}

type WhoSeesProps = Omit<NonNullable<WriteProps['way']>, 'answered'> & { answered: string; writer: string; isChosen: boolean }

/** In words, because a wrong guess cannot be taken back: everybody, or one alone. */
const WhoSees = ({ answered, open, aside, writer, isChosen }: WhoSeesProps) => {
  const everybody = { value: 'true', label: t('crm.seenByAll'), icon: 'globe' as const }
  const alone = { value: 'false', label: t('crm.seenBy', { name: writer }), icon: 'person' as const }
  return (
    <Audience
      name="open"
      label={t('crm.whoSees')}
      ways={open ? (aside ? [everybody, alone] : [everybody]) : [alone]}
      chosen={String(open)}
      hidden={{ answers: answered }}
    >
      {isChosen && (
        <a class="audience-only" href={`#message-${answered}`}>
          <Icon name="reply" size={14} />
          {t('crm.answersThis', { name: writer })}
        </a>
      )}
    </Audience>
  )
}

const From = ({ choices, usual }: WriteProps['writers']) => (
  <span class="composer-out">
    <Select name="writtenFrom" label={t('crm.from')} labelHidden value={usual} choices={choices.map(value => ({ value, label: value }))} />
  </span>
)
