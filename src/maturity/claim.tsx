/** One claim or one indicator, opened: verdict, reasons, what it is seen by, and the messages behind it. */
import {
  ActionForm,
  Avatar,
  Button,
  Card,
  DefinitionList,
  EmptyState,
  Form,
  FormActions,
  Grid,
  Input,
  Item,
  ItemList,
  Quiet,
  RelativeTime,
  Stack,
  TextArea,
} from '#kernel/html/kit.tsx'
import { date, t } from '#kernel/messages.ts'
import type { Html, See } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { evidence } from '#measures/actions.ts'
import { measureId } from '#measures/words.ts'
import { cardsOf } from '#social/people/actions.ts'
import * as models from './actions.ts'
import { hrefOf, inside } from './drawn.tsx'
import { History, Reasons, type Shown, Sources, Steps, Verdict } from './parts.tsx'
import { inOwn, knownFrom, needOf, Provenance, reasonWithQuestion, StateSign, shownState } from './said.tsx'
import { ruleOf } from './verdicts.ts'
import type { Indicator, Node } from './words.ts'

const IndicatorRow = ({ shown: { framework, results }, indicator }: { shown: Shown; indicator: Indicator }) => {
  const result = results.get(indicator.id)
  return (
    <Item
      href={hrefOf(framework, indicator.id)}
      title={inOwn(indicator.question)}
      detail={result?.because.map(each => reasonWithQuestion(framework, each).text).join(' ')}
      end={<StateSign state={shownState(result)} />}
    />
  )
}

async function EvidenceOf({ see, indicators }: { see: See; indicators: Indicator[] }): Promise<Html | null> {
  if (!may(see.ctx.actor, evidence.info.who)) return null
  const wanted = new Map(indicators.map(each => [`${each.measure} ${each.windowDays}`, each]))
  const parts: (Html | null)[] = []
  for (const each of wanted.values()) parts.push(await EvidenceBehind({ see, indicator: each }))
  return <>{parts}</>
}

