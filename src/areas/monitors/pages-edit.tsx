/** Making a monitor from a few answers, and changing it. */
import {
  Breadcrumb,
  Button,
  Card,
  Checkbox,
  Folded,
  Form,
  FormActions,
  FormCard,
  Grid,
  Input,
  LinkButton,
  NewPage,
  Page,
  PageHead,
  Stack,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, page, type See, ticked, typed } from '#kernel/page.tsx'
import * as monitors from './actions.ts'
import { base, monitorPath } from './pages-parts.tsx'
import { QueryEditor } from './pages-query.tsx'
import * as rules from './rules.ts'
import { type Kind, kinds, type Monitor } from './words.ts'

const above = () => <Breadcrumb crumbs={[{ label: t('monitors.title'), href: base }]} />

const icons = {
  brand: 'star',
  product: 'shop',
  person: 'person',
  competitor: 'target',
  campaign: 'megaphone',
  crisis: 'warning',
  topic: 'tag',
} as const
/** What is said of these is said of us. */
const oursUsually: readonly Kind[] = ['brand', 'product', 'person', 'campaign', 'crisis']

const kindIn = (see: See): Kind | undefined => kinds.find(each => each === see.query.get('kind'))

// —— the questions ——

export const newPage = page(
  `${base}/new`,
  { who: 'monitors.manage', section: 'monitors', finds: () => [{ title: t('monitors.make'), icon: 'add' }] },
  async see => {
    const kind = kindIn(see)
    return { title: t('monitors.make'), body: kind ? <Questions kind={kind} /> : <Kinds /> }
  },
)

const Kinds = () => (
  <Page width="reading">
    <PageHead title={t('monitors.make')} detail={t('monitors.makeWhy')} above={above()} />
    <Grid columns="medium">
      {kinds.map(kind => (
        <Card
          title={t(`monitors.kind.${kind}`)}
          detail={t(`monitors.kindWhy.${kind}`)}
          icon={icons[kind]}
          href={`${base}/new?kind=${kind}`}
        />
      ))}
    </Grid>
  </Page>
)

const Questions = ({ kind }: { kind: Kind }) => (
  <Page width="narrow">
    <PageHead title={t(`monitors.kind.${kind}`)} detail={t('monitors.questionsWhy')} above={above()} />
    <Card>
      <Form action={`${base}/new/query`} method="get" hidden={{ kind }}>
        <Input name="name" label={t(`monitors.nameOf.${kind}`)} maxlength={100} required autofocus />
        <Input name="names" label={t('monitors.names')} hint={t('monitors.namesHint')} maxlength={1000} optional />
        <Input name="hashtags" label={t('monitors.hashtags')} hint={t('monitors.commas')} maxlength={1000} optional />
        <Input name="accounts" label={t('monitors.accounts')} hint={t('monitors.accountsHint')} maxlength={1000} optional />
        <Input name="context" label={t('monitors.context')} hint={t('monitors.contextHint')} maxlength={1000} optional />
        <Input name="without" label={t('monitors.without')} hint={t('monitors.withoutHint')} maxlength={1000} optional />
        <FormActions>
          <Button look="strong" main iconEnd="arrowRight">
            {t('monitors.propose')}
          </Button>
          <LinkButton href={`${base}/new`}>{t('monitors.cancel')}</LinkButton>
        </FormActions>
      </Form>
    </Card>
  </Page>
)

// —— the query that follows ——

const answered = (see: See, name: string) => rules.answersIn((see.query.get(name) ?? '').slice(0, 1000)).slice(0, 40)

