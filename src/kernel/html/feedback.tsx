/** What the page says back: badges, banners, progress, empty places, toasts, dialogs. */
import type { Child } from 'hono/jsx'
import { t } from '#kernel/messages.ts'
import { Button, type ButtonLook, IconButton, LinkButton } from './controls.tsx'
import { Icon, type IconName } from './icons.tsx'
import { Mark } from './mark.tsx'

/** The colours carry the idea: inside = amber, outside = coral, talk = blue, customer = green. The rest says how things stand. */
export type Tone = 'neutral' | 'inside' | 'outside' | 'talk' | 'customer' | 'good' | 'warning' | 'bad'

export const Badge = ({ tone = 'neutral', icon, children }: { tone?: Tone; icon?: IconName; children: Child }) => (
  <span class="badge" data-tone={tone}>
    {icon && <Icon name={icon} size={12} />}
    {children}
  </span>
)

export interface TagProps {
  /** One of eight stable colours, taken from the text when not given. */
  hue?: number
  href?: string
  /** Path that removes it (POST). */
  removeAction?: string
  removeFields?: Record<string, string>
  removeLabel?: string
  children: string
}

/** The same text always gets the same of `count` colours. */
export function hueOf(text: string, count = 8): number {
  let sum = 0
  for (const letter of text) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521
  return sum % count
}

