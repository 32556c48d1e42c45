import { refuse } from '#kernel/errors.ts'
import {
  ActionForm,
  Banner,
  Breadcrumb,
  Button,
  Card,
  DefinitionList,
  Form,
  FormActions,
  LinkButton,
  Page,
  PageHead,
  Quiet,
  RelativeTime,
  Row,
  Stack,
  StatusDot,
  Stepper,
  Waiting,
} from '#kernel/html/kit.tsx'
import { hasMessage, t } from '#kernel/messages.ts'
import { fill, form, page } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { channelNamed, channels } from '#social/channels/actions.ts'
import { type AccountCard, type AccountState, type Channel, mayBePersonal, type Step } from '#social/channels/words.ts'
import * as accounts from './actions.ts'
import { healthOf } from './pages-care.tsx'
import { doorOf, lookOf } from './pages-doors.tsx'
import { Fields, filledIn, Whose } from './pages-fields.tsx'
import { ToPlaces } from './pages-places.tsx'
import { fieldsOf } from './rules.ts'
import { type Attempt, accountPanel } from './words.ts'

export { carePanel, doCare, ownerlessNotice } from './pages-care.tsx'

export * from './pages-places.tsx'

/** What a network said: a sentence of ours, or its own words. */
const said = (says: string) => (hasMessage(says) ? t(says) : says)

const named = (name: string): Channel => channelNamed(name) ?? refuse('notFound', 'channels.unknownChannel')

const crumbs = (...more: { label: string; href?: string }[]) => (
  <Breadcrumb
    crumbs={[{ label: t('channels.settings'), href: '/settings' }, { label: t('channels.channels'), href: '/settings/channels' }, ...more]}
  />
)

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

export const connectPage = page(
  '/settings/channels/connect/:channel',
  {
    who: 'channels.own',
    section: 'settings',
    finds: see =>
      channels()
        .filter(each => may(see.ctx.actor, 'channels.manage') || mayBePersonal(each))
        .map(({ name, title }) => ({
          title: t('channels.connectIt', { network: t(title) }),
          href: `/settings/channels/connect/${name}`,
          icon: 'add',
        })),
  },
  async see => {
    const channel = named(see.params.channel!)
    if (!may(see.ctx.actor, 'channels.manage') && !mayBePersonal(channel)) refuse('forbidden', 'kernel.forbidden')
    const title = t('channels.connectIt', { network: t(channel.title) })
    return {
      title,
      body: (
        <Page width="narrow">
          <PageHead title={title} detail={t('accounts.connectWhy')} above={crumbs()} />
          <Card>
            <Form action={`/settings/channels/connect/${channel.name}`}>
              <Fields fields={fieldsOf(channel.asks)} values={{}} first />
              {mayBePersonal(channel) && <Whose manages={may(see.ctx.actor, 'channels.manage')} />}
              <FormActions>
                <Button look="strong" icon="plug">
                  {t('channels.connect')}
                </Button>
              </FormActions>
            </Form>
          </Card>
        </Page>
      ),
    }
  },
)

export const doConnect = form('/settings/channels/connect/:channel', accounts.connect, {
  read: (data, params) => {
    const channel = named(params.channel!)
    const after = data.get('after')
    const fields = after ? fieldsOf(channel.settings) : fieldsOf(channel.asks)
    const personal = data.get('whose') === 'own'
    return { channel: channel.name, asked: filledIn(fields, data), personal, ...(typeof after === 'string' && after && { after }) }
  },
  done: (_see, { attempt }) => ({ go: `/settings/channels/attempts/${attempt}` }),
})

export const attemptPage = page('/settings/channels/attempts/:attempt', { who: 'channels.own', section: 'settings' }, async see => {
  const it = await accounts.attempt(see.ctx, { attempt: see.params.attempt! })
  const channel = named(it.channel)
  const title = t(`accounts.attempt.${it.state}`, { network: t(channel.title) })
  return {
    title,
    live: [`attempt:${it.id}`],
    body: (
      <Page width="narrow">
        <PageHead title={title} above={crumbs()} />
        <Stack gap="large">
          <Card>
            <Stack>
              <Steps steps={it.steps} />
              {it.state === 'running' && <Waiting label={t('accounts.trying')} />}
            </Stack>
          </Card>
          {it.state === 'done' && <Done attempt={it} channel={channel} />}
          {it.state === 'failed' && <ByHand attempt={it} asked={it.asked} channel={channel} />}
        </Stack>
      </Page>
    ),
  }
})