export const proposePage = page(`${base}/new/query`, { who: 'monitors.manage', section: 'monitors' }, async see => {
  const kind = kindIn(see) ?? 'brand'
  const name = (see.query.get('name') ?? '').trim().slice(0, 100)
  const query = rules.queryOf({
    names: [name, ...answered(see, 'names')],
    hashtags: answered(see, 'hashtags'),
    accounts: answered(see, 'accounts'),
    context: answered(see, 'context'),
    without: answered(see, 'without'),
  })
  return {
    title: t('monitors.make'),
    body: (
      <NewPage
        title={t('monitors.make')}
        above={above()}
        action={base}
        hidden={{ kind, ...(oursUsually.includes(kind) && { ours: 'on' }) }}
        leave={{ label: t('monitors.cancel'), href: base }}
      >
        <Stack>
          <Input name="name" label={t('monitors.name')} value={name} maxlength={100} required />
          {await QueryEditor({ see, query })}
          <Input name="market" label={t('monitors.market')} hint={t('monitors.marketHint')} maxlength={100} optional />
        </Stack>
      </NewPage>
    ),
  }
})

// —— changing it ——

export const editPage = page(`${monitorPath}/edit`, { who: 'monitors.manage', section: 'monitors' }, async see => {
  const [{ monitor }, markets] = [await monitors.one(see.ctx, { monitor: see.params.monitor! }), await monitors.markets(see.ctx)]
  const path = `${base}/${monitor.id}`
  return {
    title: monitor.name,
    body: (
      <Page width="narrow">
        <PageHead title={<bdi>{monitor.name}</bdi>} detail={t(`monitors.kind.${monitor.kind}`)} above={above()} />
        <FormCard
          action={`${path}/change`}
          does={t('monitors.save')}
          leave={{ label: t('monitors.cancel'), href: path }}
          hidden={{ kind: monitor.kind }}
        >
          <Stack>
            <Input name="name" label={t('monitors.name')} value={monitor.name} maxlength={100} required />
            {await QueryEditor({ see, query: monitor.query })}
            <Where monitor={monitor} market={markets.find(each => each.id === monitor.market)?.name} />
          </Stack>
        </FormCard>
      </Page>
    ),
  }
})

const Where = ({ monitor, market }: { monitor: Monitor; market: string | undefined }) => (
  <>
    <Input name="market" label={t('monitors.market')} hint={t('monitors.marketHint')} value={market} maxlength={100} optional />
    <Checkbox name="ours" label={t('monitors.ours')} hint={t('monitors.oursHint')} checked={monitor.ours} />
    <Folded label={t('monitors.where')} open={monitor.sources.length + monitor.languages.length > 0}>
      <Stack gap="small">
        <Input
          name="languages"
          label={t('monitors.languages')}
          hint={t('monitors.languagesHint')}
          value={monitor.languages.join(', ')}
          maxlength={300}
          optional
        />
        <Input
          name="sources"
          label={t('monitors.sources')}
          hint={t('monitors.sourcesHint')}
          value={monitor.sources.join(', ')}
          maxlength={300}
          optional
        />
      </Stack>
    </Folded>
  </>
)

const codesIn = (fields: FormData, name: string) => rules.answersIn(typed(fields, name).toLowerCase())

const written = (fields: FormData) => ({
  name: typed(fields, 'name'),
  query: typed(fields, 'query'),
  kind: (typed(fields, 'kind') || undefined) as Kind | undefined,
  market: typed(fields, 'market'),
  ours: ticked(fields, 'ours'),
  languages: codesIn(fields, 'languages'),
  sources: codesIn(fields, 'sources'),
})

export const doMake = form(base, monitors.make, {
  read: written,
  done: (_see, { monitor }) => ({ go: `${base}/${monitor}`, say: 'monitors.isMade', undo: { path: `${base}/${monitor}/archive` } }),
})

export const doChange = form(`${monitorPath}/change`, monitors.change, {
  read: (fields, { monitor }) => ({ monitor: monitor!, ...written(fields) }),
  done: (_see, { was }) => ({
    go: `${base}/${was.id}`,
    say: 'monitors.isChanged',
    undo: {
      path: `${base}/${was.id}/change`,
      fields: {
        ...{ name: was.name, query: was.query, kind: was.kind, market: was.marketName },
        ...{ languages: was.languages.join(','), sources: was.sources.join(',') },
        ...(was.ours && { ours: 'on' }),
      },
    },
  }),
})