export const Tag = ({ hue, href, removeAction, removeFields = {}, removeLabel, children }: TagProps) => (
  <span class="tag" data-hue={hue ?? hueOf(children)}>
    {href ? <a href={href}>{children}</a> : <span>{children}</span>}
    {removeAction && (
      <form class="action-form" method="post" action={removeAction}>
        {Object.entries(removeFields).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <button class="tag-remove" type="submit" aria-label={removeLabel ?? t('kernel.kitRemove', { name: children })}>
          <Icon name="close" size={12} />
        </button>
      </form>
    )}
  </span>
)

/** A dot with its words; colour is never the only sign. */
export const StatusDot = ({ tone = 'neutral', pulse, children }: { tone?: Tone; pulse?: boolean; children: Child }) => (
  <span class="status" data-tone={tone} data-pulse={pulse ? '' : undefined}>
    <span class="status-dot" aria-hidden="true" />
    {children}
  </span>
)

export interface BannerProps {
  tone?: Tone
  icon?: IconName
  title?: string
  /** Interrupts those who listen: for what just went wrong. */
  alert?: boolean
  /** Buttons at its end. */
  actions?: Child
  children?: Child
}

export const Banner = ({ tone = 'neutral', icon, title, alert, actions, children }: BannerProps) => (
  <div class="banner" data-tone={tone} role={alert ? 'alert' : undefined}>
    <Icon name={icon ?? (tone === 'bad' || tone === 'warning' ? 'warning' : tone === 'good' ? 'checkCircle' : 'info')} size={18} />
    <div class="banner-words">
      {title && <strong>{title}</strong>}
      {children && <div>{children}</div>}
    </div>
    {actions && <div class="banner-actions">{actions}</div>}
  </div>
)

export interface EmptyStateProps {
  /** What belongs here. */
  title: string
  /** Why it matters, in one line. */
  why?: Child
  icon?: IconName
  /** The one button to begin with. */
  action?: { label: string; href: string; icon?: IconName; look?: ButtonLook }
  /** Or any other way to begin, such as a form. */
  children?: Child
  compact?: boolean
  /** The title is the heading of the page. */
  heading?: boolean
}

export const EmptyState = ({ title, why, icon, action, children, compact, heading }: EmptyStateProps) => (
  <div class={`empty${compact ? ' empty-compact' : ''}`}>
    <span class="empty-art" aria-hidden="true">
      <Mark size="huge" />
      {icon && <Icon name={icon} size={24} />}
    </span>
    {heading ? <h1 class="empty-title">{title}</h1> : <p class="empty-title">{title}</p>}
    {why && <p class="empty-why">{why}</p>}
    {action && (
      <LinkButton href={action.href} icon={action.icon} look={action.look ?? 'strong'}>
        {action.label}
      </LinkButton>
    )}
    {children}
  </div>
)

export interface ProgressProps {
  label: string
  /** From 0 to 1; without it, something is under way and no one knows how long. */
  value?: number
  /** Text beside it, such as "340 of 1,200". */
  detail?: string
  /** Live topic of a job: the bar follows it. */
  topic?: string
  tone?: Tone
}

export const Progress = ({ label, value, detail, topic, tone = 'talk' }: ProgressProps) => {
  const bar = (
    <label class="progress" data-tone={tone}>
      <span class="progress-words">
        <span>{label}</span>
        <span class="progress-detail" data-progress-detail data-kept>
          {detail}
        </span>
      </span>
      <progress value={value} max="1" />
    </label>
  )
  return topic ? <trefoil-progress topic={topic}>{bar}</trefoil-progress> : bar
}

/** A share of a whole that is not a process: coverage, quota. `value` from 0 to 1. */
export const Meter = ({ label, value, detail, tone = 'talk' }: { label: string; value: number; detail?: string; tone?: Tone }) => (
  <label class="progress meter" data-tone={tone}>
    <span class="progress-words">
      <span>{label}</span>
      <span class="progress-detail">{detail}</span>
    </span>
    <meter value={value} min="0" max="1" />
  </label>
)

/** Grey lines where text will be. */
export const Skeleton = ({ lines = 3, avatar }: { lines?: number; avatar?: boolean }) => (
  <div class="skeleton" aria-hidden="true" data-avatar={avatar ? '' : undefined}>
    {Array.from({ length: lines }, () => (
      <span class="skeleton-line" />
    ))}
  </div>
)

export const Waiting = ({ label }: { label: string }) => (
  <p class="waiting" role="status">
    <Mark size="small" turning />
    {label}
  </p>
)

export interface ToastProps {
  text: string
  tone?: Tone
  /** A button that takes it back: posts `fields` to `path`. */
  undo?: { path: string; fields?: Record<string, string>; label?: string }
}

export const Toast = ({ text, tone = 'neutral', undo }: ToastProps) => (
  <div class="toast" data-tone={tone} data-toast>
    <Icon name={tone === 'bad' || tone === 'warning' ? 'warning' : 'check'} size={18} />
    <p>{text}</p>
    {undo && (
      <form class="action-form" method="post" action={undo.path} data-undo>
        {Object.entries(undo.fields ?? {}).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <Button size="small" look="bare">
          {undo.label ?? t('kernel.kitUndo')}
        </Button>
      </form>
    )}
    <IconButton type="button" icon="close" label={t('kernel.kitClose')} size="small" />
  </div>
)

/** What the browser copies when it has something to say itself. */
export const PlainToast = () => (
  <div class="toast" data-toast-plain>
    <Icon name="info" size={18} />
    <p />
    <IconButton type="button" icon="close" label={t('kernel.kitClose')} size="small" />
  </div>
)

/** Where toasts appear; once per page, in Document. It stays while pages change. */
export const ToastRegion = ({ children }: { children?: Child }) => (
  <div id="toasts" class="toasts" role="status" aria-live="polite" data-turbo-permanent>
    {children}
  </div>
)

export interface DialogProps {
  id: string
  title: string
  /** `side` slides in from the edge. */
  look?: 'middle' | 'side' | 'palette'
  wide?: boolean
  /** Open as soon as it arrives. */
  open?: boolean
  /** Buttons at its foot. */
  actions?: Child
  children: Child
}

/** Opened by a Button or MenuItem with `opens={id}`. Escape, the cross and a press beside it close it. */
export const Dialog = ({ id, title, look = 'middle', wide, open, actions, children }: DialogProps) => (
  <dialog
    id={id}
    class={`dialog dialog-${look}${wide ? ' dialog-wide' : ''}`}
    aria-labelledby={`${id}-title`}
    data-open={open ? '' : undefined}
  >
    <header class="dialog-head">
      <h2 id={`${id}-title`}>{title}</h2>
      <form method="dialog">
        <IconButton icon="close" label={t('kernel.kitClose')} />
      </form>
    </header>
    <div class="dialog-body">{children}</div>
    {actions && <footer class="dialog-foot">{actions}</footer>}
  </dialog>
)
