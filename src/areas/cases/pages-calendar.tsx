/** Open cases by the day on which they are to be solved: a month, and one day of it as a list. */
import { Card, Icon, LinkButton, Page, Row, RowList, Stack, Toolbar } from '#kernel/html/kit.tsx'
import { locale, t, zone } from '#kernel/messages.ts'
import { page } from '#kernel/page.tsx'
import { localOf, momentOf } from '#kernel/zones.ts'
import * as cases from './actions.ts'
import { Head, pathOf, rowsOf } from './pages-list.tsx'
import { daysOfMonth } from './rules.ts'
import type { Listed } from './words.ts'

const dayOf = (at: Date): string => {
  const { year, month, day } = localOf(at, zone())
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10)
}

const isDay = (text: string | null): text is string => text !== null && /^20\d\d-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))
const begins = (day: string, later = 0): Date => momentOf(Date.parse(`${day}T00:00Z`) + later * 86_400_000, zone())
const said = (day: string, look: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(locale(), { ...look, timeZone: 'UTC' }).format(new Date(`${day}T00:00Z`))

const address = (on: string, more: Record<string, string> = {}) => `/cases/calendar?${new URLSearchParams({ on, ...more })}`

function beside(on: string, way: 1 | -1): string {
  const at = new Date(`${on}T00:00Z`)
  at.setUTCMonth(at.getUTCMonth() + way, 1)
  return at.toISOString().slice(0, 10)
}

export const calendarPage = page(
  '/cases/calendar',
  { who: 'cases.read', section: 'cases', finds: () => [{ title: t('cases.calendar'), icon: 'calendar' }] },
  async see => {
    const [today, asked, chosen] = [dayOf(see.ctx.now), see.query.get('on'), see.query.get('day')]
    const on = isDay(asked) ? asked : today
    const days = daysOfMonth(on)
    const { items } = await cases.calendar(see.ctx, { from: begins(days[0]!), to: begins(days.at(-1)!, 1) })
    const byDay = Map.groupBy(items, each => dayOf(each.solveDue!))
    return {
      title: `${t('cases.calendar')} · ${t('cases.cases')}`,
      live: ['cases'],
      body: (
        <Page>
          <Head look="calendar" />
          <Stack>
            <Walk on={on} />
            <div class="calendar-weekdays" aria-hidden="true">
              {days.slice(0, 7).map(day => (
                <span>{said(day, { weekday: 'short' })}</span>
              ))}
            </div>
            <ol class="calendar" data-look="month" aria-label={t('cases.calendar')}>
              {days.map(day => (
                <Day day={day} on={on} today={today} here={byDay.get(day) ?? []} now={see.ctx.now} />
              ))}
            </ol>
            {isDay(chosen) && (
              <Card title={t('cases.dueOn', { day: said(chosen, { dateStyle: 'full' }) })} flush>
                <RowList label={said(chosen, { dateStyle: 'full' })}>{rowsOf(byDay.get(chosen) ?? [], see.ctx.now)}</RowList>
              </Card>
            )}
          </Stack>
        </Page>
      ),
    }
  },
)

const Walk = ({ on }: { on: string }) => (
  <Toolbar label={t('cases.calendar')}>
    <Row>
      <LinkButton href={address(beside(on, -1))} look="bare" size="small" shortcut="h" title={t('cases.monthBefore')}>
        <Icon name="chevronLeft" label={t('cases.monthBefore')} />
      </LinkButton>
      <h2 class="calendar-title">{said(on, { month: 'long', year: 'numeric' })}</h2>
      <LinkButton href={address(beside(on, 1))} look="bare" size="small" shortcut="l" title={t('cases.monthAfter')}>
        <Icon name="chevronRight" label={t('cases.monthAfter')} />
      </LinkButton>
      <LinkButton href="/cases/calendar" size="small">
        {t('cases.today')}
      </LinkButton>
    </Row>
  </Toolbar>
)

const most = 4

const Day = ({ day, on, today, here, now }: { day: string; on: string; today: string; here: Listed[]; now: Date }) => (
  <li
    class="calendar-day"
    data-today={day === today ? '' : undefined}
    data-other={day.slice(0, 7) === on.slice(0, 7) ? undefined : ''}
    data-empty={here.length ? undefined : ''}
  >
    <time class="calendar-date" datetime={day} aria-current={day === today ? 'date' : undefined}>
      <span class="calendar-number" aria-hidden="true">
        {said(day, { day: 'numeric' })}
      </span>
      <span class="calendar-full">{said(day, { weekday: 'long', day: 'numeric', month: 'long' })}</span>
    </time>
    {here.slice(0, most).map(each => (
      <a class="calendar-post" href={pathOf(each)} data-state={each.solveDue! < now ? 'trouble' : 'planned'}>
        <span class="calendar-time">
          K-{each.number} {each.solveDue! < now && <Icon name="warning" size={12} label={t('cases.isLate')} />}
        </span>
        <bdi class="calendar-words">{each.title}</bdi>
      </a>
    ))}
    {here.length > 0 && (
      <a class="calendar-more" href={address(on, { day })}>
        {t('cases.onThisDay', { count: here.length })}
      </a>
    )}
  </li>
)
