/** Where other programs are told what happens here: which there are, what they hear, and what became of each telling. */
import {
  ActionButton,
  Banner,
  Button,
  Card,
  Checkbox,
  CodeBlock,
  EmptyState,
  Form,
  FormActions,
  FormCard,
  Input,
  Item,
  ItemList,
  LinkButton,
  Page,
  PageHead,
  Pager,
  Panel,
  Quiet,
  Row,
  SettingsCrumbs,
  Stack,
  StatusDot,
  TextArea,
} from '#kernel/html/kit.tsx'
import { dateTime, t } from '#kernel/messages.ts'
import { form, offer, page, type Screen } from '#kernel/page.tsx'
import { wordNames } from '#social/activities/actions.ts'
import { settingsCards } from '#social/members/words.ts'
import * as hooks from './actions.ts'
import { Log } from './pages-log.tsx'
import { typeOf } from './rules.ts'
import type { HookCard } from './words.ts'

export * from './pages-log.tsx'

const base = '/settings/hooks'

const Above = () => <SettingsCrumbs among={[{ label: t('hooks.hooks'), href: base }]} />

export const card = offer(settingsCards, async () => <Card title={t('hooks.hooks')} detail={t('hooks.why')} icon="plug" href={base} />, {
  order: 45,
  who: 'hooks.manage',
})

export const hooksPage = page(
  base,
  { who: 'hooks.manage', section: 'settings', finds: () => [{ title: t('hooks.hooks'), icon: 'plug', words: 'webhooks' }] },
  async see => {
    const { items } = await hooks.list(see.ctx, {})
    return {
      title: t('hooks.hooks'),
      body: (
        <Page width="narrow">
          <PageHead title={t('hooks.hooks')} detail={t('hooks.why')} above={<SettingsCrumbs />} actions={items.length > 0 && <Add />} />
          <Card flush>
            {items.length === 0 ? (
              <EmptyState
                icon="plug"
                title={t('hooks.empty')}
                why={t('hooks.emptyWhy')}
                action={{ label: t('hooks.add'), href: `${base}/new`, icon: 'add' }}
              />
            ) : (
              <ItemList label={t('hooks.hooks')}>
                {items.map(each => (
                  <Item title={each.name} detail={each.url} end={<Standing hook={each} />} href={`${base}/${each.id}`} />
                ))}
              </ItemList>
            )}
          </Card>
        </Page>
      ),
    }
  },
)

const Add = () => (
  <LinkButton href={`${base}/new`} look="strong" icon="add">
    {t('hooks.add')}
  </LinkButton>
)

const Standing = ({ hook }: { hook: HookCard }) => {
  if (hook.stoppedAt) return <StatusDot tone={hook.stoppedBecause ? 'bad' : 'neutral'}>{t('hooks.stopped')}</StatusDot>
  return hook.failingSince ? (
    <StatusDot tone="warning">{t('hooks.failing')}</StatusDot>
  ) : (
    <StatusDot tone="good">{t('hooks.works')}</StatusDot>
  )
}

const adding = () => [{ title: t('hooks.add'), icon: 'add' }]

// Its name stands before `hookPage`, and so does its address.
export const addPage = page(`${base}/new`, { who: 'hooks.manage', section: 'settings', finds: adding }, async () => ({
  title: t('hooks.add'),
  body: (
    <Page width="narrow">
      <PageHead title={t('hooks.add')} detail={t('hooks.addWhy')} above={<Above />} />
      <Card>
        <Form action={`${base}/new`}>
          <Fields />
          <FormActions>
            <Button look="strong" icon="plug">
              {t('hooks.make')}
            </Button>
          </FormActions>
        </Form>
      </Card>
    </Page>
  ),
}))

const Fields = ({ hook }: { hook?: HookCard }) => (
  <>
    <Input name="name" label={t('hooks.name')} hint={t('hooks.nameHelp')} value={hook?.name} required maxlength={100} autocomplete="off" />
    <Input
      name="url"
      type="url"
      label={t('hooks.url')}
      hint={t('hooks.urlHelp')}
      value={hook?.url}
      required
      maxlength={2000}
      autocomplete="off"
    />
    <Checkbox
      name="everything"
      label={t('hooks.everything')}
      hint={t('hooks.everythingHelp')}
      checked={hook?.types.length === 0 && !hook.called}
    />
    <Checkbox name="called" label={t('hooks.called')} hint={t('hooks.calledHelp')} checked={hook?.called} />
    <TextArea
      name="filter"
      label={t('hooks.filter')}
      hint={t('hooks.filterHelp')}
      value={hook?.filter}
      rows={2}
      maxlength={2000}
      optional
    />
    <Panel title={t('hooks.choose')} count={hook?.types.length || undefined} folds closed>
      {[...Map.groupBy(wordNames(), name => name.split('.')[0]!)].map(([module, names]) => (
        <Choices title={module} names={names} chosen={hook?.types ?? []} />
      ))}
    </Panel>
  </>
)

const Choices = ({ title, names, chosen }: { title: string; names: string[]; chosen: string[] }) => (
  <Panel title={title} count={names.filter(name => chosen.includes(typeOf(name))).length || undefined} folds closed>
    {names.map(name => (
      <Checkbox
        name="types[]"
        value={typeOf(name)}
        label={sentenceOf(name)}
        hint={<code>{typeOf(name)}</code>}
        checked={chosen.includes(typeOf(name))}
      />
    ))}
  </Panel>
)

