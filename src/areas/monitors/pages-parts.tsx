/** What pages of monitors share: a mention as a line, moods, how far a look back is. */
import { ActionForm, Badge, Button, Card, Icon, Item, Marked, Progress, RelativeTime, Row, type Tone } from '#kernel/html/kit.tsx'
import { number, t } from '#kernel/messages.ts'
import { channelNamed } from '#social/channels/actions.ts'
import type { Look, Mention, Mood } from './words.ts'

export const base = '/monitors'
export const allMentions = `${base}/mentions`
const uuid = '{[0-9a-f]{8}-[0-9a-f-]{27}}'
export const monitorPath = `${base}/:monitor${uuid}`
export const mentionPath = `${allMentions}/:mention${uuid}`

const tones: Record<Mood, Tone> = { negative: 'bad', neutral: 'neutral', positive: 'good' }

export const MoodBadge = ({ mention: { mood, moodSure, moodBy } }: { mention: Pick<Mention, 'mood' | 'moodSure' | 'moodBy'> }) =>
  mood && (
    <Badge tone={tones[mood]} icon={moodBy ? 'check' : undefined}>
      {moodBy || moodSure === null
        ? t(`mood.is.${mood}`)
        : t('monitors.moodSure', { mood: t(`mood.is.${mood}`), share: number(moodSure, { style: 'percent' }) })}
    </Badge>
  )

/** How a source is called: its channel’s own name, or the house’s. */
export function sourceName(source: string): string {
  const channel = channelNamed(source)
  if (channel) return t(channel.title)
  return source === 'house' ? t('monitors.house') : source
}

export const whoOf = ({ authorName, author }: Pick<Mention, 'authorName' | 'author'>): string =>
  authorName || author || t('monitors.somebody')

const shownText = 300

/** One line of a list; `spans` are the places that fit. */
export const MentionItem = ({
  mention,
  names,
  now,
  spans = [],
}: {
  mention: Mention
  names?: string[]
  now: Date
  spans?: [number, number][]
}) => (
  <Item
    row={{}}
    href={`${allMentions}/${mention.id}`}
    title={<bdi>{whoOf(mention)}</bdi>}
    detail={
      <>
        <Marked text={mention.text.slice(0, shownText).toWellFormed()} spans={spans} />
        <br />
        {[sourceName(mention.source), mention.language, ...(names ?? [])].filter(Boolean).join(' · ')}
      </>
    }
    end={
      <Row gap="small">
        <Marks mention={mention} />
        <MoodBadge mention={mention} />
        <RelativeTime at={mention.at} now={now} />
      </Row>
    }
  />
)

export const likely = 0.5

const Marks = ({ mention: { bot, spam, staff, alike } }: { mention: Mention }) => (
  <>
    {alike && <Badge icon="copy">{t('monitors.isAlike')}</Badge>}
    {bot !== null && bot >= likely && <Badge>{t('monitors.isBot')}</Badge>}
    {spam !== null && spam >= likely && <Badge tone="warning">{t('monitors.isSpam')}</Badge>}
    {staff && <Badge tone="inside">{t('monitors.isStaff')}</Badge>}
  </>
)

/** While it goes on it can be stopped; afterwards it says what it found. */
export const LookCard = ({ look, monitor, manages }: { look: Look; monitor: string; manages: boolean }) =>
  look.endedBy === null ? (
    <Card>
      <Progress
        label={t('monitors.looking')}
        topic={`task:${look.task}`}
        value={look.share}
        detail={t('monitors.lookedAt', { n: look.seen })}
      />
      {manages && (
        <ActionForm action={`${base}/${monitor}/stop`}>
          <Button icon="close" size="small">
            {t('monitors.stop')}
          </Button>
        </ActionForm>
      )}
    </Card>
  ) : (
    <p>
      <Icon name="check" /> {t(`monitors.looked.${look.endedBy}`, { n: look.seen, found: look.found, lost: look.lost })}
    </p>
  )
