/** Everything that leaves, on one page: what waits, asks, is uncertain, failed and went, and the switch that stops it all. */
import {
  ActionForm,
  Avatar,
  Badge,
  Banner,
  BulkBar,
  Button,
  Card,
  EmptyState,
  Form,
  FormActions,
  Input,
  Item,
  ItemList,
  LinkButton,
  Page,
  PageHead,
  Pager,
  RelativeTime,
  Row,
  RowList,
  Select,
  SelectableRow,
  Stack,
  Tabs,
  Toolbar,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, type Html, offer, page, type See } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { notices, placeCount } from '#kernel/words.ts'
import { accounts, channelNamed } from '#social/channels/actions.ts'
import type { AccountCard } from '#social/channels/words.ts'
import * as outbox from './actions.ts'
import type { OutboxItem } from './actions-overseeing.ts'
import { StateBadge, said } from './pages-state.tsx'
import { type GroupName, groupNames } from './rules.ts'

type Overview = Awaited<ReturnType<typeof outbox.overview>>

const groupIn = (see: See): GroupName => {
  const asked = see.query.get('group')
  return groupNames.find(each => each === asked) ?? 'open'
}

export const outboxPage = page(
  '/outbox',
  { who: 'threads.read', place: { section: 'outbox', title: 'outbox.outbox', icon: 'send', order: 28, shortcut: 'g o' } },
  async see => {
    const group = groupIn(see)
    const account = see.query.get('account') || undefined
    const before = see.query.get('before') || undefined
    const [all, { items: known }] = [await outbox.overview(see.ctx, {}), await accounts(see.ctx, {})]
    const { items, next } = await outbox.list(see.ctx, { group, account, before })
    return {
      title: t('outbox.outbox'),
      live: ['outbox'],
      body: (
        <Page>
          <PageHead
            title={t('outbox.outbox')}
            detail={t('outbox.outboxWhy')}
            icon="send"
            actions={may(see.ctx.actor, 'outbox.hold') && !all.heldAt ? <Hold /> : undefined}
            tabs={<Tabs label={t('outbox.groups')} tabs={tabsOf(group, all, account)} />}
          />
          <Stack gap="large">
            {all.heldAt && <HeldBanner see={see} since={all.heldAt} waiting={all.counts.open} />}
            {group === 'asks' && items.length > 0 && <AskAll />}
            {group === 'failed' && all.notAmended.length > 0 && <NotAmended items={all.notAmended} />}
            {known.length > 1 && <Filter group={group} account={account} known={known} />}
            {items.length > 0 ? <List group={group} items={items} known={known} /> : <Nothing group={group} />}
            <Pager older={next ? hrefOf(group, account, next) : undefined} newer={before ? hrefOf(group, account) : undefined} />
            {may(see.ctx.actor, 'outbox.hold') && <LateRule minutes={all.staleMinutes} />}
          </Stack>
        </Page>
      ),
    }
  },
)

function hrefOf(group: GroupName, account?: string, before?: string): string {
  const query = new URLSearchParams({ group, ...(account && { account }), ...(before && { before }) })
  return `/outbox?${query}`
}

const tabsOf = (now: GroupName, { counts }: Overview, account?: string) =>
  groupNames.map(group => ({
    href: hrefOf(group, account),
    label: t(`outbox.group.${group}`),
    current: group === now,
    count: counts[group] || undefined,
  }))

const Hold = () => (
  <ActionForm action="/outbox/hold">
    <Button look="danger" icon="pause">
      {t('outbox.holdAll')}
    </Button>
  </ActionForm>
)