/** What happens, said of nobody in particular. */
const sentenceOf = (name: string): string =>
  t(name.replace('.', '.happened.'), { actor: t('hooks.somebody'), object: t('hooks.something'), target: t('hooks.something') })

export const doMake = form(`${base}/new`, hooks.make, {
  done: (_see, { hook, secret }) => ({ show: once(secret, `${base}/${hook}`) }),
})

/** Something that is shown now and never again. */
const once = (secret: string, back: string, until?: Date): Screen => ({
  title: t('hooks.secret'),
  frame: 'public',
  body: (
    <Stack>
      <Banner tone="warning">{until ? t('hooks.secretBoth', { until: dateTime(until) }) : t('hooks.secretOnce')}</Banner>
      <CodeBlock label={t('hooks.secret')} code={secret} />
      <LinkButton href={back} look="strong">
        {t('hooks.secretKept')}
      </LinkButton>
    </Stack>
  ),
})

export const hookPage = page(`${base}/:hook`, { who: 'hooks.manage', section: 'settings' }, async see => {
  const hook = await hooks.one(see.ctx, { hook: see.params.hook! })
  const log = await hooks.deliveries(see.ctx, { hook: hook.id, before: see.query.get('before') ?? undefined, limit: 20 })
  const at = `${base}/${hook.id}`
  return {
    title: hook.name,
    live: [`hook:${hook.id}`],
    body: (
      <Page width="narrow">
        <PageHead title={hook.name} detail={hook.url} above={<Above />} actions={<Deeds hook={hook} at={at} />} />
        <Stack gap="large">
          {(hook.stoppedAt || hook.failingSince) && <Trouble hook={hook} at={at} />}
          <Card
            title={t('hooks.log')}
            detail={t('hooks.logWhy')}
            flush={log.items.length === 0}
            foot={log.next && <Pager older={`${at}?before=${log.next}`} />}
          >
            <Log at={at} items={log.items} />
          </Card>
          <FormCard title={t('hooks.settings')} action={`${at}/change`} does={t('hooks.save')}>
            <Fields hook={hook} />
          </FormCard>
          <Secret hook={hook} at={at} />
          <Card title={t('hooks.remove')} detail={t('hooks.removeWhy')}>
            <ActionButton action={`${at}/remove`} look="danger" icon="trash">
              {t('hooks.remove')}
            </ActionButton>
          </Card>
        </Stack>
      </Page>
    ),
  }
})

const Deeds = ({ hook, at }: { hook: HookCard; at: string }) => (
  <Row>
    {!hook.stoppedAt && (
      <ActionButton action={`${at}/test`} icon="send">
        {t('hooks.test')}
      </ActionButton>
    )}
    <ActionButton action={`${at}/${hook.stoppedAt ? 'resume' : 'stop'}`} icon={hook.stoppedAt ? 'play' : 'pause'}>
      {hook.stoppedAt ? t('hooks.resume') : t('hooks.stop')}
    </ActionButton>
  </Row>
)

const Trouble = ({ hook, at }: { hook: HookCard; at: string }) => {
  const why = hook.stoppedAt ? (hook.stoppedBecause ?? 'person') : 'now'
  return (
    <Banner
      tone={why === 'person' ? 'neutral' : why === 'now' ? 'warning' : 'bad'}
      alert={why === 'gone' || why === 'failing'}
      title={t(`hooks.trouble.${why}`)}
      actions={
        hook.stoppedAt && (
          <ActionButton action={`${at}/resume`} size="small">
            {t('hooks.resume')}
          </ActionButton>
        )
      }
    >
      {t(`hooks.troubleWhy.${why}`)}
    </Banner>
  )
}

const Secret = ({ hook, at }: { hook: HookCard; at: string }) => (
  <Card title={t('hooks.secret')} detail={t('hooks.secretWhy')}>
    <Stack>
      {hook.secretBeforeUntil && hook.secretBeforeUntil > new Date() && (
        <Quiet>{t('hooks.secretBefore', { until: dateTime(hook.secretBeforeUntil) })}</Quiet>
      )}
      <Row>
        <ActionButton action={`${at}/rotate`} icon="key">
          {t('hooks.rotate')}
        </ActionButton>
      </Row>
    </Stack>
  </Card>
)

export const doChange = form(`${base}/:hook/change`, hooks.change, { done: () => ({ stay: true, say: 'hooks.saved' }) })
export const doRotate = form(`${base}/:hook/rotate`, hooks.rotate, {
  done: (_see, { secret, beforeUntil }, { hook }) => ({ show: once(secret, `${base}/${hook}`, beforeUntil) }),
})
export const doStop = form(`${base}/:hook/stop`, hooks.stop, {
  done: (_see, _out, { hook }) => ({ stay: true, say: 'hooks.isStopped', undo: { path: `${base}/${hook}/resume` } }),
})
export const doResume = form(`${base}/:hook/resume`, hooks.resume, { done: () => ({ stay: true, say: 'hooks.isResumed' }) })
export const doRemove = form(`${base}/:hook/remove`, hooks.remove, { done: () => ({ go: base, say: 'hooks.isRemoved' }) })
export const doTest = form(`${base}/:hook/test`, hooks.test, { done: () => ({ stay: true, say: 'hooks.isSent' }) })
