/** Talk: messages of a thread, what happened between them, and where one writes. Amber never leaves the house. */
import type { Child } from 'hono/jsx'
import { t } from '#kernel/messages.ts'
import { Button } from './controls.tsx'
import { RelativeTime } from './data.tsx'
import { FieldError } from './fields.tsx'
import { Icon, type IconName } from './icons.tsx'
import { Avatar, type Side } from './people.tsx'

/** `in` = came from outside; `out` = ours, seen by the other side; `note` = among staff only. */
export type MessageKind = 'in' | 'out' | 'note'

export interface MessageProps {
  id: string
  kind: MessageKind
  author: { name: string; href?: string; side?: Side; picture?: string }
  at: Date
  /** Where it came from or went: channel icon and name, audience. */
  via?: Child
  /** Recipients or another quiet line. */
  detail?: Child
  /** Already clean HTML goes in through `<Html clean={…}/>`; plain text as it is. */
  children: Child
  attachments?: Child
  /** Reactions, tags. */
  foot?: Child
  /** How it fared: sending, sent, failed. */
  state?: Child
  /** IconButtons or a Menu. */
  actions?: Child
  unread?: boolean
}

export const Message = (props: MessageProps) => (
  <article
    class="message"
    id={`message-${props.id}`}
    data-kind={props.kind}
    data-unread={props.unread ? '' : undefined}
    aria-labelledby={`message-${props.id}-author`}
  >
    <Avatar name={props.author.name} picture={props.author.picture} side={props.author.side} />
    <div class="message-sheet">
      <header class="message-head">
        <span class="message-author" id={`message-${props.id}-author`}>
          {props.author.href ? (
            <a href={props.author.href}>
              <bdi>{props.author.name}</bdi>
            </a>
          ) : (
            <bdi>{props.author.name}</bdi>
          )}
        </span>
        {props.kind === 'note' && (
          <span class="message-audience">
            <Icon name="lock" size={12} />
            {t('kernel.kitInternal')}
          </span>
        )}
        {props.via && <span class="message-via">{props.via}</span>}
        <span class="message-time">
          {props.state}
          <RelativeTime at={props.at} />
        </span>
        {props.actions && <span class="message-actions">{props.actions}</span>}
      </header>
      {props.detail && <div class="message-detail">{props.detail}</div>}
      <div class="message-body prose" dir="auto">
        {props.children}
      </div>
      {props.attachments && <div class="message-files">{props.attachments}</div>}
      {props.foot && <footer class="message-foot">{props.foot}</footer>}
    </div>
  </article>
)

/** HTML that the kernel's `clean` has passed; nothing else may come here. */
export const Html = ({ clean }: { clean: string }) => <div class="html" dangerouslySetInnerHTML={{ __html: clean }} />

/** Plain text with its line breaks. */
export const PlainText = ({ text }: { text: string }) => <div class="plain-text">{text}</div>

/** Quoted or long parts, folded. */
export const Folded = ({ label, open, children }: { label?: string; open?: boolean; children: Child }) => (
  <details class="folded" open={open || undefined}>
    <summary>
      <Icon name="more" size={14} label={label ? undefined : t('kernel.kitShowQuoted')} />
      {label}
    </summary>
    {children}
  </details>
)

/** Something that happened, told in one line between the messages. */
export const EventLine = ({ icon = 'info', at, children }: { icon?: IconName; at?: Date; children: Child }) => (
  <p class="event-line">
    <Icon name={icon} size={14} />
    <span>{children}</span>
    {at && <RelativeTime at={at} />}
  </p>
)

export const DayDivider = ({ children }: { children: Child }) => (
  <p class="day-divider">
    <span>{children}</span>
  </p>
)

/** The messages of a thread, oldest first. */
export const Conversation = ({ label, children }: { label: string; children: Child }) => (
  <div class="conversation" role="log" aria-label={label} data-conversation>
    {children}
  </div>
)

export interface ComposerProps {
  id: string
  action: string
  /** note = among staff (amber); out = leaves the house (blue). Without `kinds` it is only this one. */
  kind: 'out' | 'note'
  /** Two ways to write in one place: the form goes to the action of the chosen one. */
  kinds?: { out: { label: string; action: string; shortcut?: string }; note: { label: string; action: string; shortcut?: string } }
  label: string
  placeholder?: string
  value?: string
  error?: string
  /** Key of the draft. */
  draft?: string
  /** Field name of the text; `body` if not said. */
  name?: string
  maxlength?: number
  sendLabel: string
  /** Further button, e.g. send and done: name and value are sent. */
  second?: { label: string; name: string; value: string; shortcut?: string }
  /** Recipients, subject, channel: above the text. */
  head?: Child
  /** Buttons below the text. */
  tools?: Child
  files?: boolean
  hidden?: Record<string, string>
  rows?: number
  /** Folded to one line until one goes there. */
  compact?: boolean
}

// The choices belong to no form: they are not sent, and a form that is emptied does not change to whom one writes.
// They are there only once a script follows them: without one, words meant for colleagues would go out.
const KindSwitch = ({ id, kind, kinds }: { id: string; kind: 'out' | 'note'; kinds: NonNullable<ComposerProps['kinds']> }) => (
  <span class="composer-kinds" role="radiogroup" aria-label={t('kernel.kitAudience')}>
    {(['out', 'note'] as const).map(each => (
      <label data-kind={each} data-shortcut={kinds[each].shortcut}>
        <input
          type="radio"
          form={`${id}-nowhere`}
          name={`${id}-kind`}
          autocomplete="off"
          value={each}
          checked={each === kind || undefined}
          data-composer-kind
          data-action={kinds[each].action}
        />
        <Icon name={each === 'out' ? 'reply' : 'lock'} size={14} />
        {kinds[each].label}
      </label>
    ))}
  </span>
)

