/** What is talked about: what rises, all of it by size, a tree to walk through, and one term with all that is known of it. */
import { Card, ChartFrame, Folded, Grid, LinkButton, Page, PageHead, Quiet, Row, Stack, Stat, Table, Tag } from '#kernel/html/kit.tsx'
import { number, percent, t } from '#kernel/messages.ts'
import { page, type See } from '#kernel/page.tsx'
import { remembered } from '#kernel/remembered.ts'
import * as soundings from './actions.ts'
import { endOf, labelsOf, sureOf } from './pages-look.tsx'
import { Cloud, changeOf, count, MoodTruth, Nothing, ReadOf, scoreOr, shareOr, TermLink } from './pages-parts.tsx'
import { askedOf, crumbs, csvOf, Frame, hrefOf, mentionsOf, type Place, pictured, spanText, Together } from './pages-place.tsx'
import { clearly, netSentiment } from './rules.ts'
import type { Rising } from './words.ts'

type Topics = Awaited<ReturnType<typeof soundings.topics>>
type OneTerm = Awaited<ReturnType<typeof soundings.oneTerm>>

export const topicsOf = (see: See, place: Place): Promise<Topics> =>
  remembered(see.ctx, `soundings.topics ${JSON.stringify(askedOf(place))}`, ['soundings'], () => soundings.topics(see.ctx, askedOf(place)))

export const topicsPage = page(
  '/soundings/topics',
  { who: 'soundings.read', section: 'soundings' },
  pictured(async (see, place) => {
    const [found, sure] = await Promise.all([topicsOf(see, place), sureOf(see)])
    return {
      title: `${t('soundings.picture.topics')} · ${place.title}`,
      live: ['soundings'],
      body: (
        <Frame place={place} picture="topics" span={found.span} lists={['terms']}>
          <Stack gap="large">
            <Together place={place} />
            {found.read === 0 ? (
              <Nothing is="noTerms" />
            ) : (
              <>
                <RisingTerms place={place} found={found} />
                <Card title={t('soundings.cloud')} detail={t('soundings.cloudWhy')}>
                  <Stack>
                    <Cloud place={place} terms={found.common} />
                    <ReadOf read={found.read} />
                    <MoodTruth sure={sure} languages={[]} />
                  </Stack>
                </Card>
                <Tree place={place} found={found} />
              </>
            )}
          </Stack>
        </Frame>
      ),
    }
  }),
)

export const RisingTable = ({
  place,
  rows,
  read,
  readBefore,
}: {
  place: Place
  rows: readonly Rising[]
  read: number
  readBefore: number
}) => (
  <Table
    caption={t('soundings.rising')}
    captionHidden
    stacks
    rows={[...rows]}
    columns={[
      { head: t('soundings.term'), heading: true, cell: each => <TermLink place={place} term={each.term} /> },
      { head: t('soundings.mentions'), numeric: true, cell: each => count(each.n) },
      { head: t('soundings.shareNow'), numeric: true, cell: each => shareOr(each.n / Math.max(1, read)) },
      { head: t('soundings.shareThen'), numeric: true, cell: each => shareOr(each.before / Math.max(1, readBefore)) },
      { head: t('soundings.surprise'), numeric: true, cell: each => number(each.surprise, { maximumFractionDigits: 0 }) },
      { head: t('soundings.net'), numeric: true, cell: each => scoreOr((each.positive - each.negative) / each.n) },
    ]}
  />
)

const RisingTerms = ({ place, found: { rising, base, read, readBefore } }: { place: Place; found: Topics }) => (
  <Card flush={rising.length > 0} title={t('soundings.rising')} detail={t('soundings.risingWhy', { span: spanText(base) })}>
    {rising.length > 0 ? (
      <RisingTable place={place} rows={rising} read={read} readBefore={readBefore} />
    ) : (
      <Quiet>{t(readBefore < 20 ? 'soundings.noBase' : 'soundings.nothingRises')}</Quiet>
    )}
  </Card>
)

/** From a word to the phrases that it stands in, and from there to the mentions. */
const Tree = ({ place, found: { common } }: { place: Place; found: Topics }) => (
  <Card title={t('soundings.tree')} detail={t('soundings.treeWhy')}>
    <ul class="topic-tree">
      {common.slice(0, 20).map(({ term, n, phrases }) => (
        <li>
          {phrases.length === 0 ? (
            <p>
              <TermLink place={place} term={term} /> <Quiet small>{count(n)}</Quiet>
            </p>
          ) : (
            <Folded label={`${term} · ${count(n)}`}>
              <Row>
                <TermLink place={place} term={term} />
                {phrases.map(each => (
                  <Tag href={hrefOf(place, 'term', { term: each.term })}>{`${each.term} ${count(each.n)}`}</Tag>
                ))}
              </Row>
            </Folded>
          )}
        </li>
      ))}
    </ul>
  </Card>
)

