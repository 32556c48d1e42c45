/** The picture of who moved whom: drawn here, walked by its links; its table says the same. */
import { Card, EmptyState, Table } from '#kernel/html/kit.tsx'
import { number, t } from '#kernel/messages.ts'
import type { PersonCard } from '#social/people/words.ts'
import { type Spot, shownOf, spotsOf } from './rules.ts'
import type { Tie } from './words.ts'

export type People = Map<string, PersonCard>
export const nameOf = (people: People, person: string): string => people.get(person)?.name ?? t('influence.somebody')
export const hrefOf = (topic: string, person?: string, more: Record<string, string> = {}): string => {
  const query = new URLSearchParams(more).toString()
  return `/influence/${encodeURIComponent(topic)}${person ? `/${person}` : ''}${query && `?${query}`}`
}

interface Props {
  topic: string
  ties: Tie[]
  people: People
  middle?: string
}

export const Network = ({ topic, ties, people, middle }: Props) => {
  const shown = shownOf(ties, middle)
  return (
    <Card title={t('influence.network')} detail={t('influence.networkWhy')}>
      <Picture {...{ topic, people, ties: shown.ties, spots: spotsOf(shown.people, middle) }} />
      <Table
        caption={t('influence.network')}
        captionHidden
        dense
        stacks
        rows={shown.ties}
        empty={<EmptyState title={t('influence.noTies')} icon="people" compact />}
        columns={[
          { head: t('influence.mover'), heading: true, cell: ({ mover }) => <Linked {...{ topic, people, person: mover }} /> },
          { head: t('influence.moved'), cell: ({ moved }) => <Linked {...{ topic, people, person: moved }} /> },
          {
            head: t('influence.acts'),
            numeric: true,
            cell: ({ mover, moved, acts }) => <a href={`${hrefOf(topic, mover, { moved })}#evidence`}>{number(acts)}</a>,
          },
        ]}
      />
    </Card>
  )
}

const Linked = ({ topic, people, person }: { topic: string; people: People; person: string }) => (
  <a href={hrefOf(topic, person)}>
    <bdi>{nameOf(people, person)}</bdi>
  </a>
)

const Picture = ({ topic, people, ties, spots }: { topic: string; people: People; ties: Tie[]; spots: Spot[] }) => {
  const at = new Map(spots.map(each => [each.person, each]))
  const most = Math.max(1, ...ties.map(({ acts }) => acts))
  return (
    <svg class="network" viewBox="0 0 400 400" role="presentation">
      <defs>
        <marker
          id="network-tip"
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="8"
          markerHeight="8"
          markerUnits="userSpaceOnUse"
          orient="auto"
        >
          <path d="M0 0L8 4L0 8Z" />
        </marker>
      </defs>
      {ties.map(tie => (
        <path
          class="network-tie"
          d={lineOf(at.get(tie.mover)!, at.get(tie.moved)!)}
          stroke-width={1 + (3 * tie.acts) / most}
          marker-end="url(#network-tip)"
        />
      ))}
      {spots.map(({ person, x, y }) => (
        <a class="network-person" data-side={people.get(person)?.side} href={hrefOf(topic, person)} aria-label={nameOf(people, person)}>
          <circle cx={x} cy={y} r="16" />
          <text x={x} y={y + (y > 200 ? 32 : -22)}>
            {short(nameOf(people, person))}
          </text>
        </a>
      ))}
    </svg>
  )
}

const short = (name: string): string => (name.length > 16 ? `${name.slice(0, 15)}…` : name)

/** From circle to circle, with a bend, so that both ways between two people are seen. */
function lineOf(from: Spot, to: Spot): string {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const far = Math.hypot(dx, dy) || 1
  const [ux, uy] = [dx / far, dy / far]
  const [bendX, bendY] = [(from.x + to.x) / 2 - uy * 18, (from.y + to.y) / 2 + ux * 18]
  const spot = (x: number, y: number) => `${x.toFixed(1)} ${y.toFixed(1)}`
  return `M${spot(from.x + ux * 18, from.y + uy * 18)} Q${spot(bendX, bendY)} ${spot(to.x - ux * 20, to.y - uy * 20)}`
}
