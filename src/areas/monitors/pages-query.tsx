/** A query while it is written: how it is understood, what it would find, and why a text fits. */

import { Refusal } from '#kernel/errors.ts'
import {
  Banner,
  Card,
  Icon,
  Item,
  ItemList,
  Marked,
  QueryField,
  QueryShown,
  QueryTried,
  RelativeTime,
  Stack,
  TextArea,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { type Html, page, type See } from '#kernel/page.tsx'
import * as monitors from './actions.ts'
import { base, sourceName } from './pages-parts.tsx'
import * as rules from './rules.ts'

const tries = `${base}/try`

/** The field with what it finds below it. */
export const QueryEditor = async ({ see, query }: { see: See; query: string }) => (
  <QueryField
    name="query"
    label={t('monitors.query')}
    hint={t('monitors.queryHint')}
    value={query}
    maxlength={20_000}
    required
    tries={tries}
    sample={<TextArea name="sample" label={t('monitors.sample')} hint={t('monitors.sampleHint')} rows={2} maxlength={4000} optional />}
  >
    {await triedOf(see, query, '')}
  </QueryField>
)

export const triedPage = page(tries, { who: 'monitors.read', section: 'monitors' }, async see => ({
  title: t('monitors.query'),
  frame: 'bare',
  body: <QueryTried>{await triedOf(see, see.query.get('query') ?? '', (see.query.get('sample') ?? '').slice(0, 4000))}</QueryTried>,
}))

async function triedOf(see: See, query: string, sample: string): Promise<Html | null> {
  if (!query.trim()) return null
  try {
    const [found, why] = [
      await monitors.preview(see.ctx, { query }),
      sample.trim() ? await monitors.explain(see.ctx, { query, text: sample }) : null,
    ]
    return (
      <Stack gap="small">
        <QueryShown tokens={rules.tokensOf(query)} />
        {why && <Why sample={sample} why={why} />}
        <Found found={found} now={see.ctx.now} />
      </Stack>
    )
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return <Fault query={query} fault={error} />
  }
}

/** Where it cannot be read, and the sentence that says why. */
const Fault = ({ query, fault: { key, values } }: { query: string; fault: Refusal }) => (
  <Stack gap="small">
    {query.length <= 2000 && <QueryShown tokens={rules.tokensOf(query, typeof values.at === 'number' ? values.at : undefined)} />}
    <Banner tone="bad" alert>
      {t(key, values)}
    </Banner>
  </Stack>
)

const Found = ({ found: { over, fits, items }, now }: { found: Awaited<ReturnType<typeof monitors.preview>>; now: Date }) => (
  <Card title={t('monitors.wouldFind', { n: fits, over })} detail={t('monitors.wouldFindWhy')} flush>
    {items.length > 0 && (
      <ItemList label={t('monitors.wouldFind', { n: fits, over })}>
        {items.map(each => (
          <Item
            title={<bdi>{each.author ?? t('monitors.somebody')}</bdi>}
            detail={
              <>
                <Marked text={each.text} spans={each.spans} />
                <br />
                {sourceName(each.source)}
              </>
            }
            end={<RelativeTime at={each.at} now={now} />}
          />
        ))}
      </ItemList>
    )}
  </Card>
)

const Why = ({ sample, why: { fits, spans, parts } }: { sample: string; why: Awaited<ReturnType<typeof monitors.explain>> }) => (
  <Card title={t(fits ? 'monitors.sampleFits' : 'monitors.sampleFitsNot')}>
    <Stack gap="small">
      <Marked text={sample} spans={fits ? spans : parts.flatMap(each => (each.fits ? each.spans : [])).sort((a, b) => a[0] - b[0])} />
      <ItemList label={t('monitors.parts')}>
        {parts.map(each => (
          <Item
            face={<Icon name={each.fits === each.not ? 'close' : 'check'} />}
            title={<QueryShown tokens={rules.tokensOf(each.says)} />}
            detail={t(
              each.not
                ? each.fits
                  ? 'monitors.partSpoils'
                  : 'monitors.partAbsent'
                : each.fits
                  ? 'monitors.partThere'
                  : 'monitors.partMissing',
            )}
          />
        ))}
      </ItemList>
    </Stack>
  </Card>
)
