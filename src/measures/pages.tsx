import {
  ActionForm,
  Breadcrumb,
  Button,
  Card,
  EmptyState,
  Grid,
  Heading,
  LinkButton,
  Page,
  PageHead,
  Progress,
  Quiet,
  Stack,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, type Html, offer, page, type See } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { homeCards } from '#kernel/words.ts'
import { cardsOf } from '#social/people/actions.ts'
import * as measures from './actions.ts'
import { Behind, Channels, Definition, type Listed, MeasureStat, Numbers, name, PeriodTabs, type Place, partName, Trend } from './drawn.tsx'
import { countDays } from './time.ts'
import { catalogue, everything, type Measure, type MeasureId, measureId, measureOf, windowDays } from './words.ts'

export { behindCsv, reportCsv, reportPage } from './pages-reports.tsx'

// —— the list ——

const wantedDays = (see: See, usual: number): number => {
  const days = Number(see.query.get('days') ?? usual)
  return windowDays.find(each => each === days) ?? usual
}

const Phase = ({ phase, items, days }: { phase: Measure['phase']; items: Listed[]; days: number }) => {
  const own = items.filter(each => measureOf(each.measure).phase === phase)
  return own.length ? (
    <Stack gap="small">
      <Heading>{t(`measures.phase.${phase}`)}</Heading>
      <Grid columns="medium" gap="small">
        {own.map(item => (
          <MeasureStat item={item} days={days} />
        ))}
      </Grid>
    </Stack>
  ) : null
}

const phases = [...new Set(catalogue.map(each => each.phase))]

async function Counting({ see }: { see: See }): Promise<Html | null> {
  const { rebuild, left } = await measures.progress(see.ctx, {})
  if (!rebuild) return null
  const done = rebuild.total ? Math.max(0, rebuild.total - left) / rebuild.total : 1
  return <Progress label={t('measures.recounting')} value={done} detail={t('measures.recountingDetail', { left, total: rebuild.total })} />
}

const Recount = ({ see }: { see: See }) =>
  may(see.ctx.actor, measures.rebuild.info.who) ? (
    <ActionForm action="/measures/rebuild">
      <Button icon="refresh" size="small">
        {t('measures.recount')}
      </Button>
    </ActionForm>
  ) : null

export const measureList = page(
  '/measures',
  { who: 'measures.read', place: { section: 'measures', title: 'measures.title', icon: 'chart', order: 60, shortcut: 'g m' } },
  async see => {
    const days = wantedDays(see, 30)
    const { items } = await measures.list(see.ctx, { days })
    const unknown = items.every(item => item.coverage === 0)
    return {
      title: t('measures.title'),
      live: ['measures'],
      body: (
        <Page>
          <PageHead
            title={t('measures.title')}
            detail={t('measures.about')}
            actions={
              <>
                <LinkButton href="/reports" icon="grid">
                  {t('measures.reports')}
                </LinkButton>
                <Recount see={see} />
              </>
            }
            tabs={<PeriodTabs path="/measures" days={days} />}
          />
          <Stack gap="large">
            <Counting see={see} />
            {unknown ? (
              <EmptyState
                title={t('measures.empty')}
                why={t('measures.emptyWhy')}
                icon="chart"
                action={{ label: t('measures.connect'), href: '/settings/channels', icon: 'plug' }}
              />
            ) : (
              phases.map(phase => <Phase phase={phase} items={items} days={days} />)
            )}
          </Stack>
        </Page>
      ),
    }
  },
)

export const doRebuild = form('/measures/rebuild', measures.rebuild, {
  done: () => ({ stay: true, say: 'measures.recountStarted' }),
})

// —— one measure ——

function placeOf(see: See): Place | null {
  const id = measureId.safeParse(see.params.measure)
  if (!id.success) return null
  const read = (key: string) => see.query.get(key) || undefined
  const holds = read('holds')
  return {
    measure: measureOf(id.data),
    days: wantedDays(see, 30),
    scope: read('scope') ?? everything,
    ...(isDay(read('from')) && isDay(read('until')) && { from: read('from'), until: read('until') }),
    ...((holds === 'true' || holds === 'false') && { holds }),
  }
}

const isChannel = (scope: string): boolean => scope === everything || scope.startsWith('channel:')

const isDay = (text: string | undefined): boolean => text !== undefined && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))

function findBehind(see: See, place: Place, limit: number) {
  const before = see.query.get('before')
  const window = place.from ? { days: countDays(place.from, place.until!), until: place.until } : { days: place.days }
  return measures.evidence(see.ctx, {
    measure: place.measure.id,
    scope: place.scope,
    ...window,
    ...(place.holds && { holds: place.holds }),
    ...(before && { before }),
    limit,
  })
}

export const oneMeasure = page(
  '/measures/:measure',
  {
    who: 'measures.read',
    section: 'measures',
    finds: () => catalogue.map(({ id }) => ({ title: t(`measures.${id}.name`), href: `/measures/${id}`, icon: 'chart' })),
  },
  async see => {
    const place = placeOf(see)
    if (!place) return { title: t('kernel.notFound'), status: 404, body: <EmptyState title={t('kernel.notFound')} icon="chart" /> }
    const { measure, days, scope } = place
    const shown = await measures.show(see.ctx, { measure: measure.id, days, scope })
    const found = await findBehind(see, place, 12)
    const people = await cardsOf(see.ctx, [...new Set(found.items.flatMap(item => item.person ?? []))])
    return {
      title: name(measure),
      live: ['measures'],
      body: (
        <Page>
          <PageHead
            above={<Breadcrumb crumbs={[{ label: t('measures.title'), href: `/measures?days=${days}` }, { label: name(measure) }]} />}
            title={name(measure)}
            detail={t(`measures.${measure.id}.says`)}
            tabs={<PeriodTabs path={`/measures/${measure.id}`} days={days} keep={scope === everything ? '' : `&scope=${scope}`} />}
          />
          <Stack gap="large">
            {!isChannel(scope) && (
              <Quiet>
                {t('measures.only', { part: partName(scope, await measures.namesOf(see.ctx)) })}{' '}
                <a href={`/measures/${measure.id}?days=${days}`}>{t('measures.showAll')}</a>
              </Quiet>
            )}
            <Channels place={place} scopes={shown.scopes} />
            <Numbers place={place} shown={shown} />
            {shown.trend.some(step => step.value !== null) && (
              <Card>
                <Trend place={place} shown={shown} />
              </Card>
            )}
            <Behind place={place} found={found} people={people} before={see.query.has('before')} />
            <LinkButton
              href={`/reports/behind.csv?${new URLSearchParams({ measure: measure.id, scope, days: String(days) })}`}
              icon="download"
              size="small"
            >
              {t('measures.csvBehind')}
            </LinkButton>
            <Definition measure={measure} value={shown.value} />
          </Stack>
        </Page>
      ),
    }
  },
)

// —— in others' rooms ——

const atHome: MeasureId[] = ['response.rate', 'response.first.business']

export const onHome = offer(
  homeCards,
  async (see): Promise<Html> => {
    const { items } = await measures.list(see.ctx, { days: 30 })
    return (
      <>
        {items
          .filter(item => atHome.includes(item.measure))
          .map(item => (
            <MeasureStat item={item} days={30} />
          ))}
      </>
    )
  },
  { order: 60, who: 'measures.read' },
)
