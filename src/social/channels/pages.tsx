import { now } from '#kernel/clock.ts'
import { readerKey } from '#kernel/closed.ts'
import { refuse } from '#kernel/errors.ts'
import {
  Badge,
  Banner,
  Breadcrumb,
  Card,
  EmptyState,
  FirstStep,
  Grid,
  Item,
  ItemList,
  LinkButton,
  Page,
  PageHead,
  Quiet,
  RelativeTime,
  Row,
  Stack,
  StatusDot,
  Table,
} from '#kernel/html/kit.tsx'
import { date, hasMessage, percent, t } from '#kernel/messages.ts'
import { offer, page } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { remembered } from '#kernel/remembered.ts'
import { firstSteps, notices } from '#kernel/words.ts'
import { settingsCards } from '#social/members/words.ts'
import * as channels from './actions.ts'
import { proofWords, truthTable } from './rules.ts'
import { type AccountCard, type AccountState, type Channel, mayBePersonal } from './words.ts'

export { networksPage } from './pages-networks.tsx'

/** What a network said: a sentence of ours, or its own words. */
const said = (says: string) => (hasMessage(says) ? t(says) : says)

const named = (name: string): Channel => channels.channelNamed(name) ?? refuse('notFound', 'channels.unknownChannel')

// —— the accounts ——

export const accountsPage = page(
  '/settings/channels',
  { who: 'channels.read', section: 'settings', finds: () => [{ title: t('channels.channels'), icon: 'globe' }] },
  async see => {
    const { items } = await channels.accounts(see.ctx, {})
    const manages = may(see.ctx.actor, 'channels.manage')
    return {
      title: t('channels.channels'),
      live: ['accounts'],
      body: (
        <Page>
          <PageHead
            title={t('channels.channels')}
            detail={t('channels.channelsWhy')}
            above={<Breadcrumb crumbs={[{ label: t('channels.settings'), href: '/settings' }]} />}
            actions={<LinkButton href="/settings/channels/networks">{t('channels.networks')}</LinkButton>}
          />
          <Stack gap="large">
            {items.length > 0 && <Accounts items={items} manages={manages} self={see.ctx.actor.person} />}
            <Networks first={items.length === 0} manages={manages} own={may(see.ctx.actor, 'channels.own')} />
          </Stack>
        </Page>
      ),
    }
  },
)

/** Whose it is, when it last worked, and what is left of what its network allows. */
const Detail = ({ account: { address, channel, personal, succeededAt, quota } }: { account: AccountCard }) => (
  <>
    {address} · {titleOf(channel)}
    {personal && ` · ${t('channels.personal')}`}
    {succeededAt && (
      <>
        {' '}
        · {t('channels.worked')} <RelativeTime at={succeededAt} />
      </>
    )}
    {quota?.of && quota.until > now() && ` · ${t('channels.left', { share: percent(quota.left / quota.of) })}`}
  </>
)

const Accounts = ({ items, manages, self }: { items: AccountCard[]; manages: boolean; self: string | null }) => (
  <Card title={t('channels.connected')} flush>
    <ItemList label={t('channels.connected')}>
      {items.map(each => (
        <Item
          title={each.name}
          href={manages || each.personal === self ? `/settings/channels/${each.id}` : undefined}
          detail={<Detail account={each} />}
          end={<Standing account={each} />}
        />
      ))}
    </ItemList>
  </Card>
)

const titleOf = (channel: string) => t(channels.channelNamed(channel)?.title ?? 'channels.goneChannel')

const tones: Record<AccountState, 'good' | 'warning' | 'bad' | 'neutral'> = {
  active: 'good',
  reconnect: 'bad',
  down: 'warning',
  paused: 'neutral',
}

const Standing = ({ account }: { account: AccountCard }) => (
  <StatusDot tone={tones[account.state]}>
    {t(`channels.state.${account.state}`)}
    {account.state !== 'active' && (
      <Quiet small>
        {' '}
        <RelativeTime at={account.since} />
      </Quiet>
    )}
    {account.state === 'active' && channels.endsSoon(account.grantedUntil, now()) && (
      <>
        {' '}
        <Badge tone="warning" icon="warning">
          {t('channels.endsOn', { when: date(account.grantedUntil!) })}
        </Badge>
      </>
    )}
  </StatusDot>
)

/** What can be connected; while nothing is, this is where one begins. */
const Networks = ({ first, manages, own }: { first: boolean; manages: boolean; own: boolean }) => {
  const able = channels.channels().filter(each => each.can.listen || each.can.converse || each.can.publish)
  const [only] = able
  if (first && able.length === 1 && only && manages)
    return (
      <EmptyState
        title={t('channels.empty')}
        why={t('channels.emptyWhy')}
        icon="plug"
        action={{
          label: t('channels.connectIt', { network: t(only.title) }),
          href: `/settings/channels/connect/${only.name}`,
          icon: 'plug',
        }}
      >
        <LinkButton href={`/settings/channels/about/${only.name}`} look="bare">
          {t('channels.whatItCan')}
        </LinkButton>
      </EmptyState>
    )
  if (first && !manages && !(own && able.some(mayBePersonal)))
    return <EmptyState title={t('channels.empty')} why={t('channels.emptyAsk')} icon="plug" />
  return (
    <Grid columns="medium">
      {able.map(each => (
        <Card
          title={t(each.title)}
          icon="plug"
          foot={
            <Row>
              {(manages || (own && mayBePersonal(each))) && (
                <LinkButton href={`/settings/channels/connect/${each.name}`} look={first ? 'strong' : 'plain'} icon="add">
                  {t('channels.connect')}
                </LinkButton>
              )}
              <LinkButton href={`/settings/channels/about/${each.name}`} look="bare">
                {t('channels.whatItCan')}
              </LinkButton>
            </Row>
          }
        />
      ))}
    </Grid>
  )
}

