/** How much was heard, whose share of it is whose, in which mood, and where: the first picture of monitors, of a market, of a selection. */

import { daysFrom } from '#kernel/days.ts'
import {
  ActionButton,
  Button,
  Card,
  ChartFrame,
  Dialog,
  EmptyState,
  Folded,
  Form,
  FormActions,
  Grid,
  Input,
  Quiet,
  RelativeTime,
  Row,
  Stack,
  Stat,
  Table,
} from '#kernel/html/kit.tsx'
import { date, dayOfYear, number, percent, t } from '#kernel/messages.ts'
import { page, type See } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { remembered } from '#kernel/remembered.ts'
import * as soundings from './actions.ts'
import { changeOf, count, MoodBars, MoodTruth, moodSeries, Nothing, scoreOr, shareOr, short } from './pages-parts.tsx'
import {
  askedOf,
  Frame,
  hrefOf,
  languageName,
  mentionsOf,
  noon,
  type Place,
  pictured,
  sourceName,
  spanText,
  Together,
} from './pages-place.tsx'

export type Look = Awaited<ReturnType<typeof soundings.look>>
type Sure = Awaited<ReturnType<typeof soundings.accuracy>>

/** Asked for by many at once on a large screen, and the same for all of them. */
export const lookOf = (see: See, place: Place): Promise<Look> =>
  remembered(see.ctx, `soundings.look ${JSON.stringify([askedOf(place), place.against])}`, ['soundings', 'monitors'], () =>
    soundings.look(see.ctx, { ...askedOf(place), against: place.against }),
  )
export const sureOf = (see: See): Promise<Sure> =>
  remembered(see.ctx, 'soundings.sure', ['soundings', 'monitors'], () => soundings.accuracy(see.ctx, {}))

export const lookPage = page(
  '/soundings/look',
  { who: 'soundings.read', section: 'soundings' },
  pictured(async (see, place) => {
    const [look, sure, covers, talk] = await Promise.all([
      lookOf(see, place),
      sureOf(see),
      soundings.coverage(see.ctx, {}),
      place.market ? conversationOf(see, place) : null,
    ])
    return {
      title: `${place.title} · ${t('soundings.title')}`,
      live: ['soundings', 'monitors'],
      body: (
        <Frame place={place} picture="look" span={look.span} lists={['days', 'parts']} compares actions={<Keep see={see} place={place} />}>
          <Stack gap="large">
            {look.total.all === 0 && <Nothing is="silent" />}
            <Numbers place={place} look={look} />
            <Together place={place} />
            <Volume place={place} look={look} />
            {look.monitors.length > 1 && <Beside place={place} look={look} />}
            {talk && talk.items.length > 0 && <Talk talk={talk} />}
            <Mood place={place} look={look} sure={sure} />
            <Parts place={place} look={look} sure={sure} />
            <Covered look={look} covers={covers} />
          </Stack>
        </Frame>
      ),
    }
  }),
)

const conversationOf = (see: See, place: Place) => {
  const { monitors: _, ...how } = askedOf(place)
  return soundings.conversation(see.ctx, { ...how, market: place.market! })
}

const all = ({ span: { from, until } }: Look) => ({ from, until })

const Numbers = ({ place, look }: { place: Place; look: Look }) => {
  const { total, totalBefore, sov, sovBefore } = look
  return (
    <Grid columns="medium" gap="small">
      <Stat
        label={t('soundings.mentions')}
        value={short(total.n)}
        href={mentionsOf(place, all(look))}
        change={changeOf(total.n, totalBefore.n)}
        trend={look.trend.map(each => each.n)}
        detail={apartText(place, look)}
      />
      {sov !== null && (
        <Stat label={t('soundings.sov')} value={percent(sov)} change={points(sov, sovBefore)} detail={t('soundings.sovWhy')} />
      )}
      <Stat
        label={t('soundings.net')}
        value={scoreOr(total.net)}
        unknown={total.net === null}
        change={points(total.net, totalBefore.net)}
        detail={t('soundings.netWhy')}
      />
      <Stat
        label={t('soundings.nsr')}
        value={scoreOr(total.nsr)}
        unknown={total.nsr === null}
        change={points(total.nsr, totalBefore.nsr)}
        detail={t('soundings.nsrWhy')}
      />
      <Stat
        label={t('soundings.reach')}
        value={total.reachKnown ? short(total.reach) : t('soundings.unknown')}
        unknown={total.reachKnown === 0}
        detail={t('soundings.reachWhy', { share: percent(total.all ? total.reachKnown / total.all : 0) })}
      />
    </Grid>
  )
}

const apartText = (place: Place, { total: { n, all, duplicates, bots, staff } }: Look): string =>
  place.everything
    ? t('soundings.among', { duplicates: count(duplicates), bots: count(bots), staff: count(staff) })
    : t('soundings.leftOut', { n: count(all - n), duplicates: count(duplicates), bots: count(bots), staff: count(staff) })

