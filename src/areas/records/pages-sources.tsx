/** By which ways records come in by themselves, how each of them is, and where in what it brings each field stands. */
import {
  ActionForm,
  Badge,
  Banner,
  Button,
  Card,
  CodeBlock,
  Form,
  FormActions,
  Grid,
  Input,
  Item,
  ItemList,
  LinkButton,
  Page,
  PageHead,
  Panel,
  Quiet,
  RelativeTime,
  Row,
  Select,
  Stack,
  StatusDot,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { houseOrigin } from '#kernel/origin.ts'
import { form, page, type Screen } from '#kernel/page.tsx'
import * as records from './actions.ts'
import type { SourcePreview } from './actions-coming.ts'
import { base, crumbs, plain } from './pages-parts.tsx'
import { formats, type Kind, type Source } from './words.ts'

const pathOf = (source: string) => `${base}/sources/${source}`
export const doorOf = (org: string, source: string) => `${houseOrigin()}/records/door/${org}/${source}`

export const Sources = ({ kind, items }: { kind: Kind; items: Source[] }) => (
  <Card title={t('records.sources')} detail={t('records.sourcesWhy')}>
    <Stack>
      {items.length > 0 && (
        <ItemList label={t('records.sources')}>
          {items.map(each => (
            <Item
              title={<bdi>{each.name}</bdi>}
              detail={each.way === 'door' ? t('records.way.door') : <bdi>{each.url}</bdi>}
              href={pathOf(each.id)}
              end={<Standing it={each} />}
            />
          ))}
        </ItemList>
      )}
      <CodeBlock
        label={t('records.byApi')}
        code={`curl -X POST ${houseOrigin()}/api/v1/records/put -H 'Authorization: Bearer …' -H 'Content-Type: application/json' \\\n  -d '${example(kind)}'`}
      />
      <Panel title={t('records.makeDoor')} folds closed>
        <Form action={`${base}/${kind.name}/doors`} hidden={{ kind: kind.id }} label={t('records.makeDoor')}>
          <Input
            id="field-door"
            name="name"
            label={t('records.doorName')}
            hint={t('records.doorHint')}
            maxlength={100}
            required
            autocomplete="off"
          />
          <FormActions>
            <Button icon="plug">{t('records.makeDoor')}</Button>
          </FormActions>
        </Form>
      </Panel>
      <Panel title={t('records.makeAddress')} folds closed>
        <Form action={`${base}/${kind.name}/addresses`} hidden={{ kind: kind.id }} label={t('records.makeAddress')}>
          <Input id="field-address" name="name" label={t('records.addressName')} maxlength={100} required autocomplete="off" />
          <AddressFields />
          <FormActions>
            <Button icon="refresh">{t('records.makeAddress')}</Button>
          </FormActions>
        </Form>
      </Panel>
    </Stack>
  </Card>
)

function example(kind: Kind): string {
  const item = Object.fromEntries(kind.fields.filter(each => !each.archived).slice(0, 3).map(each => [each.key, '…'])) // biome-ignore format: one line
  return JSON.stringify({ kind: kind.name, items: [item] })
}

const rhythms = [15, 60, 360, 1440] as const

const AddressFields = ({ it }: { it?: Source }) => (
  <Grid columns="narrow">
    <Input name="url" type="url" label={t('records.url')} value={it?.url ?? undefined} maxlength={2000} required autocomplete="off" />
    <Select
      name="format"
      label={t('records.format')}
      value={it?.format ?? 'json'}
      choices={formats.map(value => ({ value, label: value.toUpperCase() }))}
    />
    <Select
      name="minutes"
      label={t('records.rhythm')}
      value={String(it?.minutes ?? 60)}
      choices={[...new Set([...rhythms, it?.minutes ?? 60])].map(each => ({
        value: String(each),
        label: t('records.everyMinutes', { minutes: each }),
      }))}
    />
  </Grid>
)

const Standing = ({ it }: { it: Source }) => {
  if (it.pausedAt) return <StatusDot>{t('records.paused')}</StatusDot>
  if (it.failingSince) return <StatusDot tone="bad">{t('records.failing')}</StatusDot>
  return it.arrivedAt ? (
    <StatusDot tone="good">{t('records.works')}</StatusDot>
  ) : (
    <StatusDot tone="warning">{t('records.nothingYet')}</StatusDot>
  )
}

export const sourcePage = page(`${base}/sources/:source`, { who: 'records.manage', section: 'settings' }, async see => {
  const it = await records.source(see.ctx, { source: see.params.source! })
  const kind = await records.kindBy(see.ctx, it.kind)
  const preview = await records.previewOf(see.ctx, it)
  return {
    title: it.name,
    live: [`records.source:${it.id}`],
    body: (
      <Page width="narrow">
        <PageHead
          above={crumbs({ label: kind.many, href: `${base}/${kind.name}` }, { label: it.name })}
          title={<bdi>{it.name}</bdi>}
          detail={<Standing it={it} />}
          actions={<Deeds it={it} />}
        />
        <Stack gap="large">
          {it.failingSince && (
            <Banner tone="bad" alert title={t('records.failing')}>
              {t(it.says ?? 'records.failing')} <RelativeTime at={it.failingSince} />
            </Banner>
          )}
          {it.way === 'door' ? (
            <Card title={t('records.way.door')} detail={t('records.doorWhy')}>
              <Stack>
                <CodeBlock label={t('records.doorAt')} code={doorOf(see.ctx.org, it.id)} />
                <Row>
                  <ActionForm action={`${pathOf(it.id)}/secret`}>
                    <Button icon="key">{t('records.renewSecret')}</Button>
                  </ActionForm>
                </Row>
              </Stack>
            </Card>
          ) : (
            <Card title={t('records.way.address')}>
              <Form action={`${pathOf(it.id)}/change`}>
                <Input name="name" label={t('records.addressName')} value={it.name} maxlength={100} required />
                <AddressFields it={it} />
                <FormActions>
                  <Button look="strong">{t('records.save')}</Button>
                </FormActions>
              </Form>
            </Card>
          )}
          <Mapping kind={kind} it={it} preview={preview} />
          <Card title={t('records.removeSource')} detail={t('records.removeSourceWhy')}>
            <ActionForm action={`${pathOf(it.id)}/remove`}>
              <Button look="danger" icon="trash">
                {t('records.removeSource')}
              </Button>
            </ActionForm>
          </Card>
        </Stack>
      </Page>
    ),
  }
})

const Deeds = ({ it }: { it: Source }) => (
  <Row>
    {it.way === 'address' && !it.pausedAt && (
      <ActionForm action={`${pathOf(it.id)}/ask`}>
        <Button icon="refresh">{t('records.askNow')}</Button>
      </ActionForm>
    )}
    <ActionForm action={`${pathOf(it.id)}/${it.pausedAt ? 'resume' : 'pause'}`}>
      <Button icon={it.pausedAt ? 'play' : 'pause'}>{t(it.pausedAt ? 'records.resume' : 'records.pause')}</Button>
    </ActionForm>
  </Row>
)

/** By what came last one sees where what stands, and what would become of it. */
const Mapping = ({ kind, it, preview }: { kind: Kind; it: Source; preview: SourcePreview | undefined }) => (
  <Card title={t('records.mapping')} detail={t('records.mappingWhy')}>
    <Stack>
      {!preview && <Quiet>{t('records.noSample')}</Quiet>}
      {preview && (
        <ItemList label={t('records.wouldBe')}>
          {preview.rows.map(each => (
            <Item
              title={<bdi>{each.key ?? '–'}</bdi>}
              detail={
                each.fault ? t(each.fault.key, each.fault.values) : <bdi>{JSON.stringify(each.row).slice(0, 300).toWellFormed()}</bdi>
              }
              end={<Badge tone={each.fault ? 'bad' : 'good'}>{t(each.fault ? 'records.wouldNot' : 'records.would')}</Badge>}
            />
          ))}
        </ItemList>
      )}
      <Form action={`${pathOf(it.id)}/places`}>
        {it.format === 'json' && (
          <Input name="listAt" label={t('records.listAt')} hint={t('records.listAtHint')} value={it.listAt} maxlength={300} optional />
        )}
        <Grid columns="narrow">
          {kind.fields
            .filter(each => !each.archived)
            .map(each => (
              <Input
                name={`place.${each.key}`}
                label={each.label}
                value={it.places[each.key]}
                placeholder={each.key}
                maxlength={300}
                optional
                suggestions={preview?.places.map(one => one.place)}
              />
            ))}
        </Grid>
        <FormActions>
          <Button look="strong">{t('records.save')}</Button>
        </FormActions>
      </Form>
      {it.sample && <CodeBlock label={t('records.sample')} code={it.sample.slice(0, 4000).toWellFormed()} />}
    </Stack>
  </Card>
)

// —— deeds ——

/** Something that is shown now and never again. */
const once = (secret: string, source: string, door: string): Screen => ({
  title: t('records.secret'),
  frame: 'public',
  body: (
    <Stack>
      <Banner tone="warning">{t('records.secretOnce')}</Banner>
      <CodeBlock label={t('records.secret')} code={secret} />
      <CodeBlock label={t('records.doorAt')} code={door} />
      <LinkButton href={pathOf(source)} look="strong">
        {t('records.secretKept')}
      </LinkButton>
    </Stack>
  ),
})

export const doMakeDoor = form(`${base}/:kind/doors`, records.makeDoor, {
  read: fields => ({ kind: plain(fields, 'kind'), name: plain(fields, 'name') }),
  done: (see, { source, secret }) => ({ show: once(secret, source, doorOf(see.ctx.org, source)) }),
})

export const doRenewSecret = form(`${base}/sources/:source/secret`, records.renewSecret, {
  done: (see, { secret }, { source }) => ({ show: once(secret, source, doorOf(see.ctx.org, source)) }),
})

const addressIn = (fields: FormData) => ({
  name: plain(fields, 'name'),
  url: plain(fields, 'url'),
  format: formats.find(each => each === plain(fields, 'format')) ?? ('json' as const),
  minutes: Number(plain(fields, 'minutes')) || 60,
})

export const doMakeAddress = form(`${base}/:kind/addresses`, records.makeAddress, {
  read: fields => ({ kind: plain(fields, 'kind'), ...addressIn(fields) }),
  done: (_see, { source }) => ({ go: pathOf(source), say: 'records.isMade' }),
})

export const doChangeSource = form(`${base}/sources/:source/change`, records.changeSource, {
  read: (fields, { source }) => ({ source: source!, ...addressIn(fields) }),
  done: (_see, { was }, { source }) => ({
    stay: true,
    say: 'records.isSaved',
    undo: {
      path: `${pathOf(source)}/change`,
      fields: { name: was.name, url: was.url ?? '', format: was.format, minutes: String(was.minutes ?? 60) },
    },
  }),
})

const placeField = 'place.'

export const doPlaces = form(`${base}/sources/:source/places`, records.changeSource, {
  read: (fields, { source }) => ({
    source: source!,
    listAt: plain(fields, 'listAt'),
    places: Object.fromEntries(
      [...fields].flatMap(([name, value]) =>
        name.startsWith(placeField) && String(value).trim() ? [[name.slice(placeField.length), String(value)]] : [],
      ),
    ),
  }),
  done: (_see, { was }, { source }) => {
    const places = Object.fromEntries(Object.entries(was.places).map(([key, value]) => [`${placeField}${key}`, value]))
    return { stay: true, say: 'records.isSaved', undo: { path: `${pathOf(source)}/places`, fields: { listAt: was.listAt, ...places } } }
  },
})

const undoBy = (source: string, deed: string) => ({ path: `${pathOf(source)}/${deed}`, fields: {} })

export const doPause = form(`${base}/sources/:source/pause`, records.pauseSource, {
  done: (_see, _out, { source }) => ({ stay: true, say: 'records.isPausedNow', undo: undoBy(source, 'resume') }),
})
export const doResume = form(`${base}/sources/:source/resume`, records.resumeSource, {
  done: () => ({ stay: true, say: 'records.isResumed' }),
})
export const doAsk = form(`${base}/sources/:source/ask`, records.askNow, { done: () => ({ stay: true, say: 'records.isAsked' }) })
export const doRemoveSource = form(`${base}/sources/:source/remove`, records.removeSource, {
  done: (_see, _out, { source }) => ({ go: base, say: 'records.isRemoved', undo: undoBy(source, 'back') }),
})
export const doSourceBack = form(`${base}/sources/:source/back`, records.bringSourceBack, {
  done: (_see, _out, { source }) => ({ go: pathOf(source), say: 'records.isBack' }),
})
