import { Icon, LinkButton, Row, Toolbar, Unseen } from '#kernel/html/kit.tsx'
import { locale, number, t, zone } from '#kernel/messages.ts'
import type { See } from '#kernel/page.tsx'
import { localOf, momentOf } from '#kernel/zones.ts'
import * as marketing from './actions.ts'
import { daysShown, partsOf, stateOf } from './rules.ts'
import type { Post } from './words.ts'

type Look = 'month' | 'week'

export interface Calendar {
  look: Look
  /** A day in it, as `2026-11-22`. */
  on: string
  days: string[]
  today: string
  posts: Map<string, Post[]>
}

const dayOf = (at: Date): string => {
  const { year, month, day } = localOf(at, zone())
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10)
}

const isDay = (text: string | null): text is string => text !== null && /^20\d\d-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))

export async function calendarOf(see: See): Promise<Calendar> {
  const look = see.query.get('look') === 'week' ? 'week' : 'month'
  const [today, asked] = [dayOf(see.ctx.now), see.query.get('on')]
  const on = isDay(asked) ? asked : today
  const days = daysShown(look, on)
  const from = momentOf(Date.parse(`${days[0]}T00:00Z`), zone())
  const to = momentOf(Date.parse(`${days.at(-1)}T00:00Z`) + 86_400_000, zone())
  const { items } = await marketing.calendar(see.ctx, { from, to })
  return { look, on, days, today, posts: Map.groupBy(items, each => dayOf(each.dueAt!)) }
}

/** Of a day that is no moment: the zone does not count. */
const said = (day: string, look: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(locale(), { ...look, timeZone: 'UTC' }).format(new Date(`${day}T00:00Z`))

const timeOf = (at: Date): string => new Intl.DateTimeFormat(locale(), { timeStyle: 'short', timeZone: zone() }).format(at)

function beside({ look, on }: Calendar, way: 1 | -1): string {
  const at = new Date(`${on}T00:00Z`)
  if (look === 'week') at.setUTCDate(at.getUTCDate() + 7 * way)
  else at.setUTCMonth(at.getUTCMonth() + way, 1)
  return at.toISOString().slice(0, 10)
}

const address = (look: Look, on?: string) => `/publish?${new URLSearchParams({ look, ...(on && { on }) })}`

export const Walk = ({ calendar }: { calendar: Calendar }) => {
  const { look, on, days } = calendar
  const title =
    look === 'month'
      ? said(on, { month: 'long', year: 'numeric' })
      : `${said(days[0]!, { day: 'numeric', month: 'short' })} – ${said(days.at(-1)!, { day: 'numeric', month: 'short', year: 'numeric' })}`
  return (
    <Toolbar
      label={t('marketing.calendar')}
      end={
        <Row>
          {(['month', 'week'] as const).map(each => (
            <LinkButton href={address(each, on)} size="small" current={each === look} look={each === look ? 'plain' : 'bare'}>
              {t(`marketing.look.${each}`)}
            </LinkButton>
          ))}
          <LinkButton href="/publish/list/planned" size="small" look="bare">
            {t('marketing.look.list')}
          </LinkButton>
        </Row>
      }
    >
      <Row>
        <LinkButton href={address(look, beside(calendar, -1))} look="bare" size="small" shortcut="h" title={t('marketing.earlier')}>
          <Icon name="chevronLeft" label={t('marketing.earlier')} />
        </LinkButton>
        <h2 class="calendar-title">{title}</h2>
        <LinkButton href={address(look, beside(calendar, 1))} look="bare" size="small" shortcut="l" title={t('marketing.later')}>
          <Icon name="chevronRight" label={t('marketing.later')} />
        </LinkButton>
        <LinkButton href={address(look)} size="small">
          {t('marketing.today')}
        </LinkButton>
      </Row>
    </Toolbar>
  )
}

export const Days = ({ calendar, mayMove }: { calendar: Calendar; mayMove: boolean }) => (
  <>
    <div class="calendar-weekdays" aria-hidden="true">
      {calendar.days.slice(0, 7).map(day => (
        <span>{said(day, { weekday: 'short' })}</span>
      ))}
    </div>
    <ol class="calendar" data-look={calendar.look} aria-label={t('marketing.calendar')}>
      {calendar.days.map(day => (
        <Day day={day} calendar={calendar} mayMove={mayMove} />
      ))}
    </ol>
    {mayMove && <p class="calendar-hint">{t('marketing.moveHint')}</p>}
  </>
)

const most = { month: 3, week: 100 }

const Day = ({ day, calendar: { look, on, today, posts }, mayMove }: { day: string; calendar: Calendar; mayMove: boolean }) => {
  const here = posts.get(day) ?? []
  const shown = here.length > most[look] ? here.slice(0, most[look] - 1) : here
  return (
    <li
      class="calendar-day"
      data-day={day}
      data-today={day === today ? '' : undefined}
      data-over={day < today ? '' : undefined}
      data-other={look === 'month' && day.slice(0, 7) !== on.slice(0, 7) ? '' : undefined}
      data-empty={here.length ? undefined : ''}
    >
      <time class="calendar-date" datetime={day} aria-current={day === today ? 'date' : undefined}>
        <span class="calendar-number" aria-hidden="true">
          {said(day, { day: 'numeric' })}
        </span>
        <span class="calendar-full">{said(day, { weekday: 'long', day: 'numeric', month: 'long' })}</span>
      </time>
      {shown.map(post => (
        <Entry post={post} look={look} mayMove={mayMove} />
      ))}
      {here.length > shown.length && (
        <a class="calendar-more" href={address('week', day)}>
          {t('marketing.andMore', { count: here.length - shown.length })}
        </a>
      )}
    </li>
  )
}

const Entry = ({ post, look, mayMove }: { post: Post; look: Look; mayMove: boolean }) => {
  const state = stateOf(
    post.dueAt,
    post.variants.map(each => each.state),
  )
  const [first] = post.pictures
  return (
    <a
      class="calendar-post"
      id={`post-${post.id}`}
      href={`/publish/posts/${post.id}`}
      data-state={state}
      data-moves={mayMove && state === 'planned' ? `/publish/posts/${post.id}/move` : undefined}
      draggable={mayMove && state === 'planned' ? 'true' : 'false'}
    >
      <span class="calendar-time">
        {timeOf(post.dueAt!)}
        {state === 'trouble' && <Icon name="warning" size={12} />}
        {state === 'gone' && <Icon name="check" size={12} />}
        <Unseen>{t(`marketing.state.${state}`)}</Unseen>
        {post.variants.length > 1 && <small>×{number(post.variants.length)}</small>}
      </span>
      {look === 'week' && first && <img src={`/files/${first.file}?size=small`} alt="" loading="lazy" />}
      <bdi class="calendar-words">{wordsOf(post)}</bdi>
    </a>
  )
}

/** The beginning of what it says. */
export const wordsOf = (post: Post): string =>
  partsOf(post.text || post.variants.find(each => each.text)?.text || '')
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 200) || t('marketing.noWords')
