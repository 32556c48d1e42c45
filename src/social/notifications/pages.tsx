import {
  ActionForm,
  Avatar,
  Breadcrumb,
  Button,
  Card,
  Checkbox,
  EmptyState,
  Form,
  FormActions,
  Icon,
  IconButton,
  Item,
  ItemList,
  LinkButton,
  Page,
  PageHead,
  Pager,
  Prose,
  Quiet,
  RelativeTime,
  Stack,
  Table,
  Tabs,
} from '#kernel/html/kit.tsx'
import { showPublic } from '#kernel/http.tsx'
import { t } from '#kernel/messages.ts'
import { form, type Html, offer, page, raw, type Screen } from '#kernel/page.tsx'
import { unseenCount } from '#kernel/words.ts'
import { settingsCards } from '#social/members/words.ts'
import { cardsOf } from '#social/people/actions.ts'
import type { PersonCard } from '#social/people/words.ts'
import * as news from './actions.ts'
import { type Door, doors, kindNames } from './words.ts'

type Listed = Awaited<ReturnType<typeof news.list>>['items'][number]

export const notifications = page(
  '/notifications',
  { who: 'self.manage', section: 'notifications', finds: () => [{ title: t('notifications.title'), icon: 'bell' }] },
  async see => {
    const unseen = see.query.get('show') === 'unseen'
    const before = see.query.get('before') ?? undefined
    const { items, next } = await news.list(see.ctx, { unseen: unseen || undefined, before, limit: 50 })
    const people = await cardsOf(
      see.ctx,
      items.flatMap(each => each.actor ?? []),
    )
    const address = (more: Record<string, string>) =>
      `/notifications?${new URLSearchParams({ ...(unseen && { show: 'unseen' }), ...more })}`
    return {
      title: t('notifications.title'),
      body: (
        <Page width="reading">
          <PageHead
            title={t('notifications.title')}
            actions={<Actions any={items.some(each => each.seenAt === null)} />}
            tabs={<Views unseen={unseen} />}
          />
          {items.length === 0 ? (
            <EmptyState title={t('notifications.empty')} why={t('notifications.emptyWhy')} icon="bell" />
          ) : (
            <ItemList label={t('notifications.title')}>
              {items.map(each => (
                <One each={each} actor={each.actor ? people.get(each.actor) : undefined} />
              ))}
            </ItemList>
          )}
          {(next || before) && <Pager newer={before && address({})} older={next ? address({ before: next }) : undefined} />}
        </Page>
      ),
    }
  },
)

const Actions = ({ any }: { any: boolean }) => (
  <>
    {any && (
      <ActionForm action="/notifications/see">
        <Button icon="check" size="small">
          {t('notifications.seeAll')}
        </Button>
      </ActionForm>
    )}
    <LinkButton href="/settings/notifications" icon="settings" size="small">
      {t('notifications.choose')}
    </LinkButton>
  </>
)

const Views = ({ unseen }: { unseen: boolean }) => (
  <Tabs
    label={t('notifications.views')}
    tabs={[
      { href: '/notifications', label: t('notifications.all'), current: !unseen },
      { href: '/notifications?show=unseen', label: t('notifications.unseen'), current: unseen },
    ]}
  />
)

const One = ({ each, actor }: { each: Listed; actor: PersonCard | undefined }): Html => (
  <Item
    href={`/notifications/${each.id}`}
    row={{ mutes: each.thread ? `/threads/${each.thread}/mute` : undefined }}
    face={actor ? <Avatar name={actor.name} side={actor.side} size="small" /> : <Icon name="bell" />}
    title={each.seenAt ? <bdi>{t(each.says, each.told)}</bdi> : <strong>{t(each.says, each.told)}</strong>}
    detail={
      <>
        {each.told.excerpt && <bdi>{each.told.excerpt} </bdi>}
        <Quiet small>
          <RelativeTime at={each.at} />
        </Quiet>
      </>
    }
    end={
      !each.seenAt && (
        <ActionForm action="/notifications/see" fields={{ 'ids[]': each.id }}>
          <IconButton icon="check" label={t('notifications.seeOne')} size="small" />
        </ActionForm>
      )
    }
  />
)

/** Opens what it is about; seen with it. */
export const openOne = raw('GET', '/notifications/:id', 'self.manage', async (c, see) =>
  c.redirect(await news.openNotification(see!.ctx, see!.params.id ?? ''), 303),
)

