/** People as one sees them: initials in a stable colour; a ring says which side of the wall they stand on. */
import type { Child } from 'hono/jsx'
import { hueOf } from './feedback.tsx'

/** inside = works here (amber ring); outside = partner, supplier, unknown (coral); customer = green. */
export type Side = 'inside' | 'outside' | 'customer'

export interface AvatarProps {
  name: string
  /** Path of a picture, through our own server. */
  picture?: string
  size?: 'tiny' | 'small' | 'medium' | 'large' | 'huge'
  side?: Side
  /** Shows that the person is here now. */
  here?: boolean
  /** Organisations are square. */
  organisation?: boolean
}

/** At most two letters: of the first and the last word that begin with a letter or digit. */
export function initials(name: string): string {
  const words = name.split(/[\s.@_-]+/u).filter(word => /^[\p{L}\p{N}]/u.test(word))
  const first = [...(words[0] ?? '?')][0] ?? '?'
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : ''
  return (first + last).toLocaleUpperCase()
}

/** Decorative: the name stands beside it. */
export const Avatar = ({ name, picture, size = 'medium', side, here, organisation }: AvatarProps) => (
  <span
    class={`avatar avatar-${size}`}
    data-hue={hueOf(name)}
    data-side={side}
    data-here={here ? '' : undefined}
    data-organisation={organisation ? '' : undefined}
    aria-hidden="true"
  >
    {picture ? <img src={picture} alt="" loading="lazy" decoding="async" /> : initials(name)}
  </span>
)

export interface PersonChipProps extends AvatarProps {
  href?: string
  /** A quieter second line: role, address, company. */
  detail?: Child
  /** Bold name. */
  strong?: boolean
}

export const PersonChip = ({ href, detail, strong, size = 'small', ...person }: PersonChipProps) => {
  const body = (
    <>
      <Avatar {...person} size={size} />
      <span class="person-words">
        <bdi class={strong ? 'person-name strong' : 'person-name'}>{person.name}</bdi>
        {detail && <span class="person-detail">{detail}</span>}
      </span>
    </>
  )
  return href ? (
    <a class="person" href={href}>
      {body}
    </a>
  ) : (
    <span class="person">{body}</span>
  )
}

/** Several people in little room; the rest as a number. `label` names them all for those who listen. */
export const AvatarStack = ({
  people,
  label,
  most = 4,
  size = 'small',
}: {
  people: AvatarProps[]
  label: string
  most?: number
  size?: AvatarProps['size']
}) => (
  <span class="avatar-stack" role="img" aria-label={label}>
    {people.slice(0, most).map(person => (
      <Avatar {...person} size={size} />
    ))}
    {people.length > most && <span class={`avatar avatar-${size} avatar-more`}>+{people.length - most}</span>}
  </span>
)
