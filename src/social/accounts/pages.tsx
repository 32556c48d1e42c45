import {
  ActionForm,
  Banner,
  Button,
  Card,
  DefinitionList,
  Form,
  FormActions,
  Page,
  PageHead,
  Quiet,
  RelativeTime,
  Row,
  Stack,
  StatusDot,
} from '#kernel/html/kit.tsx'
import { date, t } from '#kernel/messages.ts'
import { fill, form, page } from '#kernel/page.tsx'
import { endsSoon } from '#social/channels/actions.ts'
import type { AccountCard, AccountState, Channel } from '#social/channels/words.ts'
import * as accounts from './actions.ts'
import { healthOf } from './pages-care.tsx'
import { doorOf, lookOf } from './pages-doors.tsx'
import { crumbs, Fields, filledIn, named, said } from './pages-fields.tsx'
import { ToPlaces } from './pages-places.tsx'
import { fieldsOf } from './rules.ts'
import { accountPanel } from './words.ts'

export { carePanel, doCare, ownerlessNotice } from './pages-care.tsx'
export { attemptPage, backFromNetwork, connectPage, doConnect } from './pages-connect.tsx'

export * from './pages-places.tsx'

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
  </StatusDot>
)

export const accountPage = page('/settings/channels/:account', { who: 'channels.own', section: 'settings' }, async see => {
  const { account, settings } = await accounts.details(see.ctx, { account: see.params.account! })
  const channel = named(account.channel)
  const base = `/settings/channels/${account.id}`
  const setsUp = account.personal === null || account.personal === see.ctx.actor.person
  const ends = account.state === 'active' && endsSoon(account.grantedUntil, see.ctx.now)
  return {
    title: account.name,
    live: [`account:${account.id}`],
    body: (
      <Page width="narrow">
        <PageHead
          title={account.name}
          detail={account.address}
          icon="plug"
          above={crumbs()}
          actions={<Deeds {...{ account, base, channel }} ends={ends} />}
        />
        <Stack gap="large">
          {account.state !== 'active' && <Trouble {...{ account, base, channel }} />}
          {ends && <EndsSoon {...{ account, base, channel }} />}
          <Card>
            <DefinitionList
              items={[
                { term: t('accounts.stands'), value: <Standing account={account} /> },
                { term: t('accounts.network'), value: <a href={`/settings/channels/about/${channel.name}`}>{t(channel.title)}</a> },
                {
                  term: t('accounts.heardAt'),
                  value: account.heardAt ? <RelativeTime at={account.heardAt} look="long" /> : t('accounts.notYet'),
                },
                ...(channel.can.listen?.webhook ? [doorOf(see, account)] : []),
                ...(channel.look ? [lookOf(channel.look(account))] : []),
                ...healthOf(see, account),
                { term: t('accounts.connectedAt'), value: <RelativeTime at={account.connectedAt} look="full" /> },
              ]}
            />
          </Card>
          {await fill(see, accountPanel, { account: account.id, channel: channel.name })}
          {setsUp && (
            <Card title={t('accounts.accountSettings')} detail={t('accounts.accountSettingsWhy')}>
              <Form action={`${base}/change`} hidden={{ channel: channel.name }}>
                <Fields fields={fieldsOf(channel.settings)} values={settings} kept />
                <FormActions>
                  <Button look="strong">{t('accounts.save')}</Button>
                </FormActions>
              </Form>
            </Card>
          )}
          {setsUp && channel.examples && <ToPlaces base={base} />}
          <Card
            title={t('accounts.remove')}
            detail={`${t('accounts.removeWhy')}${channel.upon?.leaves ? ` ${t('accounts.removeLeaves')}` : ''}`}
          >
            <ActionForm action={`${base}/remove`}>
              <Button look="danger" icon="trash">
                {t('accounts.remove')}
              </Button>
            </ActionForm>
          </Card>
        </Stack>
      </Page>
    ),
  }
})

interface OfAccount {
  account: AccountCard
  base: string
  channel: Channel
}

/** Where signing in again is urged, it stands there. */
const Deeds = ({ account, base, channel, ends }: OfAccount & { ends: boolean }) => (
  <Row>
    {channel.signIn && !ends && account.state !== 'reconnect' && <SignInAgain base={base} channel={channel} />}
    <ActionForm action={`${base}/try`}>
      <Button icon="refresh">{t('accounts.test')}</Button>
    </ActionForm>
    {account.state === 'paused' ? (
      <ActionForm action={`${base}/resume`}>
        <Button icon="play">{t('accounts.resume')}</Button>
      </ActionForm>
    ) : (
      <ActionForm action={`${base}/pause`}>
        <Button icon="pause">{t('accounts.pause')}</Button>
      </ActionForm>
    )}
  </Row>
)

const SignInAgain = ({ base, channel }: Pick<OfAccount, 'base' | 'channel'>) => (
  <ActionForm action={`${base}/sign-in`}>
    <Button icon="plug">{t('accounts.signInAt', { network: t(channel.title) })}</Button>
  </ActionForm>
)

const EndsSoon = ({ account, base, channel }: OfAccount) => (
  <Banner
    tone="warning"
    title={t('channels.endsSoon', { name: account.name, when: date(account.grantedUntil!) })}
    actions={channel.signIn && <SignInAgain base={base} channel={channel} />}
  >
    {t('channels.endsSoonWhy')}
  </Banner>
)

const Trouble = ({ account, base, channel }: OfAccount) => (
  <Banner
    tone={tones[account.state]}
    alert={account.state === 'reconnect'}
    title={t(`channels.trouble.${account.state}`, { name: account.name })}
    actions={
      account.state === 'paused' ? undefined : account.state === 'reconnect' && channel.signIn ? (
        <SignInAgain base={base} channel={channel} />
      ) : (
        <ActionForm action={`${base}/try`}>
          <Button size="small">{t('accounts.tryAgain')}</Button>
        </ActionForm>
      )
    }
  >
    {account.says && said(account.says)}
  </Banner>
)

const toAttempt = (_see: unknown, { attempt }: { attempt: string }) => ({ go: `/settings/channels/attempts/${attempt}` })

export const doChange = form('/settings/channels/:account/change', accounts.change, {
  read: (data, params) => ({
    account: params.account!,
    settings: filledIn(fieldsOf(named(String(data.get('channel') ?? '')).settings), data),
  }),
  done: toAttempt,
})

export const doKeep = form('/settings/channels/:account/keep', accounts.keepUntried, {
  read: (data, params) => {
    const after = data.get('after')
    const settings = filledIn(fieldsOf(named(String(data.get('channel') ?? '')).settings), data)
    return { account: params.account!, settings, ...(typeof after === 'string' && { after }) }
  },
  done: (_see, _out, { account }) => ({ go: `/settings/channels/${account}`, say: 'accounts.isKept' }),
})

export const doSignIn = form('/settings/channels/:account/sign-in', accounts.signInAgain, { done: toAttempt })

export const doTry = form('/settings/channels/:account/try', accounts.tryAgain, { done: toAttempt })

export const doPause = form('/settings/channels/:account/pause', accounts.pause, {
  done: (_see, _out, { account }) => ({
    stay: true,
    say: 'accounts.isPaused',
    undo: { path: `/settings/channels/${account}/resume`, fields: {} },
  }),
})
export const doResume = form('/settings/channels/:account/resume', accounts.resume, {
  done: () => ({ stay: true, say: 'accounts.isResumed' }),
})
export const doRemove = form('/settings/channels/:account/remove', accounts.remove, {
  done: () => ({ go: '/settings/channels', say: 'accounts.isRemoved' }),
})
