import { threadPanel } from '#areas/crm/words.ts'
import { drawingAgain } from '#kernel/html/again.tsx'
import { EmptyState, Grid, Item, ItemList, LinkButton, Page, PageHead, Panel } from '#kernel/html/kit.tsx'
import { date, t } from '#kernel/messages.ts'
import { offer, page } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import * as satisfaction from './actions.ts'
import { noon, PeriodTabs, ResultStat, Score, wantedDays } from './pages-results.tsx'
import { base as settings } from './pages-settings.tsx'

export { previewPage } from './pages-preview.tsx'
export { noPage, publicAnswer, publicPage, sayNo } from './pages-public.tsx'
export { resultsPage } from './pages-results.tsx'
export {
  doArchive,
  doBringBack,
  doChange,
  doGoOn,
  doMake,
  doPause,
  newPage,
  settingsCard,
  settingsPage,
  surveyPage,
} from './pages-settings.tsx'

// —— all of them ——

export const overviewPage = page(
  '/satisfaction',
  { who: 'satisfaction.read', place: { section: 'satisfaction', title: 'satisfaction.title', icon: 'smile', order: 58 } },
  async see => {
    const days = wantedDays(see)
    const { items } = await satisfaction.overview(see.ctx, { days })
    const shown = items.filter(each => !each.survey.archivedAt || each.result.n > 0)
    return {
      title: t('satisfaction.title'),
      live: ['satisfaction', 'satisfaction.surveys'],
      body: (
        <Page>
          <PageHead
            title={t('satisfaction.title')}
            detail={t('satisfaction.titleWhy')}
            actions={
              <LinkButton href={settings} icon="settings">
                {t('satisfaction.surveys')}
              </LinkButton>
            }
            tabs={<PeriodTabs path="/satisfaction" days={days} />}
          />
          {shown.length === 0 ? (
            <EmptyState
              title={t('satisfaction.empty')}
              why={t('satisfaction.emptyWhy')}
              icon="smile"
              {...(may(see.ctx.actor, 'satisfaction.manage') && {
                action: { label: t('satisfaction.make'), href: `${settings}/new`, icon: 'add' as const },
              })}
            />
          ) : (
            <Grid columns="medium" gap="small">
              {shown.map(({ survey, result }) => (
                <ResultStat
                  label={`${survey.name} (${t(`satisfaction.short.${survey.kind}`)})`}
                  kind={survey.kind}
                  result={result}
                  href={`/satisfaction/${survey.id}?days=${days}`}
                />
              ))}
            </Grid>
          )}
        </Page>
      ),
    }
  },
)

// —— beside a conversation ——

export const panel = offer(
  threadPanel,
  async (see, { thread }) => {
    const items = await satisfaction.ofThread(see.ctx, thread)
    if (items.length === 0) return null
    const draw = drawingAgain('satisfaction.panel')
    return draw([thread, JSON.stringify(items)], () => (
      <Panel title={t('satisfaction.title')}>
        <ItemList label={t('satisfaction.title')}>
          {items.map(each => (
            <Item
              title={t(`satisfaction.kind.${each.kind}`)}
              detail={<bdi>{[each.comment, date(noon(each.day))].filter(Boolean).join(' · ')}</bdi>}
              end={<Score answer={each} />}
            />
          ))}
        </ItemList>
      </Panel>
    ))
  },
  { order: 40, who: 'satisfaction.read' },
)