export const doSee = form('/notifications/see', news.see, {
  read: fields => {
    const ids = fields.getAll('ids[]').map(String)
    return ids.length ? { ids } : {}
  },
  done: (_see, { seen }) => ({
    stay: true,
    say: 'notifications.seenAll',
    values: { count: seen.length },
    ...(seen.length > 0 && { undo: { path: '/notifications/unsee', fields: { ids: seen.slice(0, 500).join(' ') } } }),
  }),
})

export const doUnsee = form('/notifications/unsee', news.unsee, {
  read: fields => ({ ids: String(fields.get('ids') ?? '').split(' ') }),
  done: () => ({ stay: true, say: 'notifications.unseenAgain' }),
})

/** The number beside the bell. */
export const bell = offer(unseenCount, async (see, { show }) => {
  show((await news.count(see.ctx, {})).unseen)
  return null
})

// —— choosing ——

export const inSettings = offer(
  settingsCards,
  async () => <Card title={t('notifications.title')} detail={t('notifications.choose')} icon="bell" href="/settings/notifications" />,
  { order: 10 },
)

const doorTitle: Record<Door, string> = { app: 'notifications.inApp', mail: 'notifications.byMail' }

export const choicesPage = page(
  '/settings/notifications',
  { who: 'self.manage', section: 'settings', finds: () => [{ title: t('notifications.choices'), icon: 'bell' }] },
  async see => {
    const { items } = await news.choices(see.ctx, {})
    return {
      title: t('notifications.choices'),
      body: (
        <Page width="reading">
          <PageHead
            title={t('notifications.choices')}
            detail={t('notifications.choicesWhy')}
            above={<Breadcrumb crumbs={[{ label: t('members.settings'), href: '/settings' }]} />}
          />
          <Form action="/settings/notifications">
            <Table
              caption={t('notifications.choices')}
              captionHidden
              rows={items}
              columns={[
                { head: t('notifications.title'), heading: true, cell: row => t(`notifications.kind.${row.kind}`) },
                ...doors.map(door => ({
                  head: t(doorTitle[door]),
                  cell: (row: (typeof items)[number]) => (
                    <Checkbox
                      name={`${row.kind}.${door}`}
                      label={<span class="unseen">{`${t(`notifications.kind.${row.kind}`)}, ${t(doorTitle[door])}`}</span>}
                      checked={row.doors[door]}
                    />
                  ),
                })),
              ]}
            />
            <FormActions>
              <Button look="strong">{t('notifications.save')}</Button>
            </FormActions>
          </Form>
        </Page>
      ),
    }
  },
)

export const doChoose = form('/settings/notifications', news.choose, {
  read: fields => ({
    choices: kindNames.flatMap(kind => doors.map(door => ({ kind, door, wanted: fields.get(`${kind}.${door}`) === 'on' }))),
  }),
  done: () => ({ stay: true, say: 'notifications.saved' }),
})

// —— the one click of a mail ——

const aboutOf = (url: string) => {
  const query = new URL(url).searchParams
  return { about: query.get('about') ?? '', sign: query.get('sign') ?? '' }
}

const ToChoices = () => (
  <LinkButton href="/settings/notifications" look="strong" size="large">
    {t('notifications.choose')}
  </LinkButton>
)

const notWhole = (): Screen => ({
  title: t('notifications.offTitle'),
  status: 404,
  body: (
    <Stack gap="large">
      <Prose>{t('notifications.offGone')}</Prose>
      <ToChoices />
    </Stack>
  ),
})

/** Asks first: mail programs and their guards look at every link. */
export const offPage = raw('GET', '/notifications/off', 'nobody', async c => {
  const link = aboutOf(c.req.url)
  const off = news.offAbout(link.about, link.sign)
  if (!off) return showPublic(c, notWhole())
  return showPublic(c, {
    title: t('notifications.offTitle'),
    body: (
      <Stack>
        <Prose>{t('notifications.offAsk', { kind: t(`notifications.kind.${off.kind}`) })}</Prose>
        <ActionForm action={`/notifications/off?${new URLSearchParams(link)}`}>
          <Button look="strong">{t('notifications.offDo')}</Button>
        </ActionForm>
      </Stack>
    ),
  })
})

/** One click (RFC 8058): mail programs post here without cookie or session; the signed link is the right to do it. */
export const off = raw('POST', '/notifications/off', 'nobody', async c => {
  const link = aboutOf(c.req.url)
  const about = news.offAbout(link.about, link.sign)
  if (!about) return showPublic(c, notWhole())
  await news.turnOff(about)
  return showPublic(c, { title: t('notifications.offDone'), body: <ToChoices /> })
})