const crumbs = (...more: { label: string; href?: string }[]) => (
  <Breadcrumb
    crumbs={[{ label: t('channels.settings'), href: '/settings' }, { label: t('channels.channels'), href: '/settings/channels' }, ...more]}
  />
)

// —— the truth about a channel ——

const yes = (is: boolean) => (is ? <Badge tone="good">{t('channels.yes')}</Badge> : <Badge>{t('channels.no')}</Badge>)
const allowedTone = { yes: 'good', partly: 'warning', no: 'neutral' } as const

export const truthPage = page('/settings/channels/about/:channel', { who: 'channels.read', section: 'settings' }, async see => {
  const channel = named(see.params.channel!)
  const { items } = await channels.accounts(see.ctx, {})
  const active = items.filter(each => each.channel === channel.name && each.state === 'active').length
  const title = t('channels.truthOf', { network: t(channel.title) })
  return {
    title,
    body: (
      <Page>
        <PageHead title={title} detail={t('channels.truthWhy')} above={crumbs()} />
        <Table
          caption={title}
          captionHidden
          stacks
          rows={truthTable(channel, active)}
          columns={[
            {
              head: t('channels.what'),
              heading: true,
              cell: row => (
                <Stack gap="none">
                  {t(`channels.can.${row.what}`)}
                  {row.note && <Quiet small>{said(row.note)}</Quiet>}
                </Stack>
              ),
            },
            {
              head: t('channels.allowed'),
              cell: row => <Badge tone={allowedTone[row.allowed]}>{t(`channels.allows.${row.allowed}`)}</Badge>,
            },
            { head: t('channels.done'), cell: row => yes(row.done) },
            { head: t('channels.provedBy'), cell: row => t(`channels.proof.${proofWords[row.provedBy]}`), wideOnly: true },
            { head: t('channels.here'), cell: row => yes(row.connected) },
          ]}
        />
      </Page>
    ),
  }
})

// —— in others' rooms ——

export const settingsCard = offer(
  settingsCards,
  async () => <Card title={t('channels.channels')} detail={t('channels.channelsWhy')} icon="plug" href="/settings/channels" />,
  { order: 10, who: 'channels.read' },
)

export const connectFirst = offer(
  firstSteps,
  async (see, { tell }) => {
    const { items } = await channels.accounts(see.ctx, {})
    const done = items.length > 0
    tell(done)
    return <FirstStep done={done} title={t('channels.firstConnect')} why={t('channels.firstConnectWhy')} href="/settings/channels" />
  },
  { order: 10, who: 'channels.manage' },
)

const Trouble = ({ account }: { account: AccountCard }) => (
  <Banner
    tone={tones[account.state]}
    alert={account.state === 'reconnect'}
    title={t(`channels.trouble.${account.state}`, { name: account.name })}
    actions={
      <LinkButton size="small" href={`/settings/channels/${account.id}`}>
        {t('channels.mend')}
      </LinkButton>
    }
  >
    {account.says && said(account.says)}
  </Banner>
)

/** Its sign-in ends within days: whoever signs in again before that misses nothing. */
const EndsSoon = ({ account }: { account: AccountCard }) => (
  <Banner
    tone="warning"
    title={t('channels.endsSoon', { name: account.name, when: date(account.grantedUntil!) })}
    actions={
      <LinkButton size="small" href={`/settings/channels/${account.id}`}>
        {t('channels.mend')}
      </LinkButton>
    }
  >
    {t('channels.endsSoonWhy')}
  </Banner>
)

/** An account that needs somebody is seen on every page, not only where accounts are. */
export const troubleNotice = offer(
  notices,
  async see => {
    if (see.path.startsWith('/settings/channels')) return null
    const { items } = await remembered(
      see.ctx,
      `channels.accounts ${see.ctx.actor.role} ${await readerKey(see.ctx)}`,
      ['accounts', 'admitted'],
      () => channels.accounts(see.ctx, {}),
    )
    const troubled = items.filter(each => each.state === 'reconnect' || each.state === 'down')
    const ending = items.filter(each => each.state === 'active' && channels.endsSoon(each.grantedUntil, see.ctx.now))
    return troubled.length + ending.length ? (
      <Stack gap="small">
        {troubled.slice(0, 3).map(each => (
          <Trouble account={each} />
        ))}
        {ending.slice(0, 3).map(each => (
          <EndsSoon account={each} />
        ))}
      </Stack>
    ) : null
  },
  { who: 'channels.manage' },
)
