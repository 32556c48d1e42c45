/** What was set aside, turned into a better query: which word to leave out, and what that would cost. */
import {
  Banner,
  Breadcrumb,
  Button,
  Card,
  CardList,
  EmptyState,
  Form,
  FormActions,
  Item,
  ItemList,
  LinkButton,
  Page,
  PageHead,
  QueryShown,
  SearchBox,
  Stack,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, page } from '#kernel/page.tsx'
import * as monitors from './actions.ts'
import { allMentions, base, MentionItem, monitorPath } from './pages-parts.tsx'
import * as rules from './rules.ts'

export const noisePage = page(`${monitorPath}/noise`, { who: 'monitors.manage', section: 'monitors' }, async see => {
  const { monitor } = await monitors.one(see.ctx, { monitor: see.params.monitor! })
  const asked = (see.query.get('word') ?? '').slice(0, 100)
  const found = await monitors.noise(see.ctx, { monitor: monitor.id, word: asked })
  const path = `${base}/${monitor.id}`
  return {
    title: t('monitors.noise'),
    live: [`mentions:${monitor.id}`],
    body: (
      <Page width="reading">
        <PageHead
          title={t('monitors.noise')}
          detail={t('monitors.noiseWhy', { aside: found.aside, kept: found.kept })}
          above={
            <Breadcrumb
              crumbs={[
                { label: t('monitors.title'), href: base },
                { label: monitor.name, href: path },
              ]}
            />
          }
        />
        <Stack>
          {found.aside === 0 && (
            <EmptyState title={t('monitors.noNoise')} why={t('monitors.noNoiseWhy')} icon="filter">
              <LinkButton href={`${allMentions}?monitor=${monitor.id}`}>{t('monitors.mentions')}</LinkButton>
            </EmptyState>
          )}
          {found.suggestions.length > 0 && (
            <Card title={t('monitors.suggestions')} detail={t('monitors.suggestionsWhy')} flush>
              <ItemList label={t('monitors.suggestions')}>
                {found.suggestions.map(each => (
                  <Item
                    title={<bdi>{each.word}</bdi>}
                    href={`${path}/noise?word=${encodeURIComponent(each.word)}`}
                    detail={t('monitors.wouldGo', { goes: each.goes, lost: each.lost })}
                  />
                ))}
              </ItemList>
            </Card>
          )}
          <SearchBox action={`${path}/noise`} name="word" label={t('monitors.ownWord')} value={asked} />
          {found.effect && <Effect path={path} found={found} now={see.ctx.now} />}
        </Stack>
      </Page>
    ),
  }
})

type Found = Awaited<ReturnType<typeof monitors.noise>>

const Effect = ({ path, found: { word, query, effect }, now }: { path: string; found: Found; now: Date }) => (
  <>
    <Card title={t('monitors.withoutWord', { word })}>
      <Stack gap="small">
        <QueryShown tokens={rules.tokensOf(query)} />
        <Banner tone={effect!.lost > effect!.goes ? 'warning' : 'neutral'}>
          {t('monitors.effect', { goes: effect!.goes, lost: effect!.lost, of: effect!.of })}
        </Banner>
        <Form action={`${path}/without`} hidden={{ word }}>
          <FormActions>
            <Button look="strong" icon="check" main>
              {t('monitors.leaveOut')}
            </Button>
          </FormActions>
        </Form>
      </Stack>
    </Card>
    {effect!.examples.length > 0 && (
      <>
        <h2>{t('monitors.wouldLose')}</h2>
        <CardList
          label={t('monitors.wouldLose')}
          items={effect!.examples}
          line={each => <MentionItem mention={each} now={now} />}
          empty={{ title: '', why: '' }}
        />
      </>
    )}
  </>
)

export const doLeaveOut = form(`${monitorPath}/without`, monitors.leaveOut, {
  done: (see, { was }) => ({
    go: `${base}/${see.params.monitor}`,
    say: 'monitors.isLeftOut',
    undo: { path: `${base}/${see.params.monitor}/query`, fields: { query: was } },
  }),
})

export const doRequery = form(`${monitorPath}/query`, monitors.requery, {
  done: see => ({ go: `${base}/${see.params.monitor}`, say: 'monitors.isChanged' }),
})
