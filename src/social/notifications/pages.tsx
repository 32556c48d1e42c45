import { refuse } from '#kernel/errors.ts'
import {
  ActionForm,
  Avatar,
  Button,
  Card,
  EmptyState,
  Form,
  Item,
  ItemList,
  LinkButton,
  Page,
  PageHead,
  Pager,
  RelativeTime,
  Switch,
  Table,
} from '#kernel/html/kit.tsx'
import { showPublic } from '#kernel/http.tsx'
import { t } from '#kernel/messages.ts'
import { form, offer, page, raw } from '#kernel/page.tsx'
import { unseenCount } from '#kernel/words.ts'
import { settingsCards } from '#social/members/words.ts'
import { cardsOf } from '#social/people/actions.ts'
import * as notifications from './actions.ts'

export const listPage = page('/notifications', { who: 'self.manage' }, async see => {
  const { items, next } = await notifications.list(see.ctx, { before: see.query.get('before') ?? undefined, limit: 50 })
  const people = await cardsOf(
    see.ctx,
    items.flatMap(each => each.actor ?? []),
  )
  return {
    title: t('notifications.notifications'),
    body: (
      <Page width="reading">
        <PageHead
          title={t('notifications.notifications')}
          actions={
            <>
              <ActionForm action="/notifications/seen">
                <Button icon="check">{t('notifications.allSeen')}</Button>
              </ActionForm>
              <LinkButton href="/settings/notifications" icon="settings">
                {t('notifications.choose')}
              </LinkButton>
            </>
          }
        />
        {items.length === 0 ? (
          <EmptyState title={t('notifications.none')} why={t('notifications.noneWhy')} icon="bell" />
        ) : (
          <Card flush>
            <ItemList label={t('notifications.notifications')}>
              {items.map(each => (
                <Item
                  href={`/notifications/${each.id}`}
                  face={<Avatar name={(each.actor && people.get(each.actor)?.name) || 'Trefoil'} size="small" side="inside" />}
                  title={each.seenAt ? each.says : <strong>{each.says}</strong>}
                  detail={t(`notifications.kind.${each.kind}`)}
                  end={<RelativeTime at={each.at} />}
                />
              ))}
            </ItemList>
          </Card>
        )}
        <Pager older={next ? `/notifications?before=${next}` : undefined} />
      </Page>
    ),
  }
})

/** Opens what it is about; having looked is having seen. */
export const open = raw('GET', '/notifications/:id', 'self.manage', async (c, see) => {
  const { items } = await notifications.list(see!.ctx, { limit: 100 })
  const found = items.find(each => each.id === see!.params.id)
  if (!found) refuse('notFound', 'kernel.notFound')
  await notifications.see(see!.ctx, { id: found.id })
  return c.redirect(found.path, 303)
})

export const doSee = form('/notifications/seen', notifications.see, { done: () => ({ go: '/notifications', say: 'notifications.seen' }) })

export const choicesPage = page('/settings/notifications', { who: 'self.manage', section: 'settings' }, async see => {
  const { items } = await notifications.choices(see.ctx, {})
  return {
    title: t('notifications.choose'),
    body: (
      <Page width="reading">
        <PageHead title={t('notifications.choose')} detail={t('notifications.chooseWhy')} />
        <Card flush>
          <Table
            caption={t('notifications.choose')}
            captionHidden
            rows={items}
            columns={[
              { head: t('notifications.what'), cell: row => t(`notifications.kind.${row.kind}`), heading: true },
              ...(['app', 'mail'] as const).map(door => ({
                head: t(`notifications.door.${door}`),
                cell: (row: (typeof items)[number]) => {
                  const now = row.doors.find(each => each.door === door)!.wanted
                  return (
                    <Form
                      action="/settings/notifications"
                      hidden={{ kind: row.kind, door, wanted: now ? 'no' : 'yes' }}
                      label={t(`notifications.door.${door}`)}
                    >
                      <Switch id={`${row.kind}-${door}`} name="on" label={t(`notifications.door.${door}`)} checked={now} sends />
                    </Form>
                  )
                },
              })),
            ]}
          />
        </Card>
      </Page>
    ),
  }
})

export const doChoose = form('/settings/notifications', notifications.choose, {
  read: fields => ({
    kind: String(fields.get('kind')) as 'mention',
    door: String(fields.get('door')) as 'app',
    wanted: String(fields.get('wanted')) as 'yes',
  }),
  done: () => ({ go: '/settings/notifications', say: 'notifications.chosen' }),
})

/** A person presses the button; mail programs post here by themselves (RFC 8058). */
export const offPage = raw('GET', '/notifications/off', 'nobody', async c =>
  showPublic(c, {
    title: t('notifications.off'),
    body: (
      <Form action={`/notifications/off?${new URL(c.req.url).searchParams}`}>
        <Button look="strong">{t('notifications.off')}</Button>
      </Form>
    ),
  }),
)

export const doOff = raw('POST', '/notifications/off', 'nobody', async c => {
  const { org = '', person = '', s = '' } = c.req.query()
  if (!(await notifications.mailOff(org, person, s))) refuse('notFound', 'kernel.notFound')
  return showPublic(c, {
    title: t('notifications.isOff'),
    body: <EmptyState title={t('notifications.isOff')} why={t('notifications.isOffWhy')} icon="bell" compact />,
  })
})

export const inBell = offer(unseenCount, async (see, { show }) => {
  show(await notifications.unseen(see.ctx))
  return null
})

export const inSettings = offer(
  settingsCards,
  async () => (
    <Card title={t('notifications.notifications')} detail={t('notifications.chooseWhy')} icon="bell" href="/settings/notifications" />
  ),
  { order: 5 },
)
