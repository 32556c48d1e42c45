/** How alerts are called and shown wherever they stand. */
import { Badge, Item, RelativeTime, Row } from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import * as alerts from './actions.ts'
import type { Alert, Level, Stage } from './words.ts'

const toneOf: Record<Exclude<Level, 0>, 'neutral' | 'warning' | 'bad'> = { 1: 'neutral', 2: 'warning', 3: 'bad' }
const icons = { spike: 'trendUp', mood: 'faceBad', vip: 'star', topic: 'tag', silence: 'bellOff' } as const

export const iconOf = ({ kind }: Pick<Alert, 'kind'>) => icons[kind]

export const LevelBadge = ({ alert }: { alert: Pick<Alert, 'level' | 'kind'> }) => (
  <Badge tone={toneOf[alert.level]} icon={icons[alert.kind]}>
    {t(`alerts.level.${alert.level}`)}
  </Badge>
)

export const stageTone: Record<Stage, 'neutral' | 'warning' | 'bad'> = { watch: 'neutral', serious: 'warning', crisis: 'bad' }

export const StageBadge = ({ stage }: { stage: Stage }) => <Badge tone={stageTone[stage]}>{t(`alerts.stage.${stage}`)}</Badge>

/** What happened, in one sentence with its numbers. */
export const whatHappened = (it: Alert): string =>
  t(`alerts.what.${it.kind}`, {
    peak: alerts.figureOf(it, it.peak),
    usual: alerts.figureOf(it, it.usual),
    mentions: it.mentions,
    turn: it.about.turn ?? 'worse',
    term: it.about.terms?.[0] ?? '–',
    more: Math.max(0, (it.about.terms?.length ?? 0) - 1),
  })

export const pathOf = (it: Pick<Alert, 'id'>): string => `/alerts/${it.id}`

export const AlertItem = ({ alert, name }: { alert: Alert; name: string }) => (
  <Item
    row={{}}
    href={pathOf(alert)}
    title={
      <>
        <bdi>{name}</bdi>: {t(`alerts.kind.${alert.kind}`)}
      </>
    }
    detail={<bdi>{whatHappened(alert)}</bdi>}
    end={
      <Row>
        <LevelBadge alert={alert} />
        {alert.overAt && !alert.dismissedAt && <Badge>{t('alerts.isOver')}</Badge>}
        <RelativeTime at={alert.beganAt} />
      </Row>
    }
  />
)

/** Where the mentions of a time are listed. */
export function mentionsOf(monitor: string, from: Date, until: Date, more: Record<string, string> = {}): string {
  return `/monitors/mentions?${new URLSearchParams({ monitor, from: from.toISOString(), until: until.toISOString(), ...more })}`
}
