/** Connecting: what is asked for first, signing in at the network where it has that, and how the attempt goes. */
import { refuse } from '#kernel/errors.ts'
import {
  Banner,
  Button,
  Card,
  Form,
  FormActions,
  LinkButton,
  Page,
  PageHead,
  Quiet,
  Row,
  Select,
  Stack,
  Stepper,
  Waiting,
} from '#kernel/html/kit.tsx'
import { withSee } from '#kernel/http.tsx'
import { hasMessage, t } from '#kernel/messages.ts'
import { houseOrigin } from '#kernel/origin.ts'
import { form, page, raw } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { channels } from '#social/channels/actions.ts'
import { type Channel, mayBePersonal, type Step } from '#social/channels/words.ts'
import * as accounts from './actions.ts'
import { crumbs, Fields, filledIn, named, said, Whose } from './pages-fields.tsx'
import { fieldsOf } from './rules.ts'
import { type Attempt, allDays, isLoopback } from './words.ts'

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
    const manages = may(see.ctx.actor, 'channels.manage')
    if (!manages && !mayBePersonal(channel)) refuse('forbidden', 'kernel.forbidden')
    const title = t('channels.connectIt', { network: t(channel.title) })
    const byHand = see.query.has('by-hand')
    const detail = t(channel.signIn && !byHand ? 'accounts.signInWhy' : 'accounts.connectWhy')
    return {
      title,
      body: (
        <Page width="narrow">
          <PageHead title={title} detail={detail} above={crumbs()} />
          <Card>
            <Ask channel={channel} byHand={byHand} manages={manages} />
          </Card>
        </Page>
      ),
    }
  },
)

/** Of what is asked for first, that for which nothing else stands in. */
const neededOf = ({ asks }: Channel) => fieldsOf(asks).flatMap(({ name, required }) => (required ? [name] : []))

/** Where the network has a sign-in of its own, whoever would rather not use it fills in the rest by hand. */
const Ask = ({ channel, byHand, manages }: { channel: Channel; byHand: boolean; manages: boolean }) => {
  const path = `/settings/channels/connect/${channel.name}`
  const needed = neededOf(channel)
  return (
    <Form action={path} hidden={byHand ? { all: '1' } : {}}>
      <Fields fields={fieldsOf(byHand ? channel.settings : channel.asks)} values={{}} needed={needed} first />
      {channel.can.listen?.history && <HowFarBack />}
      {mayBePersonal(channel) && <Whose manages={manages} />}
      <FormActions>
        <Button look="strong" icon="plug">
          {channel.signIn && !byHand ? t('accounts.signInAt', { network: t(channel.title) }) : t('channels.connect')}
        </Button>
        {channel.signIn && !byHand && (
          <LinkButton href={`${path}?by-hand`} look="bare">
            {t('accounts.signInNot')}
          </LinkButton>
        )}
      </FormActions>
    </Form>
  )
}

const spans = { historyNone: 0, historyWeek: 7, historyMonth: 30, historyYear: 365, historyAll: allDays }

/** What was there before comes in quietly, once the account is connected. */
const HowFarBack = () => (
  <Select
    name="history"
    label={t('accounts.history')}
    hint={t('accounts.historyHint')}
    value="0"
    choices={Object.entries(spans).map(([key, days]) => ({ value: String(days), label: t(`accounts.${key}`) }))}
  />
)

export const doConnect = form('/settings/channels/connect/:channel', accounts.connect, {
  read: (data, params) => {
    const channel = named(params.channel!)
    const [after, history] = ['after', 'history'].map(name => data.get(name) || undefined) as (string | undefined)[]
    const fields = fieldsOf(after || data.has('all') ? channel.settings : channel.asks)
    const more = {
      ...(after && { after }),
      ...(history && { history }),
      ...(data.has('anew') && { anew: true }),
      personal: data.get('whose') === 'own',
    }
    return { channel: channel.name, asked: filledIn(fields, data), ...more }
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
              {it.signIn && <ToNetwork url={it.signIn} />}
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
      detail: (step.advice ?? step.link) && <Advice step={step} />,
    }))}
  />
)

const Advice = ({ step: { advice, link } }: { step: Step }) => (
  <>
    {advice && said(advice)}{' '}
    {link && (
      <a href={link} target="_blank" rel="noopener noreferrer">
        {t('accounts.openThere', { host: new URL(link).host })}
      </a>
    )}
  </>
)

/** The browser goes there by itself, once; whoever comes back by the way they went goes on by hand. */
const ToNetwork = ({ url }: { url: string }) => (
  <Stack gap="small">
    <Quiet>{t('accounts.toNetwork')}</Quiet>
    <Row>
      <LinkButton href={url} look="strong" iconEnd="external" goes>
        {t('accounts.signInAt', { network: new URL(url).host })}
      </LinkButton>
    </Row>
  </Stack>
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
        <Fields fields={fieldsOf(channel.settings)} values={asked} needed={neededOf(channel)} kept />
        <FormActions>
          <Button look="strong" icon="refresh">
            {t('accounts.tryAgain')}
          </Button>
          {channel.signIn && (
            <Button name="anew" value="1">
              {t('accounts.signInAt', { network: t(channel.title) })}
            </Button>
          )}
          {attempt.account && <Button formaction={`/settings/channels/${attempt.account}/keep`}>{t('accounts.keepAnyway')}</Button>}
        </FormActions>
        {attempt.account && <Quiet small>{t('accounts.keepAnywayWhy')}</Quiet>}
      </Form>
    </Card>
  </>
)

/**
 * The way back from the network. It may lead to this machine by its number where somebody works on it by its name (some networks take no names), and
 * their session counts only there.
 */
export const backFromNetwork = raw('GET', '/settings/channels/connect/:channel/back', 'nobody', async c => {
  const asked = new URL(c.req.url)
  const home = new URL(houseOrigin())
  const isAstray = !c.get('who') && asked.host !== home.host && isLoopback(asked.hostname) && isLoopback(home.hostname)
  if (isAstray) return c.redirect(`${home.origin}${asked.pathname}${asked.search}`, 303)
  return withSee(c, 'channels.manage', async see => {
    const { attempt } = await accounts.cameBack(see.ctx, { channel: see.params.channel!, query: asked.searchParams.toString() })
    return c.redirect(`/settings/channels/attempts/${attempt}`, 303)
  })
})