const stepStates = { running: 'now', done: 'done', failed: 'failed' } as const

const Steps = ({ steps }: { steps: Step[] }) => (
  <Stepper
    label={t('accounts.steps')}
    look="down"
    steps={steps.map(step => ({
      label: hasMessage(step.says) ? t(step.says, step.values) : step.says,
      state: stepStates[step.state],
      detail: step.advice && said(step.advice),
    }))}
  />
)

const Done = ({ attempt, channel }: { attempt: Attempt; channel: Channel }) => (
  <Banner
    tone="good"
    title={t('accounts.isConnected')}
    actions={
      <Row>
        <LinkButton href={`/settings/channels/${attempt.account}`}>{t('accounts.seeAccount')}</LinkButton>
        {channel.alike && (
          <LinkButton href={`/settings/channels/connect/${channel.name}`} icon="add">
            {t('accounts.another')}
          </LinkButton>
        )}
        <LinkButton href="/settings/channels" look="strong">
          {t('accounts.back')}
        </LinkButton>
      </Row>
    }
  >
    {t(channel.alike ? 'accounts.anotherWhy' : 'accounts.isConnectedWhy')}
  </Banner>
)

/** What could not be found by itself, a person may know. Nothing that was typed is asked for again. */
const ByHand = ({ attempt, asked, channel }: { attempt: Attempt; asked: Record<string, string>; channel: Channel }) => (
  <>
    <Banner tone="bad" alert title={t('accounts.notConnected')}>
      {attempt.says && said(attempt.says)}
    </Banner>
    <Card title={t('accounts.byHand')} detail={t('accounts.byHandWhy')}>
      <Form action={`/settings/channels/connect/${channel.name}`} hidden={{ after: attempt.id, channel: channel.name }}>
        <Fields fields={fieldsOf(channel.settings)} values={asked} needed={fieldsOf(channel.asks).map(each => each.name)} kept />
        <FormActions>
          <Button look="strong" icon="refresh">
            {t('accounts.tryAgain')}
          </Button>
          {attempt.account && <Button formaction={`/settings/channels/${attempt.account}/keep`}>{t('accounts.keepAnyway')}</Button>}
        </FormActions>
        {attempt.account && <Quiet small>{t('accounts.keepAnywayWhy')}</Quiet>}
      </Form>
    </Card>
  </>
)

export const accountPage = page('/settings/channels/:account', { who: 'channels.own', section: 'settings' }, async see => {
  const { account, settings } = await accounts.details(see.ctx, { account: see.params.account! })
  const channel = named(account.channel)
  const base = `/settings/channels/${account.id}`
  const setsUp = account.personal === null || account.personal === see.ctx.actor.person
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
          actions={<Deeds account={account} base={base} />}
        />
        <Stack gap="large">
          {account.state !== 'active' && <Trouble account={account} base={base} />}
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
          <Card title={t('accounts.remove')} detail={t('accounts.removeWhy')}>
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

const Deeds = ({ account, base }: { account: AccountCard; base: string }) => (
  <Row>
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

const Trouble = ({ account, base }: { account: AccountCard; base?: string }) => (
  <Banner
    tone={tones[account.state]}
    alert={account.state === 'reconnect'}
    title={t(`channels.trouble.${account.state}`, { name: account.name })}
    actions={
      account.state === 'paused' ? undefined : base ? (
        <ActionForm action={`${base}/try`}>
          <Button size="small">{t('accounts.tryAgain')}</Button>
        </ActionForm>
      ) : (
        <LinkButton size="small" href={`/settings/channels/${account.id}`}>
          {t('channels.mend')}
        </LinkButton>
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
