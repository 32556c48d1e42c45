import {
  Card,
  EmptyState,
  Form,
  ItemList,
  LinkButton,
  Page,
  PageHead,
  Pager,
  SearchBox,
  Select,
  Stack,
  Tabs,
  Toolbar,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, offer, page, type See } from '#kernel/page.tsx'
import { placeCount } from '#kernel/words.ts'
import * as alerts from './actions.ts'
import { AlertItem } from './pages-words.tsx'
import { kinds, type View, views } from './words.ts'

export { alertPage } from './pages-alert.tsx'
export {
  doAddCase,
  doApprove,
  doClose,
  doDropCase,
  doHold,
  doNote,
  doNoteBack,
  doNoteTake,
  doOpenCase,
  doOut,
  doOwner,
  doRename,
  doReopen,
  doResume,
  doReview,
  doStage,
  doStatement,
} from './pages-deeds.tsx'
export { doHouseQuiet, doQuiet, quietPage } from './pages-quiet.tsx'
export { besideCase, door, roomPage } from './pages-room.tsx'
export { doOpenRoom, newRoomPage, roomsPage } from './pages-rooms.tsx'
export { doFollow, doGoOn, doStop, doUnfollow, doWatch, watchesPage, watchPage } from './pages-watch.tsx'

interface Place {
  view: View
  kind?: (typeof kinds)[number] | undefined
  q: string
}

function placeIn({ query }: See): Place {
  return {
    view: views.find(each => each === query.get('view')) ?? 'open',
    kind: kinds.find(each => each === query.get('kind')),
    q: (query.get('q') ?? '').slice(0, 100),
  }
}

function hrefOf({ view, kind, q }: Place, before?: string): string {
  return `/alerts?${new URLSearchParams({ view, ...(kind && { kind }), ...(q && { q }), ...(before && { before }) })}`
}

export const listPage = page(
  '/alerts',
  { who: 'alerts.read', place: { section: 'alerts', title: 'alerts.alerts', icon: 'flag', order: 25 } },
  async see => {
    const place = placeIn(see)
    const before = see.query.get('before') ?? undefined
    const [{ items, next }, open] = [await alerts.list(see.ctx, { ...place, before, limit: 30 }), await alerts.openCount(see.ctx)]
    return {
      title: t('alerts.alerts'),
      live: ['alerts', 'watches'],
      body: (
        <Page width="reading">
          <Head place={place} open={open} />
          <Stack>
            <Filters place={place} />
            {items.length === 0 ? (
              <Nothing place={place} watches={(await alerts.watches(see.ctx, {})).items.length} />
            ) : (
              <Card flush>
                <ItemList label={t('alerts.alerts')}>
                  {items.map(each => (
                    <AlertItem alert={each} name={each.name} />
                  ))}
                </ItemList>
              </Card>
            )}
            <Pager older={next ? hrefOf(place, next) : undefined} newer={before ? hrefOf(place) : undefined} />
          </Stack>
        </Page>
      ),
    }
  },
)

const Head = ({ place, open }: { place: Place; open: number }) => (
  <PageHead
    title={t('alerts.alerts')}
    detail={t('alerts.alertsWhy')}
    actions={
      <>
        <LinkButton href="/crises" icon="flag">
          {t('alerts.rooms')}
        </LinkButton>
        <LinkButton href="/alerts/watches" icon="settings">
          {t('alerts.watches')}
        </LinkButton>
      </>
    }
    tabs={
      <Tabs
        label={t('alerts.views')}
        tabs={views.map(view => ({
          href: hrefOf({ ...place, view }),
          label: t(`alerts.view.${view}`),
          current: view === place.view,
          count: view === 'open' ? open || undefined : undefined,
        }))}
      />
    }
  />
)

const Filters = ({ place }: { place: Place }) => (
  <Toolbar
    label={t('alerts.filter')}
    end={
      <Form action="/alerts" method="get" live hidden={{ view: place.view, ...(place.q && { q: place.q }) }} label={t('alerts.filter')}>
        <Select
          name="kind"
          label={t('alerts.kind')}
          labelHidden
          value={place.kind ?? ''}
          empty={t('alerts.allKinds')}
          choices={kinds.map(each => ({ value: each, label: t(`alerts.kind.${each}`) }))}
        />
      </Form>
    }
  >
    <SearchBox
      action="/alerts"
      label={t('alerts.find')}
      value={place.q}
      keep={{ view: place.view, ...(place.kind && { kind: place.kind }) }}
    />
  </Toolbar>
)

const Nothing = ({ place, watches }: { place: Place; watches: number }) =>
  place.q || place.kind ? (
    <EmptyState title={t('alerts.nothingFound')} why={t('alerts.nothingFoundWhy')} icon="search" />
  ) : (
    <EmptyState
      title={t(`alerts.empty.${place.view}`)}
      why={t(watches ? 'alerts.emptyWhy' : 'alerts.emptyNoWatch')}
      icon="bell"
      {...(watches === 0 && { action: { label: t('alerts.watches'), href: '/alerts/watches', icon: 'add' as const } })}
    />
  )

export const count = offer(
  placeCount,
  async (see, { show }) => {
    show('alerts', await alerts.openCount(see.ctx))
    return null
  },
  { who: 'alerts.read' },
)

// —— deeds ——

const undoTo = (path: string, fields: Record<string, string> = {}) => ({ path, fields })

export const doDismiss = form('/alerts/:alert/dismiss', alerts.dismiss, {
  done: (_see, _out, { alert }) => ({ stay: true, say: 'alerts.isDismissed', undo: undoTo(`/alerts/${alert}/back`) }),
})
export const doTakeBack = form('/alerts/:alert/back', alerts.takeBack, {
  done: (_see, _out, { alert }) => ({ stay: true, say: 'alerts.isBack', undo: undoTo(`/alerts/${alert}/dismiss`) }),
})

const said = (useful: boolean | null): string => (useful === null ? '' : String(useful))

export const doJudge = form('/alerts/:alert/judge', alerts.judge, {
  read: (fields, { alert }) => ({ alert: alert!, useful: fields.get('useful') === 'true' ? true : fields.get('useful') === 'false' ? false : null }), // biome-ignore format: one line
  done: (_see, { was }, { alert }) => ({
    stay: true,
    say: 'alerts.isJudged',
    undo: undoTo(`/alerts/${alert}/judge`, { useful: said(was) }),
  }),
})