async function EvidenceBehind({ see, indicator }: { see: See; indicator: Indicator }): Promise<Html | null> {
  const measure = measureId.safeParse(indicator.measure.split(':')[0])
  if (!measure.success) return null
  const { items } = await evidence(see.ctx, { measure: measure.data, days: indicator.windowDays, limit: 5 })
  const people = await cardsOf(see.ctx, [...new Set(items.flatMap(item => item.person ?? []))])
  const all = `/measures/${measure.data}?days=${indicator.windowDays}`
  return (
    <Card
      title={t(`measures.${measure.data}.name`)}
      detail={t('maturity.evidenceOf')}
      flush
      actions={<a href={all}>{t('maturity.evidenceAll')}</a>}
    >
      {items.length === 0 ? (
        <EmptyState title={t('maturity.evidenceNone')} icon="inbox" compact />
      ) : (
        <ItemList label={t('maturity.evidenceOf')}>
          {items.map(item => {
            const person = item.person ? people.get(item.person) : undefined
            const who = person?.name ?? t('maturity.someone')
            return (
              <Item
                href={`/threads/${item.thread}${item.message ? `#message-${item.message}` : ''}`}
                face={<Avatar name={who} picture={person?.picture ?? undefined} side={person?.side} size="small" />}
                title={<bdi>{item.subject || t('maturity.noSubject')}</bdi>}
                detail={
                  <>
                    <bdi>{who}</bdi> · <RelativeTime at={item.at} />
                  </>
                }
              />
            )
          })}
        </ItemList>
      )}
    </Card>
  )
}

export const Claim = ({ see, shown, node }: { see: See; shown: Shown; node: Node }) => {
  const { framework, results } = shown
  const indicators = node.indicators.map(id => framework.indicators.find(each => each.id === id)!)
  const parts = partsOf(shown, node)
  return (
    <Stack gap="large">
      <Verdict shown={shown} result={results.get(node.id)} />
      <Grid columns="wide">
        <Card title={t('maturity.why')}>
          <Reasons framework={framework} result={results.get(node.id)} />
        </Card>
        <Card title={t('maturity.next')} flush>
          <Steps framework={framework} result={results.get(node.id)} />
        </Card>
      </Grid>
      {parts.length > 0 && (
        <Card title={t('maturity.parts')} flush>
          <ItemList label={t('maturity.parts')}>
            {parts.map(part => (
              <Item
                href={hrefOf(framework, part.id)}
                title={inOwn(part.label)}
                end={<StateSign state={shownState(results.get(part.id))} />}
                detail={<Provenance of={part} />}
              />
            ))}
          </ItemList>
        </Card>
      )}
      {indicators.length > 0 && (
        <Card title={t('maturity.indicators')} flush>
          <ItemList label={t('maturity.indicators')}>
            {indicators.map(indicator => (
              <IndicatorRow shown={shown} indicator={indicator} />
            ))}
          </ItemList>
        </Card>
      )}
      <EvidenceOf see={see} indicators={indicators} />
      <History see={see} framework={framework} node={node.id} />
      <Sources framework={framework} keys={node.sources} />
    </Stack>
  )
}

/** What it contains, and what its rule speaks of besides its indicators. */
function partsOf(shown: Shown, node: Node): Node[] {
  const rule = ruleOf(node)
  const named = rule && 'of' in rule ? rule.of.map(each => (typeof each === 'string' ? each : each[0])) : []
  const ids = new Set([...inside(shown, node.id).map(each => each.id), ...named, ...(rule?.op === 'gate' ? [rule.lower] : [])])
  return shown.framework.nodes.filter(each => ids.has(each.id))
}

export async function OneIndicator({ see, shown, indicator }: { see: See; shown: Shown; indicator: Indicator }): Promise<Html> {
  const { framework, results } = shown
  const measure = measureId.safeParse(indicator.measure.split(':')[0])
  const used = framework.nodes.filter(node => node.indicators.includes(indicator.id))
  const measured = measure.success ? (
    <a href={`/measures/${measure.data}?days=${indicator.windowDays}`}>{t(`measures.${measure.data}.name`)}</a>
  ) : (
    <code translate="no">{indicator.measure}</code>
  )
  return (
    <Stack gap="large">
      <Verdict shown={shown} result={results.get(indicator.id)} />
      <Grid columns="wide">
        <Card title={t('maturity.why')}>
          <Stack gap="small">
            <Reasons framework={framework} result={results.get(indicator.id)} />
            <DefinitionList
              items={[
                { term: t('maturity.askedFor'), value: needOf(indicator) },
                { term: t('maturity.measuredBy'), value: measured },
              ]}
            />
            <Quiet small>
              {t('maturity.window', { days: indicator.windowDays })} · {knownFrom(indicator)}
            </Quiet>
          </Stack>
        </Card>
        <Card title={t('maturity.next')} flush>
          <Steps framework={framework} result={results.get(indicator.id)} />
        </Card>
      </Grid>
      {indicator.shows === 'defined' && <Statements see={see} shown={shown} indicator={indicator} />}
      <Card title={t('maturity.usedBy')} flush>
        <ItemList label={t('maturity.usedBy')}>
          {used.map(node => (
            <Item
              href={hrefOf(framework, node.id)}
              title={inOwn(node.label)}
              end={<StateSign state={shownState(results.get(node.id))} />}
            />
          ))}
        </ItemList>
      </Card>
      <EvidenceOf see={see} indicators={[indicator]} />
    </Stack>
  )
}

// —— statements ——

async function Statements({ see, shown, indicator }: { see: See; shown: Shown; indicator: Indicator }): Promise<Html> {
  const { items } = await models.statements(see.ctx, { model: shown.framework.id })
  const own = items.filter(each => each.indicator === indicator.id)
  const people = await cardsOf(
    see.ctx,
    own.map(each => each.author),
  )
  const writes = may(see.ctx.actor, models.attest.info.who)
  return (
    <Card title={t('maturity.statements')} detail={t('maturity.statementsWhy')}>
      <Stack>
        {own.length > 0 && (
          <ItemList label={t('maturity.statements')}>
            {own.map(each => (
              <Item
                title={each.text}
                detail={t('maturity.statementBy', {
                  author: people.get(each.author)?.name ?? t('maturity.someone'),
                  until: date(each.expires),
                })}
                end={
                  writes && (
                    <ActionForm action={`/models/${shown.framework.id}/statements/${each.id}/withdraw`}>
                      <Button size="small">{t('maturity.withdraw')}</Button>
                    </ActionForm>
                  )
                }
              />
            ))}
          </ItemList>
        )}
        {writes && (
          <Form action={`/models/${shown.framework.id}/statements`} hidden={{ indicator: indicator.id }}>
            <TextArea name="text" label={t('maturity.statementText')} required maxlength={5000} />
            <Input name="expires" type="date" label={t('maturity.statementExpires')} hint={t('maturity.statementExpiresHint')} />
            <FormActions>
              <Button look="strong">{t('maturity.state')}</Button>
            </FormActions>
          </Form>
        )}
      </Stack>
    </Card>
  )
}
