/** Notification rules: what one is told of, and where. */
import { savedViews } from '#areas/crm/actions.ts'
import {
  ActionForm,
  Button,
  Card,
  EmptyState,
  Form,
  FormActions,
  IconButton,
  Item,
  ItemList,
  Page,
  PageHead,
  Select,
  Stack,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, offer, page } from '#kernel/page.tsx'
import { settingsCards } from '#social/members/words.ts'
import { teamsOf } from '#social/teams/actions.ts'
import { unwatch, watch, watchAgain, watches } from './actions.ts'
import type { Named } from './pages-words.tsx'
import { places, type Watch, watched } from './words.ts'

const base = '/settings/watches'

/** Where one can look, as `place target`. */
const placesFor = (teams: { id: string; name: string }[], views: { id: string; name: string }[]): Named[] => [
  { value: 'any', label: t('routing.place.any') },
  { value: 'unowned', label: t('routing.place.unowned') },
  ...teams.map(({ id, name }) => ({ value: `team ${id}`, label: t('routing.place.team', { name }) })),
  ...views.map(({ id, name }) => ({ value: `view ${id}`, label: t('routing.place.view', { name }) })),
]

const nameOf = ({ place, target }: Watch, all: Named[]): string =>
  all.find(each => each.value === (target ? `${place} ${target}` : place))?.label ?? t('routing.gone')

export const watchesPage = page(
  base,
  { who: 'inbox.read', section: 'settings', finds: () => [{ title: t('routing.watches'), icon: 'bell' }] },
  async see => {
    const [{ items }, teams, views] = await Promise.all([watches(see.ctx, {}), teamsOf(see.ctx), savedViews(see.ctx)])
    const all = placesFor(teams, views)
    return {
      title: t('routing.watches'),
      body: (
        <Page width="narrow">
          <PageHead title={t('routing.watches')} detail={t('routing.watchesWhy')} />
          <Stack>
            {items.length === 0 ? (
              <EmptyState title={t('routing.noWatches')} why={t('routing.noWatchesWhy')} icon="bell" />
            ) : (
              <Card flush>
                <ItemList label={t('routing.watches')}>
                  {items.map(each => (
                    <Item
                      title={t(`routing.watch.${each.event}`)}
                      detail={nameOf(each, all)}
                      end={
                        <ActionForm action={`${base}/${each.id}/off`}>
                          <IconButton icon="close" label={t('routing.unwatch')} size="small" />
                        </ActionForm>
                      }
                    />
                  ))}
                </ItemList>
              </Card>
            )}
            <Card title={t('routing.addWatch')}>
              <Form action={base}>
                <Select
                  name="event"
                  label={t('routing.ofWhat')}
                  choices={watched.map(value => ({ value, label: t(`routing.watch.${value}`) }))}
                />
                <Select name="where" label={t('routing.where')} choices={all} />
                <FormActions>
                  <Button look="strong">{t('routing.addWatch')}</Button>
                </FormActions>
              </Form>
            </Card>
          </Stack>
        </Page>
      ),
    }
  },
)

export const doWatch = form(base, watch, {
  read: fields => {
    const [place, target] = String(fields.get('where') ?? '').split(' ')
    return {
      event: watched.find(each => each === fields.get('event')) ?? ('message' as const),
      place: places.find(each => each === place) ?? ('any' as const),
      ...(target && { target }),
    }
  },
  done: (_see, { watch: one }) => ({ stay: true, say: 'routing.isWatched', undo: { path: `${base}/${one}/off`, fields: {} } }),
})

export const doUnwatch = form(`${base}/:watch/off`, unwatch, {
  done: (_see, _out, { watch: one }) => ({ stay: true, say: 'routing.isUnwatched', undo: { path: `${base}/${one}/on`, fields: {} } }),
})
export const doWatchAgain = form(`${base}/:watch/on`, watchAgain, { done: () => ({ stay: true, say: 'routing.isWatched' }) })

export const inSettingsWatches = offer(
  settingsCards,
  async () => <Card title={t('routing.watches')} detail={t('routing.watchesWhy')} icon="bell" href={base} />,
  { order: 34, who: 'inbox.read' },
)
