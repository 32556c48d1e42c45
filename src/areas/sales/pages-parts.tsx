/** How opportunities look wherever they stand: amounts, badges, rows and cards. */
import { drawingAgain } from '#kernel/html/again.tsx'
import { Avatar, Badge, BoardCard, RelativeTime, Row, Select, SelectableRow, Unseen } from '#kernel/html/kit.tsx'
import { date, dayOfYear, number, percent, t } from '#kernel/messages.ts'
import type { Html } from '#kernel/page.tsx'
import * as sales from './actions.ts'
import { digitsOf, isOverdue } from './rules.ts'
import type { Listed, Opportunity, Stage, State } from './words.ts'

export const pathOf = sales.pathOf
/** Where its deeds are posted. */
export const deedsOf = ({ id }: Pick<Opportunity, 'id'>): string => `/sales/${id}`

/** An amount as people read it; decimals only where there are some. */
export const money = (value: number, currency: string): string =>
  number(value / 10 ** digitsOf(currency), { style: 'currency', currency, trailingZeroDisplay: 'stripIfInteger' })

export const worthText = ({ value, currency }: Pick<Opportunity, 'value' | 'currency'>): string =>
  value === null ? t('sales.noValue') : money(value, currency)

export const percentText = (chance: number): string => percent(chance / 100)

/** A day of the calendar, whatever the clock says. */
export const dayText = (day: string): string => date(new Date(`${day}T12:00:00Z`))
export const shortDay = (day: string): string => dayOfYear(new Date(`${day}T12:00:00Z`))

const stateTone = { lead: 'outside', open: 'customer', won: 'good', lost: 'bad', aside: 'neutral' } as const

export const StateBadge = ({ state }: { state: State }) => <Badge tone={stateTone[state]}>{t(`sales.state.${state}`)}</Badge>

/** Where it stands: its stage while it is going on, else its state. */
export const Standing = ({ each, stages }: { each: Opportunity; stages: readonly Stage[] }) => {
  const stage = each.state === 'open' ? stages.find(one => one.id === each.stage) : undefined
  return stage ? <Badge tone="customer">{sales.stageName(stage)}</Badge> : <StateBadge state={each.state} />
}

interface NextProps {
  each: Opportunity
  today: string
  /** Only the day is seen, where there is little room. */
  short?: boolean
}

/** What is done next: loud when it is late. */
export const NextBadge = ({ each, today, short }: NextProps) => {
  if (each.closedAt || !each.nextOn) return null
  const isLate = isOverdue(each, today)
  return (
    <Badge tone={isLate ? 'bad' : 'neutral'} icon={isLate ? 'warning' : 'clock'}>
      {short ? (
        <>
          <Unseen>{t(isLate ? 'sales.view.overdue' : 'sales.next')}</Unseen> {shortDay(each.nextOn)}
        </>
      ) : (
        t(isLate ? 'sales.nextLate' : 'sales.nextBy', { at: shortDay(each.nextOn) })
      )}
    </Badge>
  )
}

const whoseText = (each: Listed): string => [each.personName, each.companyName].filter(Boolean).join(' · ')

/** All that a row, or a card, is drawn from. */
const everythingOf = (each: Listed, today: string, stage: string) => [
  ...[each.id, each.number, each.title, each.personName, each.companyName, each.ownerName, each.state, stage, each.version],
  ...[each.value, each.currency, each.chance, each.nextOn, isOverdue(each, today), each.changedAt.getTime(), each.closedAt?.getTime()],
]

export function rowsOf(items: Listed[], today: string, stages: readonly Stage[]): Html[] {
  const again = drawingAgain('sales.row')
  return items.map(each =>
    again(everythingOf(each, today, nameIn(each, stages)), () => <OneRow each={each} today={today} stages={stages} />),
  )
}

const nameIn = (each: Opportunity, stages: readonly Stage[]): string => {
  const stage = stages.find(one => one.id === each.stage)
  return stage ? sales.stageName(stage) : ''
}

