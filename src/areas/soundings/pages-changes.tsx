/** What made the difference between two periods, and who speaks. */
import { Card, ChartFrame, EmptyState, Grid, Quiet, Stack, Table, Tabs } from '#kernel/html/kit.tsx'
import { number, t } from '#kernel/messages.ts'
import { page, type See } from '#kernel/page.tsx'
import { remembered } from '#kernel/remembered.ts'
import * as soundings from './actions.ts'
import { sureOf } from './pages-look.tsx'
import { count, MoodTruth, scoreOr, short, signed, TermLink } from './pages-parts.tsx'
import {
  askedOf,
  countryName,
  Frame,
  hrefOf,
  languageName,
  mentionsOf,
  type Place,
  pictured,
  sourceName,
  spanText,
  Together,
} from './pages-place.tsx'
import { type Side, sides, type Voice } from './words.ts'

type Drivers = Awaited<ReturnType<typeof soundings.drivers>>
type Of = 'n' | 'mood'

/** Of terms and voices only how often they were is kept, so that they tell of volume alone. */
const tellsMood = (by: Side): boolean => by !== 'term' && by !== 'voice'

const changed = (see: See, place: Place, by: Side, of: Of): Promise<Drivers> => {
  const asked = { ...askedOf(place), against: place.against, by, of }
  return remembered(see.ctx, `soundings.drivers ${JSON.stringify(asked)}`, ['soundings', 'monitors'], () =>
    soundings.drivers(see.ctx, asked),
  )
}

export const changesPage = page(
  '/soundings/changes',
  { who: 'soundings.read', section: 'soundings' },
  pictured(async (see, place) => {
    const of = see.query.get('of') === 'mood' ? ('mood' as const) : ('n' as const)
    const shown = sides.filter(by => of === 'n' || tellsMood(by))
    const [all, sure] = await Promise.all([Promise.all(shown.map(by => changed(see, place, by, of))), sureOf(see)])
    return {
      title: `${t('soundings.picture.changes')} · ${place.title}`,
      live: ['soundings', 'monitors'],
      body: (
        <Frame place={place} picture="changes" span={all[0]!.span} lists={['changes']} compares>
          <Stack gap="large">
            <Tabs
              label={t('soundings.differenceOf')}
              tabs={(['n', 'mood'] as const).map(each => ({
                href: hrefOf(place, 'changes', { of: each }),
                label: t(`soundings.differenceOf.${each}`),
                current: each === of,
              }))}
            />
            <p>{wholeText(all[0]!, of)}</p>
            <Together place={place} />
            {of === 'mood' && <MoodTruth sure={sure} languages={[]} />}
            <Grid columns="wide">
              {shown.map((by, at) => (
                <Moved place={place} by={by} of={of} found={all[at]!} />
              ))}
            </Grid>
          </Stack>
        </Frame>
      ),
    }
  }),
)

const wholeText = ({ now, past, before }: Drivers, of: Of): string =>
  t(`soundings.whole.${of}`, {
    now: of === 'n' ? count(now ?? 0) : scoreOr(now),
    before: of === 'n' ? count(past ?? 0) : scoreOr(past),
    span: spanText(before),
  })

export const partName = (by: Side, part: string): string => {
  const names = { source: sourceName, language: languageName, country: countryName }
  return by === 'term' || by === 'voice' ? part : names[by](part)
}

const Part = ({ place, by, part, span }: { place: Place; by: Side; part: string; span: Drivers['span'] }) => {
  if (by === 'term') return <TermLink place={place} term={part} />
  const narrowed = by === 'voice' ? { author: part } : { [by]: part }
  const name = <bdi>{partName(by, part)}</bdi>
  return part ? <a href={mentionsOf(place, { ...span, ...narrowed })}>{name}</a> : name
}