function points(now: number | null, before: number | null) {
  if (now === null || before === null) return undefined
  const direction = now > before ? ('up' as const) : now < before ? ('down' as const) : ('same' as const)
  return {
    text: t('soundings.points', { points: number(100 * (now - before), { maximumFractionDigits: 1, signDisplay: 'exceptZero' }) }),
    direction,
  }
}

// —— over time ——

const oneYear = (steps: readonly { from: string }[]): boolean => steps[0]?.from.slice(0, 4) === steps.at(-1)?.from.slice(0, 4)
export const labelsOf = (steps: readonly { from: string }[]): string[] =>
  steps.map(each => (oneYear(steps) ? dayOfYear : date)(noon(each.from)))
export const endOf = (steps: readonly { from: string }[], at: number, until: string): string =>
  steps[at + 1] ? daysFrom(steps[at + 1]!.from, -1) : until

/** Of several monitors a point opens its own days, side by side; of one the mentions themselves. */
export const pointHref = (place: Place, steps: readonly { from: string; n: number }[], until: string, more = {}) =>
  steps.map((each, at) => {
    if (each.n === 0) return null
    const span = { from: each.from, until: endOf(steps, at, until) }
    return mentionsOf(place, { ...span, ...more })
  })

const Volume = ({ place, look }: { place: Place; look: Look }) => {
  const { monitors, trend, trendBefore, span, before, step } = look
  const series = monitors.map(({ name }, at) => ({ name, values: trend.map(each => each.by[at] ?? 0) }))
  const past = { name: t(`soundings.against.${place.against}`), values: trend.map((_, at) => trendBefore[at] ?? null), dashed: true, tone: 'neutral' as const } // biome-ignore format: one line
  return (
    <Card>
      <ChartFrame
        id="volume"
        title={t('soundings.volume')}
        detail={`${t(`soundings.step.${step}`)} · ${t('soundings.comparedWith', { span: spanText(before) })}`}
        kind={monitors.length > 1 ? 'line' : 'area'}
        labels={labelsOf(trend)}
        labelHead={t('soundings.when')}
        series={monitors.length > 1 ? series : [...series, past]}
        format={{ maximumFractionDigits: 0 }}
        show={count}
        hrefs={pointHref(place, trend, span.until)}
      />
    </Card>
  )
}

/** Brands and periods side by side. */
const Beside = ({ place, look }: { place: Place; look: Look }) => (
  <Card flush title={t('soundings.beside')} detail={t('soundings.besideWhy', { span: spanText(look.span), before: spanText(look.before) })}>
    <Table
      caption={t('soundings.beside')}
      captionHidden
      stacks
      rows={look.monitors}
      columns={[
        {
          head: t('soundings.monitor'),
          heading: true,
          cell: each => (
            <a href={hrefOf({ ...place, market: undefined, saved: undefined, monitors: each.id } as Place, 'look')}>
              <bdi>{each.name}</bdi>
            </a>
          ),
        },
        { head: t('soundings.side'), cell: each => t(each.ours ? 'soundings.ours' : 'soundings.others') },
        {
          head: t('soundings.mentions'),
          numeric: true,
          cell: each => <a href={mentionsOf({ ...place, monitors: each.id }, all(look))}>{count(each.sum.n)}</a>,
        },
        { head: t('soundings.then'), numeric: true, cell: each => count(each.before.n) },
        { head: t('soundings.voiceShare'), numeric: true, cell: each => shareOr(look.total.n ? each.sum.n / look.total.n : null) },
        { head: t('soundings.voiceShareThen'), numeric: true, cell: each => shareOr(look.totalBefore.n ? each.before.n / look.totalBefore.n : null) }, // biome-ignore format: one line
        { head: t('soundings.net'), numeric: true, cell: each => scoreOr(each.sum.net) },
        { head: t('soundings.netThen'), numeric: true, cell: each => scoreOr(each.before.net) },
        { head: t('soundings.nsr'), numeric: true, cell: each => scoreOr(each.sum.nsr) },
      ]}
    />
  </Card>
)

type Talked = Awaited<ReturnType<typeof soundings.conversation>>

const Talk = ({ talk: { items } }: { talk: Talked }) => (
  <Card flush title={t('soundings.conversation')} detail={t('soundings.conversationWhy')}>
    {items.map(({ topic, brands }) => (
      <Table
        caption={`${topic.name} · ${t('soundings.countMentions', { count: topic.n })}`}
        dense
        stacks
        rows={brands}
        columns={[
          { head: t('soundings.monitor'), heading: true, cell: each => <bdi>{each.name}</bdi> },
          {
            head: t('soundings.mentions'),
            numeric: true,
            cell: each => <a href={mentionsOf({ monitors: topic.id, everything: false }, {})}>{count(each.n)}</a>,
          },
          { head: t('soundings.conversation'), numeric: true, cell: each => shareOr(each.share) },
        ]}
      />
    ))}
  </Card>
)

// —— moods ——

interface Moody {
  place: Place
  look: Look
  sure: Sure
}

