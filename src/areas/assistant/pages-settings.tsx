/** Where it is set up, what leaves the house by it, whether it works, and what it costs. */
import {
  ActionButton,
  Badge,
  Banner,
  Button,
  Card,
  Checkbox,
  FieldSet,
  Form,
  FormCard,
  Input,
  Item,
  ItemList,
  Page,
  PageHead,
  PlainText,
  Quiet,
  RadioGroup,
  Row,
  SettingsCrumbs,
  Stack,
  Table,
  Waiting,
} from '#kernel/html/kit.tsx'
import { date, number, t } from '#kernel/messages.ts'
import { form, offer, page, ticked, typed } from '#kernel/page.tsx'
import { settingsCards } from '#social/members/words.ts'
import * as assistant from './actions.ts'
import { helps, type Settings, type TranslatorName, translators, type Use } from './words.ts'

const base = '/settings/assistant'

export const settingsPage = page(
  base,
  { who: 'assistant.manage', section: 'settings', finds: () => [{ title: t('assistant.title'), icon: 'spark' }] },
  async see => {
    const [it, trials, costs] = await Promise.all([
      assistant.settings(see.ctx, {}),
      assistant.trials(see.ctx),
      assistant.costs(see.ctx, {}),
    ])
    return {
      title: t('assistant.title'),
      live: ['assistant'],
      body: (
        <Page width="narrow">
          <PageHead title={t('assistant.title')} detail={t('assistant.why')} above={<SettingsCrumbs />} />
          <Stack gap="large">
            <Standing it={it} />
            <Leaves it={it} />
            <FormCard title={t('assistant.setUp')} action={`${base}/change`} does={t('assistant.save')}>
              <Fields it={it} />
            </FormCard>
            <Trial it={it} last={trials[0]} />
            <Costs {...costs} />
          </Stack>
        </Page>
      ),
    }
  },
)

const isSetUp = ({ baseUrl, translatorUrl }: Settings): boolean => baseUrl !== '' || translatorUrl !== ''

const Standing = ({ it }: { it: Settings }) =>
  it.on ? (
    <Banner
      tone="good"
      icon="spark"
      title={t('assistant.isOn')}
      actions={<ActionButton action={`${base}/off`}>{t('assistant.turnOff')}</ActionButton>}
    >
      <p>{t('assistant.isOnWhy')}</p>
    </Banner>
  ) : (
    <Banner
      icon="spark"
      title={t('assistant.isOff')}
      actions={
        isSetUp(it) && (
          <ActionButton action={`${base}/on`} look="strong">
            {t('assistant.turnOn')}
          </ActionButton>
        )
      }
    >
      <p>{t(isSetUp(it) ? 'assistant.readFirst' : 'assistant.setUpFirst')}</p>
    </Banner>
  )

const hostOf = (url: string): string => URL.parse(url)?.host ?? ''

/** Before it is turned on, and as long as it is: who is told what. */
const Leaves = ({ it }: { it: Settings }) => {
  const host = hostOf(it.baseUrl) || t('assistant.theEndpoint')
  const translator = it.translator === 'libretranslate' ? hostOf(it.translatorUrl) || t('assistant.theEndpoint') : host
  return (
    <Card title={t('assistant.leaves')} icon="external">
      <Stack gap="small">
        <ItemList label={t('assistant.leaves')}>
          {helps.map(each => (
            <Item
              title={t(`assistant.help.${each}`)}
              detail={t(`assistant.leaves.${each}`, { host: each === 'translation' ? translator : host })}
              end={!it.helps.includes(each) && <Badge>{t('assistant.notChosen')}</Badge>}
            />
          ))}
        </ItemList>
        <Quiet small>{t('assistant.staysHere')}</Quiet>
        {[it.baseUrl, it.translatorUrl].some(url => url.startsWith('http:')) && (
          <Banner tone="warning">{t('assistant.notEncrypted')}</Banner>
        )}
      </Stack>
    </Card>
  )
}

const Fields = ({ it }: { it: Settings }) => (
  <Stack>
    <Input
      name="baseUrl"
      type="url"
      label={t('assistant.baseUrl')}
      value={it.baseUrl}
      placeholder={t('assistant.baseUrlLike')}
      hint={t('assistant.baseUrlHint')}
      maxlength={500}
      autocomplete="off"
    />
    <Input name="model" label={t('assistant.model')} value={it.model} hint={t('assistant.modelHint')} maxlength={200} autocomplete="off" />
    <Key name="key" label={t('assistant.key')} has={it.hasKey} />
    <FieldSet title={t('assistant.helps')}>
      {helps.map(each => (
        <Checkbox
          name={`help-${each}`}
          label={t(`assistant.help.${each}`)}
          hint={t(`assistant.helpHint.${each}`)}
          checked={it.helps.includes(each)}
        />
      ))}
    </FieldSet>
    <Checkbox name="masks" label={t('assistant.masks')} hint={t('assistant.masksHint')} checked={it.masks} />
    <Input name="daily" type="number" label={t('assistant.daily')} value={it.daily} min={1} max={100_000} required />
    <Input name="patience" type="number" label={t('assistant.patience')} value={it.patience} min={1} max={300} required />
    <RadioGroup
      name="translator"
      label={t('assistant.translator')}
      value={it.translator}
      choices={translators.map(value => ({ value, label: t(`assistant.translators.${value}`) }))}
    />
    <Input
      name="translatorUrl"
      type="url"
      label={t('assistant.translatorUrl')}
      value={it.translatorUrl}
      placeholder={t('assistant.translatorUrlLike')}
      maxlength={500}
      autocomplete="off"
      optional
    />
    <Key name="translatorKey" label={t('assistant.translatorKey')} has={it.hasTranslatorKey} />
  </Stack>
)