const Moved = ({ place, by, of, found }: { place: Place; by: Side; of: Of; found: Drivers }) => {
  const told = (value: number) => (of === 'n' ? count(value) : signed(value))
  const difference = (value: number) => (of === 'n' ? number(value, { signDisplay: 'exceptZero' }) : signed(value))
  return (
    <Card title={t(`soundings.by.${by}`)} detail={t(`soundings.by.${by}.why`)}>
      {found.items.length === 0 ? (
        <Quiet>{t('soundings.noDifference')}</Quiet>
      ) : (
        <Stack>
          <ChartFrame
            id={`moved-${by}`}
            title={t('soundings.difference')}
            kind="bar"
            height="small"
            labels={found.items.map(each => partName(by, each.part))}
            labelHead={t(`soundings.by.${by}`)}
            series={[{ name: t('soundings.difference'), values: found.items.map(each => each.difference), tone: 'talk' }]}
            format={of === 'n' ? { maximumFractionDigits: 0 } : { style: 'percent', maximumFractionDigits: 1 }}
            show={difference}
          />
          <Table
            caption={t(`soundings.by.${by}`)}
            captionHidden
            dense
            rows={found.items}
            columns={[
              {
                head: t(`soundings.by.${by}`),
                heading: true,
                cell: each => <Part place={place} by={by} part={each.part} span={found.span} />,
              },
              { head: t('soundings.then'), numeric: true, cell: each => told(each.before) },
              { head: t('soundings.now'), numeric: true, cell: each => told(each.now) },
              { head: t('soundings.difference'), numeric: true, cell: each => difference(each.difference) },
            ]}
          />
        </Stack>
      )}
    </Card>
  )
}

// —— voices ——

export const voicesPage = page(
  '/soundings/voices',
  { who: 'soundings.read', section: 'soundings' },
  pictured(async (see, place) => {
    const by = see.query.get('by') === 'reach' ? ('reach' as const) : ('n' as const)
    const asked = { ...askedOf(place), by }
    const { items } = await remembered(see.ctx, `soundings.voices ${JSON.stringify(asked)}`, ['soundings'], () =>
      soundings.voices(see.ctx, asked),
    )
    const span = soundings.spanOf(see.ctx, place)
    const sure = await sureOf(see)
    return {
      title: `${t('soundings.picture.voices')} · ${place.title}`,
      live: ['soundings'],
      body: (
        <Frame place={place} picture="voices" span={span} lists={['voices']}>
          <Card flush title={t('soundings.voices')} detail={t('soundings.voicesWhy')}>
            <Tabs
              label={t('soundings.order')}
              tabs={(['n', 'reach'] as const).map(each => ({
                href: hrefOf(place, 'voices', { by: each }),
                label: t(`soundings.order.${each}`),
                current: each === by,
              }))}
            />
            <Voices place={place} span={span} items={items} />
          </Card>
          <MoodTruth sure={sure} languages={[]} />
        </Frame>
      ),
    }
  }),
)

const Voices = ({ place, span, items }: { place: Place; span: Drivers['span']; items: Voice[] }) => (
  <Table
    caption={t('soundings.voices')}
    captionHidden
    stacks
    rows={items}
    empty={<EmptyState title={t('soundings.noVoices')} why={t('soundings.noVoicesWhy')} icon="person" compact />}
    columns={[
      {
        head: t('soundings.voice'),
        heading: true,
        cell: each => (
          <a href={mentionsOf(place, { ...span, author: each.author, source: each.source })}>
            <bdi>{each.name || each.author}</bdi>
          </a>
        ),
      },
      { head: t('soundings.source'), cell: each => sourceName(each.source) },
      { head: t('soundings.mentions'), numeric: true, cell: each => count(each.n) },
      {
        head: t('soundings.reach'),
        numeric: true,
        cell: each => (each.followers === null ? t('soundings.unknown') : short(each.followers)),
      },
      { head: t('soundings.net'), numeric: true, cell: each => scoreOr((each.positive - each.negative) / Math.max(1, each.n)) },
      { head: t('soundings.known'), cell: each => (each.person ? <a href={`/people/${each.person}`}>{t('soundings.profile')}</a> : '–') },
    ]}
  />
)