/** Resuming asks: what should have left meanwhile goes at once, or each is asked about. */
const HeldBanner = ({ see, since, waiting }: { see: See; since: Date; waiting: number }) => (
  <Banner
    tone="bad"
    icon="pause"
    title={t('outbox.isHeld')}
    actions={
      may(see.ctx.actor, 'outbox.hold') ? (
        <Row>
          <ActionForm action="/outbox/go-on" fields={{ ask: 'true' }}>
            <Button size="small" look="strong">
              {t('outbox.goOnAsking')}
            </Button>
          </ActionForm>
          <ActionForm action="/outbox/go-on">
            <Button size="small">{t('outbox.goOn')}</Button>
          </ActionForm>
        </Row>
      ) : undefined
    }
  >
    {t('outbox.heldSince')} <RelativeTime at={since} look="long" />. {t('outbox.heldWaiting', { count: waiting })}
  </Banner>
)

const Filter = ({ group, account, known }: { group: GroupName; account?: string; known: AccountCard[] }) => (
  <Toolbar label={t('outbox.filter')}>
    <Form action="/outbox" method="get" live hidden={{ group }} label={t('outbox.filter')}>
      <Select
        name="account"
        label={t('outbox.account')}
        value={account ?? ''}
        choices={[{ value: '', label: t('outbox.allAccounts') }, ...known.map(each => ({ value: each.id, label: nameOf(each) }))]}
      />
    </Form>
  </Toolbar>
)

const List = ({ group, items, known }: { group: GroupName; items: OutboxItem[]; known: AccountCard[] }) => {
  const byId = new Map(known.map(each => [each.id, each]))
  return (
    <Card flush>
      {group === 'asks' && <Bulk />}
      <RowList label={t(`outbox.group.${group}`)} bulkForm={group === 'asks' ? 'bulk' : undefined}>
        {items.map(each => (
          <ListRow item={each} account={byId.get(each.account)} ticks={group === 'asks'} />
        ))}
      </RowList>
    </Card>
  )
}

/** One name may stand on several networks. */
function nameOf({ name, channel }: AccountCard): string {
  const title = channelNamed(channel)?.title
  return title ? `${name} · ${t(title)}` : name
}

const ListRow = ({ item, account, ticks }: { item: OutboxItem; account: AccountCard | undefined; ticks: boolean }) => (
  <SelectableRow
    id={item.id}
    href={`/threads/${item.thread}#message-${item.content}`}
    name={item.text || t('outbox.noWords')}
    title={<bdi>{item.post ? t('outbox.toAll') : item.to}</bdi>}
    time={<RelativeTime at={item.sentAt ?? item.dueAt} />}
    subject={<bdi>{item.text || t('outbox.noWords')}</bdi>}
    excerpt={item.says && <bdi>{said(item.says)}</bdi>}
    face={
      <Avatar
        name={item.post ? (account?.name ?? t('outbox.goneAccount')) : item.to}
        size="small"
        side={item.post ? 'inside' : 'customer'}
      />
    }
    selectName={ticks ? 'deliveries[]' : undefined}
    marks={
      <>
        <Badge>{account ? nameOf(account) : t('outbox.goneAccount')}</Badge>
        <StateBadge {...item} stands={account?.state !== 'active'} />
      </>
    }
  />
)

const Bulk = () => (
  <BulkBar id="bulk" action="/outbox/send-now">
    <Button size="small" icon="send" formaction="/outbox/send-now">
      {t('outbox.sendNow')}
    </Button>
    <Button size="small" icon="trash" formaction="/outbox/throw-away">
      {t('outbox.throwAway')}
    </Button>
  </BulkBar>
)

const AskAll = () => (
  <Banner
    tone="warning"
    title={t('outbox.asksTitle')}
    actions={
      <Row>
        <ActionForm action="/outbox/send-now">
          <Button size="small">{t('outbox.sendAllNow')}</Button>
        </ActionForm>
        <ActionForm action="/outbox/throw-away">
          <Button size="small">{t('outbox.throwAllAway')}</Button>
        </ActionForm>
      </Row>
    }
  >
    {t('outbox.asksWhy')}
  </Banner>
)