const Key = ({ name, label, has }: { name: string; label: string; has: boolean }) => (
  <>
    <Input
      name={name}
      type="password"
      label={label}
      hint={t(has ? 'assistant.keyThere' : 'assistant.keyHint')}
      maxlength={2000}
      autocomplete="new-password"
      optional
    />
    {has && <Checkbox name={`${name}-gone`} label={t('assistant.keyGone')} />}
  </>
)

const Trial = ({ it, last }: { it: Settings; last: Use | undefined }) => (
  <Card title={t('assistant.trial')} detail={t('assistant.trialWhy')} icon="play">
    <Stack gap="small">
      <Row>
        {it.baseUrl && (
          <Form action={`${base}/try`} hidden={{ what: 'assistant' }}>
            <Button disabled={last?.state === 'asked'}>{t('assistant.tryIt')}</Button>
          </Form>
        )}
        {it.translatorUrl && (
          <Form action={`${base}/try`} hidden={{ what: 'libretranslate' }}>
            <Button disabled={last?.state === 'asked'}>{t('assistant.tryTranslator')}</Button>
          </Form>
        )}
        {!isSetUp(it) && <Quiet>{t('assistant.setUpFirst')}</Quiet>}
      </Row>
      {last && <Tried last={last} />}
    </Stack>
  </Card>
)

const Tried = ({ last }: { last: Use }) => {
  if (last.state === 'asked') return <Waiting label={t('assistant.isAsked')} />
  if (last.state !== 'done')
    return (
      <Banner tone="bad" title={t('assistant.doesNotWork')}>
        <p>{last.says ?? t('assistant.wasStopped')}</p>
      </Banner>
    )
  const seconds = number(((last.endedAt?.getTime() ?? 0) - last.askedAt.getTime()) / 1000, { maximumFractionDigits: 1 })
  return (
    <Banner tone="good" title={t('assistant.works', { seconds })}>
      <PlainText text={last.text} />
    </Banner>
  )
}

type CostProps = Awaited<ReturnType<typeof assistant.costs>>

const Costs = ({ items, today, daily }: CostProps) => (
  <Card title={t('assistant.costs')} detail={t('assistant.today', { today, daily })} icon="chart">
    {items.length === 0 ? (
      <Quiet>{t('assistant.noCosts')}</Quiet>
    ) : (
      <Table
        caption={t('assistant.costs')}
        captionHidden
        dense
        rows={items}
        columns={[
          { head: t('assistant.day'), cell: each => date(new Date(`${each.day}T12:00Z`)), heading: true },
          { head: t('assistant.uses'), cell: each => number(each.uses), numeric: true },
          { head: t('assistant.tokensIn'), cell: each => number(each.tokensIn), numeric: true },
          { head: t('assistant.tokensOut'), cell: each => number(each.tokensOut), numeric: true },
        ]}
      />
    )}
  </Card>
)

// —— deeds ——

/** A key that is not typed stays; one that is to go is told as empty. */
const keyIn = (fields: FormData, name: string): string | undefined =>
  ticked(fields, `${name}-gone`) ? '' : typed(fields, name).trim() || undefined

export const doConfigure = form(`${base}/change`, assistant.configure, {
  read: fields => ({
    baseUrl: typed(fields, 'baseUrl').trim(),
    model: typed(fields, 'model').trim(),
    key: keyIn(fields, 'key'),
    helps: helps.filter(each => ticked(fields, `help-${each}`)),
    masks: ticked(fields, 'masks'),
    patience: typed(fields, 'patience'),
    daily: typed(fields, 'daily'),
    translator: typed(fields, 'translator') as TranslatorName,
    translatorUrl: typed(fields, 'translatorUrl').trim(),
    translatorKey: keyIn(fields, 'translatorKey'),
  }),
  done: (_see, { was }, { baseUrl, translatorUrl, key, translatorKey }) => ({
    go: base,
    say: 'assistant.isSaved',
    // A key that went comes back by nobody's hand but that of whoever has it.
    ...(key === undefined &&
      translatorKey === undefined &&
      hostOf(was.baseUrl) === hostOf(baseUrl ?? '') &&
      hostOf(was.translatorUrl) === hostOf(translatorUrl ?? '') && { undo: { path: `${base}/change`, fields: fieldsOf(was) } }),
  }),
})

const fieldsOf = ({
  baseUrl,
  model,
  helps: chosen,
  masks,
  patience,
  daily,
  translator,
  translatorUrl,
}: Settings): Record<string, string> => ({
  ...{ baseUrl, model, translator, translatorUrl, patience: String(patience), daily: String(daily), ...(masks && { masks: 'on' }) },
  ...Object.fromEntries(chosen.map(each => [`help-${each}`, 'on'])),
})

export const doTurnOn = form(`${base}/on`, assistant.turnOn, {
  done: () => ({ go: base, say: 'assistant.wasTurnedOn', undo: { path: `${base}/off` } }),
})
export const doTurnOff = form(`${base}/off`, assistant.turnOff, {
  done: () => ({ go: base, say: 'assistant.wasTurnedOff', undo: { path: `${base}/on` } }),
})
export const doTry = form(`${base}/try`, assistant.tryIt, { done: () => ({ go: base }) })

export const settingsCard = offer(
  settingsCards,
  async () => <Card title={t('assistant.title')} detail={t('assistant.cardWhy')} icon="spark" href={base} />,
  { order: 36, who: 'assistant.manage' },
)