/** Without a script: the other way to write, as a button that itself says where the words go. */
const OtherKind = ({ kind, kinds }: { kind: 'out' | 'note'; kinds: NonNullable<ComposerProps['kinds']> }) => {
  const other = kind === 'note' ? 'out' : 'note'
  return (
    <button type="submit" class="button button-plain button-medium composer-other" formaction={kinds[other].action}>
      <Icon name={other === 'out' ? 'reply' : 'lock'} size={14} />
      {kinds[other].label}
    </button>
  )
}

const ComposerFoot = (props: ComposerProps) => (
  <div class="composer-foot">
    <span class="composer-tools">
      {props.files && (
        <label class="button button-bare button-medium icon-button composer-attach" data-tip={t('kernel.kitAttach')}>
          <Icon name="attach" label={t('kernel.kitAttach')} />
          <input type="file" name="files" multiple class="unseen" />
        </label>
      )}
      {props.tools}
    </span>
    <span class="composer-presence" data-presence-names data-kept />
    <span class="draft-state" data-draft-state data-kept role="status" />
    {props.kinds && <OtherKind kind={props.kind} kinds={props.kinds} />}
    {props.second && (
      <Button name={props.second.name} value={props.second.value} shortcut={props.second.shortcut} title={props.second.shortcut}>
        {props.second.label}
      </Button>
    )}
    <Button look={props.kind === 'note' ? 'inside' : 'talk'} icon="send" main>
      {props.sendLabel}
    </Button>
  </div>
)

export const Composer = (props: ComposerProps) => {
  const name = props.name ?? 'body'
  const form = (
    <form
      class="composer"
      id={props.id}
      method="post"
      action={props.kinds?.[props.kind].action ?? props.action}
      data-kind={props.kind}
      data-composer
      data-compact={props.compact ? '' : undefined}
      enctype={props.files ? 'multipart/form-data' : undefined}
    >
      <p class="form-error" role="alert" data-form-error hidden />
      {Object.entries(props.hidden ?? {}).map(([key, value]) => (
        <input type="hidden" name={key} value={value} />
      ))}
      {(props.kinds || props.head) && (
        <div class="composer-head">
          {props.kinds && <KindSwitch id={props.id} kind={props.kind} kinds={props.kinds} />}
          {props.head}
        </div>
      )}
      <textarea
        class="composer-text"
        id={`${props.id}-text`}
        name={name}
        rows={props.rows ?? 3}
        placeholder={props.placeholder}
        maxlength={props.maxlength}
        aria-label={props.label}
        aria-describedby={`${props.id}-text-error`}
        aria-invalid={props.error ? 'true' : undefined}
        dir="auto"
        required
        data-mentions
      >
        {props.value}
      </textarea>
      <FieldError id={`${props.id}-text`} name={name} error={props.error} />
      <ul class="composer-files" data-composer-files data-kept hidden />
      <ComposerFoot {...props} />
    </form>
  )
  return props.draft ? <trefoil-draft draft-key={props.draft}>{form}</trefoil-draft> : form
}

export interface FileChipProps {
  name: string
  href?: string
  /** Already formatted: `1.4 MB`. */
  size?: string
  /** Path of a small picture of it. */
  preview?: string
  /** What it shows, as its sender described it. */
  alt?: string | null
  icon?: IconName
  /** Why it cannot be opened, such as a virus or a bomb. */
  warning?: string
}

export const FileChip = ({ name, href, size, preview, alt, icon = 'file', warning }: FileChipProps) => {
  const body = (
    <>
      {preview ? <img src={preview} alt={alt ?? ''} loading="lazy" /> : <Icon name={warning ? 'warning' : icon} size={18} />}
      <span class="file-words">
        <bdi class="file-name">{name}</bdi>
        <small>{warning ?? size}</small>
        {alt && (
          <small class="file-alt" dir="auto">
            {alt}
          </small>
        )}
      </span>
    </>
  )
  return href && !warning ? (
    <a class="file-chip" href={href} download>
      {body}
    </a>
  ) : (
    <span class="file-chip" data-warning={warning ? '' : undefined}>
      {body}
    </span>
  )
}

/** Shows who reads or writes here now, and tells the others that I do. */
export const Presence = ({ thread }: { thread: string }) => (
  <trefoil-presence thread={thread}>
    <span class="presence" role="status" data-presence data-kept />
  </trefoil-presence>
)

/** A press that says how one feels; pressed = mine. */
export const Reaction = ({
  emoji,
  count,
  mine,
  action,
  fields,
  label,
}: {
  emoji: string
  count: number
  mine?: boolean
  action: string
  fields?: Record<string, string>
  label: string
}) => (
  <form class="action-form" method="post" action={action}>
    {Object.entries(fields ?? {}).map(([name, value]) => (
      <input type="hidden" name={name} value={value} />
    ))}
    <button class="reaction" type="submit" aria-pressed={mine ? 'true' : 'false'} aria-label={label}>
      <span aria-hidden="true">{emoji}</span> {count}
    </button>
  </form>
)
