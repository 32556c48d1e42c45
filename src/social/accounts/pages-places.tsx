/** What stands where in what a program sends: chosen by what really came, and seen before it is kept. */
import {
  Badge,
  Breadcrumb,
  Button,
  Card,
  CodeBlock,
  DefinitionList,
  EmptyState,
  Form,
  FormActions,
  Grid,
  LinkButton,
  Page,
  PageHead,
  PlainText,
  Quiet,
  RelativeTime,
  Row,
  Select,
  Stack,
} from '#kernel/html/kit.tsx'
import { dateTime, t } from '#kernel/messages.ts'
import { form, page, type See } from '#kernel/page.tsx'
import { theChannel } from '#social/channels/actions.ts'
import type { AccountCard } from '#social/channels/words.ts'
import * as accounts from './actions.ts'
import { type FormField, fieldsOf } from './rules.ts'
import type { SeenExample } from './words.ts'

/** On the account's own page. */
export const ToPlaces = ({ base }: { base: string }) => (
  <Card title={t('accounts.places')} detail={t('accounts.placesWhy')}>
    <LinkButton href={`${base}/places`} icon="search">
      {t('accounts.placesChoose')}
    </LinkButton>
  </Card>
)

export const placesPage = page('/settings/channels/:account/places', { who: 'channels.manage', section: 'settings' }, async see => {
  const given = Object.fromEntries([...see.query].filter(([name]) => name !== 'example'))
  const { account, settings, examples } = await accounts.examples(see.ctx, { account: see.params.account!, places: given })
  const fields = fieldsOf(theChannel(account.channel).settings).filter(({ place }) => place)
  const title = t('accounts.places')
  return {
    title,
    body: (
      <Page>
        <PageHead title={title} detail={t('accounts.placesWhy')} above={<Above account={account} />} />
        {examples.length === 0 ? <Nothing account={account} /> : <Chooser see={see} {...{ account, settings, examples, fields }} />}
      </Page>
    ),
  }
})

const Above = ({ account }: { account: AccountCard }) => (
  <Breadcrumb
    crumbs={[
      { label: t('channels.settings'), href: '/settings' },
      { label: t('channels.channels'), href: '/settings/channels' },
      { label: account.name, href: `/settings/channels/${account.id}` },
    ]}
  />
)

const Nothing = ({ account }: { account: AccountCard }) => (
  <Card>
    <EmptyState
      icon="inbox"
      title={t('accounts.noExample')}
      why={t('accounts.noExampleWhy')}
      action={{ label: t('accounts.seeAccount'), href: `/settings/channels/${account.id}` }}
    />
  </Card>
)

interface ChooserProps {
  see: See
  account: AccountCard
  settings: Record<string, string>
  examples: SeenExample[]
  fields: FormField[]
}

const Chooser = ({ see, account, settings, examples, fields }: ChooserProps) => {
  const base = `/settings/channels/${account.id}/places`
  const at = Math.min(examples.length - 1, Math.max(0, Math.trunc(Number(see.query.get('example'))) || 0))
  const example = examples[at]!
  return (
    <Grid columns="wide">
      <Card title={t('accounts.placesChoose')}>
        <Stack gap="large">
          <Form action={base} method="get">
            {examples.length > 1 && (
              <Select
                name="example"
                label={t('accounts.example')}
                value={String(at)}
                choices={examples.map((each, index) => ({ value: String(index), label: dateTime(each.at) }))}
                sends
              />
            )}
            {fields.map(field => (
              <PlaceField field={field} value={settings[field.name] ?? ''} example={example} />
            ))}
            <noscript>
              <Button>{t('accounts.placesLook')}</Button>
            </noscript>
          </Form>
          <Form action={base} hidden={Object.fromEntries(fields.map(({ name }) => [name, settings[name] ?? '']))}>
            <FormActions>
              <Button look="strong" icon="check">
                {t('accounts.placesKeep')}
              </Button>
            </FormActions>
          </Form>
        </Stack>
      </Card>
      <Stack gap="large">
        <Card title={t('accounts.wouldBeHeard')}>
          <Stack>
            {example.heard.map(each => (
              <Heard heard={each} />
            ))}
          </Stack>
        </Card>
        <Card title={t('accounts.asItCame')} detail={<RelativeTime at={example.at} look="long" />}>
          <CodeBlock code={example.original} />
        </Card>
      </Stack>
    </Grid>
  )
}

/** What was typed by hand stays a choice, although this example has nothing there. */
const PlaceField = ({ field, value, example }: { field: FormField; value: string; example: SeenExample }) => {
  const isElsewhere = value !== '' && !example.places.some(({ place }) => place === value)
  const choices = example.places.map(({ place, holds }) => ({ value: place, label: `${place} · ${holds}` }))
  return (
    <Select
      name={field.name}
      label={t(field.label)}
      value={value}
      empty={t('accounts.byItself')}
      choices={[...(isElsewhere ? [{ value, label: value }] : []), ...choices]}
      sends
    />
  )
}

const Heard = ({ heard }: { heard: SeenExample['heard'][number] }) => (
  <Stack>
    <DefinitionList
      look="stacked"
      items={[
        { term: t('accounts.heardFrom'), value: heard.from.name ?? heard.from.address },
        { term: t('accounts.heardWhen'), value: dateTime(heard.at) },
        ...(heard.subject ? [{ term: t('accounts.heardSubject'), value: heard.subject }] : []),
        { term: t('accounts.heardText'), value: <PlainText text={heard.text} /> },
        ...(heard.url ? [{ term: t('accounts.heardUrl'), value: <code>{heard.url}</code> }] : []),
      ]}
    />
    {heard.flaws?.map(flaw => (
      <Row>
        <Badge tone="warning" icon="warning">
          {t('accounts.flaw')}
        </Badge>
        <Quiet small>{t(flaw)}</Quiet>
      </Row>
    ))}
  </Stack>
)

export const doKeepPlaces = form('/settings/channels/:account/places', accounts.keepPlaces, {
  read: (data, params) => ({
    account: params.account!,
    places: Object.fromEntries([...data].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []))),
  }),
  done: (_see, _out, { account }) => ({ go: `/settings/channels/${account}`, say: 'accounts.placesKept' }),
})
