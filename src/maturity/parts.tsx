/** What is said beside the drawings: the whole, reasons, steps, history, sources. */
import { Breadcrumb, Card, Grid, Item, ItemList, Meter, Stack, Stat, Table } from '#kernel/html/kit.tsx'
import { language, locale, percent, t } from '#kernel/messages.ts'
import type { Html, See } from '#kernel/page.tsx'
import * as models from './actions.ts'
import { hrefOf, type Picture } from './drawn.tsx'
import { inOwn, knownFrom, lacking, Provenance, reasonWithQuestion, type State, StateSign, shownState, verdict } from './said.tsx'
import type { Framework, Result } from './words.ts'

export interface Shown extends Picture {
  own: boolean
}

const legend: State[] = ['met', 'here', 'passed', 'open', 'ahead', 'blocked', 'unknown']

export const Legend = ({ kind }: { kind: Framework['kind'] }) => (
  <Card title={t('maturity.legend')} detail={t('maturity.provenanceWhy')}>
    <p class="legend">
      {legend
        .filter(state => (kind === 'matrix' ? state !== 'blocked' : !['here', 'passed', 'ahead'].includes(state)))
        .map(state => (
          <StateSign state={state} />
        ))}
      <Provenance of={{ provenance: 'sourced' }} />
      <Provenance of={{ provenance: 'reconstructed' }} />
      <Provenance of={{ provenance: 'proposal' }} />
    </p>
  </Card>
)

export const Steps = ({ framework, result }: { framework: Framework; result: Result | undefined }) =>
  result?.next.length ? (
    <ItemList label={t('maturity.next')}>
      {result.next.map(step => (
        <Item title={inOwn(step.action)} detail={<StepWhy framework={framework} step={step} />} href={hrefOf(framework, step.indicator)} />
      ))}
    </ItemList>
  ) : (
    <p class="card-quiet">{t('maturity.nextNone')}</p>
  )

const StepWhy = ({ framework, step }: { framework: Framework; step: Result['next'][number] }) => {
  const indicator = framework.indicators.find(each => each.id === step.indicator)!
  return (
    <>
      {inOwn(indicator.question)} {lacking(framework, step)}
      {step.lacks === 'evidence' && ` · ${knownFrom(indicator)}`}
    </>
  )
}

export const Reasons = ({ framework, result }: { framework: Framework; result: Result | undefined }) => (
  <ul class="reasons">
    {result?.because.map(each => {
      const { question, text } = reasonWithQuestion(framework, each)
      return (
        <li>
          {question && each.about !== result.node ? (
            <>
              <a href={hrefOf(framework, each.about)}>{question}</a> {text}
            </>
          ) : (
            text
          )}
        </li>
      )
    })}
  </ul>
)

export const Whole = ({ shown: { framework, results } }: { shown: Shown }) => {
  const overall = framework.overall ? results.get(framework.overall) : undefined
  return (
    <Grid columns="wide">
      <Card title={t('maturity.whole')}>
        <Stack gap="small">
          <p class="model-verdict" data-unknown={overall?.value == null ? '' : undefined}>
            {verdict(framework, overall)}
          </p>
          <Meter label={t('maturity.coverageName')} value={overall?.coverage ?? 0} detail={percent(overall?.coverage ?? 0)} />
          <Reasons framework={framework} result={overall} />
        </Stack>
      </Card>
      <Card title={t('maturity.next')} flush>
        <Steps framework={framework} result={overall} />
      </Card>
    </Grid>
  )
}

const monthName = (period: string): string =>
  new Intl.DateTimeFormat(locale(), { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${period}-15T12:00:00Z`))

export async function History({ see, framework, node }: { see: See; framework: Framework; node?: string }): Promise<Html | null> {
  const { items } = await models.history(see.ctx, { model: framework.id, node })
  return (
    <Card title={t('maturity.history')} flush>
      <Table
        caption={t('maturity.history')}
        captionHidden
        dense
        rows={items}
        empty={<p class="card-quiet">{t('maturity.historyNone')}</p>}
        columns={[
          { head: t('maturity.month'), heading: true, cell: row => monthName(row.period) },
          { head: t('maturity.result'), cell: row => verdict(framework, row.result ?? undefined) },
          { head: t('maturity.coverageName'), numeric: true, cell: row => percent(row.result?.coverage ?? 0) },
        ]}
      />
    </Card>
  )
}

export const Crumbs = ({ framework, node }: { framework: Framework; node?: string }) => (
  <Breadcrumb
    crumbs={[
      { label: t('maturity.title'), href: '/models' },
      ...(node ? [{ label: inOwn(framework.name), href: `/models/${framework.id}` }, { label: node }] : [{ label: inOwn(framework.name) }]),
    ]}
  />
)

const isLink = (address: string): boolean => /^https?:\/\/\S+$/.test(address)

export const Sources = ({ framework, keys }: { framework: Framework; keys: string[] }) =>
  keys.length ? (
    <Card title={t('maturity.sources')} icon="book">
      <ul class="sources">
        {framework.sources
          .filter(each => keys.includes(each.key))
          .map(({ key, address }) => (
            <li>
              <code translate="no">{key}</code>{' '}
              {isLink(address) ? (
                <a href={address} rel="noreferrer noopener" target="_blank">
                  {address}
                </a>
              ) : (
                address
              )}
            </li>
          ))}
      </ul>
    </Card>
  ) : null

export const Verdict = ({ shown, result }: { shown: Shown; result: Result | undefined }) => (
  <Grid columns="medium" gap="small">
    <Stat
      label={t('maturity.result')}
      value={capital(verdictOf(shown, result))}
      unknown={result?.value == null}
      detail={result?.stands && t(`maturity.stands.${result.stands}`)}
    />
    <Stat
      label={t('maturity.coverageName')}
      value={percent(result?.coverage ?? 0)}
      detail={t('maturity.coverage', { share: percent(result?.coverage ?? 0) })}
    />
    <Stat label={t('maturity.confidence')} value={percent(result?.confidence ?? 0)} unknown={result?.value == null} />
  </Grid>
)

const capital = (text: string): string => text.charAt(0).toLocaleUpperCase(language()) + text.slice(1)

const verdictOf = ({ framework }: Shown, result: Result | undefined): string =>
  framework.indicators.some(each => each.id === result?.node) ? t(`maturity.state.${shownState(result)}`) : verdict(framework, result)
