/** What stands beside the words of a message: a warning before them, a poll, what they pass on; and above an answer, who will see it. */
import type { Child } from 'hono/jsx'
import { Icon, type IconName } from './icons.tsx'

/** What its writer set before the words: they open at a press. */
export const Warned = ({ warning, children }: { warning: string; children: Child }) => (
  <details class="warned">
    <summary>
      <Icon name="warning" size={16} />
      <span class="warned-words" dir="auto">
        <bdi>{warning}</bdi>
      </span>
    </summary>
    <div>{children}</div>
  </details>
)

export interface PollProps {
  choices: { name: string; votes?: number }[]
  /** `Ends on 3 May`, `3 choices`: what stands beside its name. */
  detail: string
  label: string
}

/** What one could choose from there, and how many did; folded, because nobody chooses here. */
export const Poll = ({ choices, detail, label }: PollProps) => {
  const all = choices.reduce((sum, each) => sum + (each.votes ?? 0), 0)
  return (
    <details class="poll">
      <summary>
        <Icon name="chart" size={16} />
        {label} <small>{detail}</small>
      </summary>
      <ul>
        {choices.map(({ name, votes }) => (
          <li>
            <bdi>{name}</bdi>
            {votes !== undefined && (
              <>
                <span class="count">{votes}</span>
                <meter value={votes} max={Math.max(all, 1)} aria-label={name} />
              </>
            )}
          </li>
        ))}
      </ul>
    </details>
  )
}

export interface QuoteCardProps {
  href: string
  /** It lies in this house. */
  isHere: boolean
  author: string | null
  text: string
  label: string
}

/** What was passed on together with the words above it. */
export const QuoteCard = ({ href, isHere, author, text, label }: QuoteCardProps) => (
  <a class="quote-card" href={href} {...(isHere ? {} : { target: '_blank', rel: 'noopener noreferrer nofollow ugc' })}>
    <small>
      <Icon name={isHere ? 'forward' : 'external'} size={14} />
      {label}
      {author && (
        <>
          {' '}
          <bdi>{author}</bdi>
        </>
      )}
    </small>
    <span dir="auto">{text}</span>
  </a>
)

export interface AudienceProps {
  /** Who sees it, each in words; with one alone there is nothing to choose. */
  ways: { value: string; label: string; icon: IconName }[]
  chosen: string
  name: string
  label: string
  /** Which message is answered: it stays the one that was there when somebody began to write. */
  hidden: Record<string, string>
  children?: Child
}

/** Above the words of an answer: who will see it. Stays as it is while somebody writes. */
export const Audience = ({ ways, chosen, name, label, hidden, children }: AudienceProps) => (
  <span class="composer-out audience" data-seen="" role="radiogroup" aria-label={label}>
    {Object.entries(hidden).map(([key, value]) => (
      <input type="hidden" name={key} value={value} />
    ))}
    {ways.length === 1 && <input type="hidden" name={name} value={chosen} />}
    {ways.map(each =>
      ways.length === 1 ? (
        <span class="audience-only">
          <Icon name={each.icon} size={14} />
          {each.label}
        </span>
      ) : (
        <label>
          <input type="radio" name={name} value={each.value} checked={each.value === chosen || undefined} autocomplete="off" />
          <Icon name={each.icon} size={14} />
          {each.label}
        </label>
      ),
    )}
    {children}
  </span>
)