const OneRow = ({ each, today, stages }: { each: Listed; today: string; stages: readonly Stage[] }) => (
  <SelectableRow
    id={each.id}
    href={pathOf(each)}
    name={`S-${each.number} ${each.title}`}
    title={<bdi>{each.title}</bdi>}
    time={<RelativeTime at={each.changedAt} />}
    subject={[`S-${each.number}`, whoseText(each), worthText(each)].filter(Boolean).join(' · ')}
    face={
      <Avatar
        name={each.personName ?? each.companyName ?? `S ${each.number}`}
        size="small"
        side={each.personName ? 'customer' : undefined}
      />
    }
    unread={each.state === 'lead'}
    marks={
      <>
        <Standing each={each} stages={stages} />
        {each.state === 'open' && <Badge>{percentText(each.chance)}</Badge>}
        <NextBadge each={each} today={today} />
        {each.ownerName && <Avatar name={each.ownerName} size="tiny" side="inside" />}
      </>
    }
  />
)

/** Opportunities beside something else: a person, a thread, a case, another one. */
export const Its = ({ items, today, stages }: { items: Listed[]; today: string; stages: readonly Stage[] }) =>
  items.length > 0 && (
    <ul class="case-items">
      {items.map(each => (
        <li class="case-item">
          <a href={pathOf(each)}>
            S-{each.number} <bdi>{each.title}</bdi>
          </a>
          <Row>
            <Standing each={each} stages={stages} />
            {each.value !== null && <Badge>{money(each.value, each.currency)}</Badge>}
            <NextBadge each={each} today={today} />
          </Row>
        </li>
      ))}
    </ul>
  )

export function cardsOf(items: Listed[], moves: boolean, today: string): Html[] {
  const again = drawingAgain('sales.card')
  return items.map(each => again([moves, ...everythingOf(each, today, '')], () => <OneCard each={each} moves={moves} today={today} />))
}

/** It is moved as it was seen: whoever moved it in the same moment is named. */
const OneCard = ({ each, moves, today }: { each: Listed; moves: boolean; today: string }) => (
  <BoardCard
    id={`opportunity-${each.id}`}
    href={pathOf(each)}
    title={each.title}
    moves={moves ? `${deedsOf(each)}/move/${each.version}` : undefined}
    head={
      <>
        S-{each.number}
        {each.ownerName && <Avatar name={each.ownerName} size="tiny" side="inside" />}
      </>
    }
    detail={whoseText(each)}
    marks={
      <>
        {each.value !== null && <Badge>{money(each.value, each.currency)}</Badge>}
        {each.state === 'open' && <Badge>{percentText(each.chance)}</Badge>}
        <NextBadge each={each} today={today} short />
      </>
    }
  />
)

// —— what several forms ask ——

export const OwnerSelect = ({
  people,
  value,
  name = 'owner',
  label,
  id,
}: {
  people: { person: string; name: string }[]
  value: string | null
  name?: string
  label?: string
  id?: string
}) => (
  <Select
    name={name}
    id={id}
    label={label ?? t('sales.owner')}
    value={value ?? ''}
    empty={t('sales.nobody')}
    choices={people.map(each => ({ value: each.person, label: each.name }))}
  />
)

export const TeamSelect = ({
  teams,
  value,
  required,
}: {
  teams: { id: string; name: string }[]
  value: string | null
  required?: boolean
}) => (
  <Select
    name="team"
    label={t('sales.team')}
    value={value ?? ''}
    empty={t(required ? 'sales.choose' : 'sales.noTeam')}
    required={required}
    choices={teams.map(each => ({ value: each.id, label: each.name }))}
  />
)

const common = ['EUR', 'USD', 'GBP', 'CHF', 'SEK', 'NOK', 'DKK', 'PLN', 'CZK', 'HUF', 'JPY', 'CAD', 'AUD', 'INR', 'BRL', 'CNY']

export const CurrencySelect = ({ value, disabled }: { value: string; disabled?: boolean }) => (
  <Select
    name="currency"
    label={t('sales.currency')}
    value={value}
    disabled={disabled}
    choices={[...new Set([value, ...common])].map(each => ({ value: each, label: each }))}
  />
)
