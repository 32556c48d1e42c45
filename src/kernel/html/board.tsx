/** Columns of cards that go from one to another: dragged, or with Alt and the arrows; each card can be opened, and moved from a menu or its own page too. */
import type { Child, PropsWithChildren } from 'hono/jsx'
import { number } from '../messages.ts'
import { Icon } from './icons.tsx'

export const Board = ({ label, hint, children }: PropsWithChildren<{ label: string; hint?: string | false }>) => (
  <>
    <ol class="board" aria-label={label}>
      {children}
    </ol>
    {hint && <p class="board-hint">{hint}</p>}
  </>
)

interface ColumnProps {
  title: string
  /** How many belong here, shown or not; null where that is not counted. */
  count: number | null
  /** What is sent as `place` when a card is moved here; none moves to a column without it. */
  place?: string | undefined
  /** To those that are not shown. */
  more?: { href: string; label: string } | false
}

export const BoardColumn = ({ title, count, place, more, children }: PropsWithChildren<ColumnProps>) => (
  <li class="board-column" data-place={place}>
    <h2>
      {title} {count !== null && <span class="count">{number(count)}</span>}
    </h2>
    {children}
    {more && (
      <a href={more.href}>
        <Icon name="more" size={14} />
        {more.label}
      </a>
    )}
  </li>
)

interface CardProps {
  id: string
  href: string
  title: Child
  /** Where it says to which place it was moved, by a field `place`; without it the card stays. */
  moves?: string | undefined
  /** Above the title: its number, value or age, and who has it. */
  head?: Child
  detail?: Child
  marks?: Child
}

export const BoardCard = ({ id, href, title, moves, head, detail, marks }: CardProps) => (
  <a class="board-card" id={id} href={href} data-row data-row-link data-moves={moves} draggable={moves ? 'true' : 'false'}>
    {head && <span class="board-number">{head}</span>}
    <bdi>{title}</bdi>
    {detail && <small>{detail}</small>}
    {marks && <span class="board-marks">{marks}</span>}
  </a>
)