const NotAmended = ({ items }: { items: Overview['notAmended'] }) => (
  <Card title={t('outbox.notAmended')} detail={t('outbox.notAmendedWhy')} flush>
    <ItemList label={t('outbox.notAmended')}>
      {items.map(each => (
        <Item
          title={t(`outbox.deed.${each.does}`)}
          href={`/threads/${each.thread}#message-${each.content}`}
          detail={each.says && said(each.says)}
          end={
            <ActionForm action={`/outbox/amendments/${each.id}/again`}>
              <Button size="small">{t('outbox.tryAgain')}</Button>
            </ActionForm>
          }
        />
      ))}
    </ItemList>
  </Card>
)

const Nothing = ({ group }: { group: GroupName }) => (
  <EmptyState title={t(`outbox.nothing.${group}`)} why={group === 'open' ? t('outbox.nothingWhy') : undefined} icon="send" compact />
)

const LateRule = ({ minutes }: { minutes: number }) => (
  <Card title={t('outbox.late')} detail={t('outbox.lateWhy')}>
    <Form action="/outbox/late">
      <Input name="minutes" type="number" label={t('outbox.lateMinutes')} value={String(minutes)} min="1" max="10080" required />
      <FormActions>
        <Button>{t('outbox.save')}</Button>
      </FormActions>
    </Form>
  </Card>
)

// —— deeds ——

export const doHold = form('/outbox/hold', outbox.hold, { done: () => ({ stay: true, say: 'outbox.nowHeld' }) })
export const doGoOn = form('/outbox/go-on', outbox.goOn, {
  read: fields => ({ ask: fields.get('ask') === 'true' }),
  done: (_see, { asks }) => (asks > 0 ? { go: '/outbox?group=asks', say: 'outbox.goesOnAsking' } : { stay: true, say: 'outbox.goesOn' }),
})
export const doLate = form('/outbox/late', outbox.askWhenLate, { done: () => ({ stay: true, say: 'outbox.saved' }) })

/** The ticked ones; without any, all that ask. */
const ticked = (fields: FormData) => {
  const deliveries = fields.getAll('deliveries[]').map(String)
  return deliveries.length ? { deliveries } : {}
}
export const doSendNow = form('/outbox/send-now', outbox.sendNow, {
  read: ticked,
  done: (_see, { count }) => ({ stay: true, say: 'outbox.sentNow', values: { count } }),
})
export const doThrowAway = form('/outbox/throw-away', outbox.throwAway, {
  read: ticked,
  done: (_see, { count }) => ({ stay: true, say: 'outbox.thrownAway', values: { count } }),
})
export const doAmendAgain = form('/outbox/amendments/:amendment/again', outbox.tryAmendmentAgain, {
  done: () => ({ stay: true, say: 'outbox.isRetried' }),
})

// —— in others' rooms ——

/** Loud on every page: while everything stands still, nobody should wonder why. */
export const heldNotice = offer(
  notices,
  async (see): Promise<Html | null> => {
    if (see.path === '/outbox') return null
    const { heldAt, counts } = await outbox.standingOf(see.ctx)
    if (!heldAt && counts.asks === 0) return null
    return (
      <Banner
        tone={heldAt ? 'bad' : 'warning'}
        icon={heldAt ? 'pause' : undefined}
        title={heldAt ? t('outbox.isHeld') : t('outbox.someAsk', { count: counts.asks })}
        actions={
          <LinkButton size="small" href={heldAt ? '/outbox' : '/outbox?group=asks'}>
            {t('outbox.see')}
          </LinkButton>
        }
      >
        {heldAt && (
          <>
            {t('outbox.heldSince')} <RelativeTime at={heldAt} look="long" />
          </>
        )}
      </Banner>
    )
  },
  { order: 5, who: 'threads.read' },
)

export const waitsForSomebody = offer(
  placeCount,
  async (see, { show }) => {
    const { counts } = await outbox.standingOf(see.ctx)
    show('outbox', counts.asks + counts.unsure + counts.failed)
    return null
  },
  { who: 'threads.read' },
)