// —— one term ——

export const termPage = page(
  '/soundings/term',
  { who: 'soundings.read', section: 'soundings' },
  pictured(async (see, place) => {
    const term = (see.query.get('term') ?? '').trim().slice(0, 100).toLowerCase()
    const [found, sure] = await Promise.all([soundings.oneTerm(see.ctx, { ...askedOf(place), term }), sureOf(see)])
    return {
      title: `${term} · ${place.title}`,
      live: ['soundings'],
      body: (
        <Page>
          <PageHead
            above={crumbs(place, t('soundings.picture.topics'))}
            title={<bdi>{term}</bdi>}
            detail={spanText(found.span)}
            actions={
              <Row>
                <LinkButton href={csvOf(place, 'term').concat(`&term=${encodeURIComponent(term)}`)} icon="download" size="small">
                  {t('soundings.csv')}
                </LinkButton>
                <LinkButton href={hrefOf(place, 'topics')} icon="chevronLeft" size="small">
                  {t('soundings.picture.topics')}
                </LinkButton>
              </Row>
            }
          />
          <Stack gap="large">
            <TermNumbers found={found} place={place} term={term} />
            <TermTrend found={found} place={place} term={term} />
            {found.by.length > 1 && <TermBy found={found} place={place} term={term} />}
            <Phrases found={found} place={place} />
            <MoodTruth sure={sure} languages={[]} />
          </Stack>
        </Page>
      ),
    }
  }),
)

interface TermProps {
  found: OneTerm
  place: Place
  term: string
}

const mentionsWith = (place: Pick<Place, 'monitors' | 'everything'>, { span }: OneTerm, term: string): string =>
  mentionsOf(place, { ...span, q: term })

const TermNumbers = ({ found, place, term }: TermProps) => {
  const { n, before, read, readBefore, surprise, positive, negative, share } = found
  const [now, then] = [n / Math.max(1, read), before / Math.max(1, readBefore)]
  return (
    <Grid columns="medium" gap="small">
      <Stat
        label={t('soundings.mentions')}
        value={count(n)}
        href={mentionsWith(place, found, term)}
        detail={t('soundings.readOf', { count: read })}
      />
      <Stat label={t('soundings.topicTrend')} value={percent(now)} change={changeOf(now, then)} detail={t('soundings.topicTrendWhy')} />
      <Stat
        label={t('soundings.surprise')}
        value={number(surprise, { maximumFractionDigits: 0 })}
        detail={t(surprise >= clearly ? 'soundings.surpriseClear' : 'soundings.surpriseNot')}
      />
      <Stat
        label={t('soundings.net')}
        value={scoreOr(netSentiment({ positive, negative, neutral: Math.max(0, n - positive - negative), unknown: 0 }))}
        unknown={n === 0}
        detail={t('soundings.netWhy')}
      />
      {share !== null && <Stat label={t('soundings.conversation')} value={percent(share)} detail={t('soundings.conversationTerm')} />}
    </Grid>
  )
}

const TermTrend = ({ found, place, term }: TermProps) => (
  <Card>
    <ChartFrame
      id="term"
      title={t('soundings.termOverTime')}
      detail={t(`soundings.step.${found.step}`)}
      kind="bar"
      labels={labelsOf(found.trend)}
      labelHead={t('soundings.when')}
      series={[{ name: term, values: found.trend.map(each => each.n), tone: 'talk' }]}
      format={{ maximumFractionDigits: 0 }}
      show={count}
      hrefs={found.trend.map((each, at) =>
        each.n
          ? mentionsOf(place, {
              from: each.from,
              until: endOf(found.trend, at, found.span.until),
              q: term,
            })
          : null,
      )}
    />
  </Card>
)

const TermBy = ({ found, place, term }: TermProps) => (
  <Card flush title={t('soundings.beside')}>
    <Table
      caption={t('soundings.beside')}
      captionHidden
      rows={found.by}
      columns={[
        { head: t('soundings.monitor'), heading: true, cell: each => <bdi>{each.name}</bdi> },
        {
          head: t('soundings.mentions'),
          numeric: true,
          cell: each => <a href={mentionsWith({ ...place, monitors: each.id }, found, term)}>{count(each.n)}</a>,
        },
        { head: t('soundings.conversation'), numeric: true, cell: each => shareOr(found.n ? each.n / found.n : null) },
      ]}
    />
  </Card>
)

const Phrases = ({ found, place }: { found: OneTerm; place: Place }) =>
  found.phrases.length > 0 ? (
    <Card flush title={t('soundings.phrases')}>
      <RisingTable
        place={place}
        rows={found.phrases.map(each => ({ ...each, surprise: soundings.surpriseOf(each, found) }))}
        read={found.read}
        readBefore={found.readBefore}
      />
    </Card>
  ) : null