const heard = ({ languages }: Look): string[] => languages.map(each => each.part)

const Mood = ({ place, look, sure }: Moody) => (
  <Card>
    <Stack>
      <ChartFrame
        id="mood"
        title={t('soundings.moods')}
        detail={t('soundings.moodsWhy')}
        kind="stacked"
        labels={labelsOf(look.trend)}
        labelHead={t('soundings.when')}
        series={moodSeries(look.trend)}
        format={{ maximumFractionDigits: 0 }}
        show={count}
        hrefs={pointHref(place, look.trend, look.span.until)}
      />
      <Row>
        {(['positive', 'neutral', 'negative'] as const).map(mood => (
          <a href={mentionsOf(place, { ...all(look), mood })}>
            {t('soundings.openMood', { mood: t(`soundings.mood.${mood}`), count: look.total[mood] })}
          </a>
        ))}
      </Row>
      <ChartFrame
        id="net"
        title={t('soundings.netOverTime')}
        detail={t('soundings.netWhy')}
        kind="line"
        height="small"
        labels={labelsOf(look.trend)}
        labelHead={t('soundings.when')}
        series={[{ name: t('soundings.net'), values: look.trend.map(each => each.net), tone: 'talk' }]}
        format={{ style: 'percent', maximumFractionDigits: 0 }}
        show={scoreOr}
        hrefs={pointHref(place, look.trend, look.span.until)}
      />
      <MoodTruth sure={sure} languages={heard(look)} />
    </Stack>
  </Card>
)

const mostBars = 12

const Parts = ({ place, look, sure }: Moody) => (
  <Grid columns="wide">
    {(['sources', 'languages'] as const).map(which => {
      const [name, narrowed] = which === 'sources' ? [sourceName, 'source'] : [languageName, 'language']
      const rows = look[which].slice(0, mostBars)
      return (
        <Card>
          <Stack>
            <MoodBars
              id={which}
              title={t(`soundings.${which}`)}
              head={t(`soundings.${narrowed}`)}
              rows={rows.map(each => ({ ...each, label: name(each.part) }))}
              hrefs={rows.map(each => (each.part ? mentionsOf(place, { ...all(look), [narrowed]: each.part }) : null))}
            />
            <MoodTruth sure={sure} languages={[]} brief />
          </Stack>
        </Card>
      )
    })}
  </Grid>
)

type Covers = Awaited<ReturnType<typeof soundings.coverage>>

/** What is connected and what is not: numbers say nothing of where nobody listened. */
const Covered = ({ look, covers }: { look: Look; covers: Covers }) => {
  const quiet = look.step === 'day' ? look.trend.filter(each => each.n === 0).length : 0
  return (
    <Card title={t('soundings.coverage')} icon="info">
      <Stack gap="small">
        <p>{t('soundings.coverageWhy', { sources: look.sources.map(each => sourceName(each.part)).join(', ') || '–' })}</p>
        {quiet > 0 && <p>{t('soundings.quietDays', { count: quiet })}</p>}
        <Folded label={t('soundings.connected')}>
          <Table
            caption={t('soundings.connected')}
            captionHidden
            dense
            stacks
            rows={covers.items}
            empty={<EmptyState title={t('soundings.notConnected')} why={t('soundings.notConnectedWhy')} icon="plug" compact />}
            columns={[
              { head: t('soundings.source'), heading: true, cell: each => sourceName(each.channel) },
              { head: t('soundings.since'), cell: each => date(each.since) },
              { head: t('soundings.accounts'), numeric: true, cell: each => count(each.accounts) },
              { head: t('soundings.working'), numeric: true, cell: each => count(each.working) },
              { head: t('soundings.lastHeard'), cell: each => (each.heardAt ? <RelativeTime at={each.heardAt} /> : '–') },
            ]}
          />
        </Folded>
        <Quiet small>{t('soundings.days0')}</Quiet>
      </Stack>
    </Card>
  )
}

// —— kept under a name ——

const Keep = ({ see, place }: { see: See; place: Place }) => {
  if (!may(see.ctx.actor, 'soundings.save')) return null
  if (place.saved)
    return (
      <ActionButton action={`/soundings/selections/${place.saved}/remove`} icon="trash" size="small">
        {t('soundings.remove')}
      </ActionButton>
    )
  return (
    <>
      <Button type="button" opens="keep" icon="star" size="small">
        {t('soundings.save')}
      </Button>
      <Dialog id="keep" title={t('soundings.save')}>
        <Form
          action="/soundings/selections"
          hidden={{ monitors: place.monitors, days: String(place.days), everything: String(place.everything) }}
        >
          <Input
            name="name"
            label={t('soundings.name')}
            hint={t('soundings.saveWhy')}
            required
            maxlength={100}
            value={place.title.slice(0, 100)}
          />
          <FormActions>
            <Button look="strong" main>
              {t('soundings.saveIt')}
            </Button>
          </FormActions>
        </Form>
      </Dialog>
    </>
  )
}
