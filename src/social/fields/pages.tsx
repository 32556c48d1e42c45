/** Fields are defined in the settings, and filled on the page of a person. */
import {
  ActionButton,
  Badge,
  Button,
  Card,
  CardList,
  DefinitionList,
  Dialog,
  type EmptyStateProps,
  Form,
  FormActions,
  FormCard,
  Input,
  Item,
  ListPage,
  NewPage,
  Page,
  PageHead,
  Quiet,
  Select,
  SettingsCrumbs,
  Stack,
  Tabs,
  TextArea,
} from '#kernel/html/kit.tsx'
import { date, t } from '#kernel/messages.ts'
import { form, offer, oneOf, page, typed } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { settingsCards } from '#social/members/words.ts'
import { personCards } from '#social/people/words.ts'
import * as fields from './actions.ts'
import { type Field, type FieldKind, type FilledField, fieldKinds } from './words.ts'

const base = '/settings/fields'

const Above = () => <SettingsCrumbs among={[{ label: t('fields.fields'), href: base }]} />

export const listPage = page(
  base,
  { who: 'people.setup', section: 'settings', finds: () => [{ title: t('fields.fields'), icon: 'list' }] },
  async see => {
    const removed = see.query.get('removed') === 'true'
    const { items } = await fields.list(see.ctx, { removed })
    return {
      title: t('fields.fields'),
      live: ['fields'],
      body: (
        <ListPage
          title={t('fields.fields')}
          why={t('fields.why')}
          above={<SettingsCrumbs />}
          make={{ label: t('fields.make'), href: `${base}/new` }}
        >
          <Tabs
            label={t('fields.which')}
            tabs={[
              { href: base, label: t('fields.used'), current: !removed },
              { href: `${base}?removed=true`, label: t('fields.removedOnes'), current: removed },
            ]}
          />
          <CardList
            label={t('fields.fields')}
            items={items}
            empty={emptyState(removed)}
            line={each => (
              <Item
                title={<bdi>{each.name}</bdi>}
                href={`${base}/${each.id}`}
                detail={each.about}
                end={<Badge>{t(`fields.kind.${each.kind}`)}</Badge>}
              />
            )}
          />
        </ListPage>
      ),
    }
  },
)

const emptyState = (removed: boolean): EmptyStateProps =>
  removed
    ? { title: t('fields.noneRemoved'), why: t('fields.noneRemovedWhy'), icon: 'trash' }
    : {
        title: t('fields.empty'),
        why: t('fields.emptyWhy'),
        icon: 'list',
        action: { label: t('fields.make'), href: `${base}/new`, icon: 'add' },
      }

const About = ({ field, kind }: { field?: Field; kind?: FieldKind }) => (
  <>
    <Input name="name" label={t('fields.name')} value={field?.name} maxlength={100} required autofocus={!field} />
    {!field && (
      <Select
        name="kind"
        label={t('fields.kind')}
        hint={t('fields.kindWhy')}
        value="text"
        choices={fieldKinds.map(value => ({ value, label: t(`fields.kind.${value}`) }))}
      />
    )}
    {(!field || kind === 'choice') && (
      <TextArea
        name="choices"
        label={t('fields.choices')}
        hint={t('fields.choicesWhy')}
        value={field?.choices.join('\n')}
        rows={5}
        maxlength={20_000}
        optional={!field}
      />
    )}
    <Input name="about" label={t('fields.about')} hint={t('fields.aboutWhy')} value={field?.about} maxlength={500} optional />
  </>
)

export const newPage = page(
  `${base}/new`,
  { who: 'people.setup', section: 'settings', finds: () => [{ title: t('fields.make'), icon: 'add' }] },
  async () => ({
    title: t('fields.make'),
    body: (
      <NewPage title={t('fields.make')} above={<Above />} action={base} leave={{ label: t('people.cancel'), href: base }}>
        <About />
      </NewPage>
    ),
  }),
)

export const fieldPage = page(oneOf(base, 'field'), { who: 'people.setup', section: 'settings' }, async see => {
  const field = await fields.show(see.ctx, { field: see.params.field! })
  const path = `${base}/${field.id}`
  return {
    title: field.name,
    live: ['fields'],
    body: (
      <Page width="narrow">
        <PageHead
          above={<Above />}
          title={<bdi>{field.name}</bdi>}
          detail={`${t(`fields.kind.${field.kind}`)} · ${t('fields.people', { count: field.people })}`}
        />
        <Stack gap="large">{field.removedAt ? <Gone field={field} path={path} /> : <Living field={field} path={path} />}</Stack>
      </Page>
    ),
  }
})

const Living = ({ field, path }: { field: Field; path: string }) => (
  <>
    <FormCard action={`${path}/change`} label={field.name} does={t('fields.save')}>
      <About field={field} kind={field.kind} />
    </FormCard>
    <Card title={t('fields.remove')} detail={t('fields.removeWhy')}>
      <ActionButton action={`${path}/remove`} look="danger" icon="trash">
        {t('fields.remove')}
      </ActionButton>
    </Card>
  </>
)

const Gone = ({ field, path }: { field: Field & { people: number }; path: string }) => (
  <>
    <Card title={t('fields.isAway', { date: date(field.removedAt!) })} detail={t('fields.isAwayWhy')}>
      <ActionButton action={`${path}/back`} icon="undo">
        {t('fields.bringBack')}
      </ActionButton>
    </Card>
    <Card title={t('fields.erase')} detail={t('fields.eraseWhy', { count: field.people })}>
      <Button opens="erase-field" look="danger" icon="trash">
        {t('fields.erase')}
      </Button>
      <Dialog id="erase-field" title={t('fields.erase')}>
        <Stack>
          <Quiet>{t('fields.eraseWhy', { count: field.people })}</Quiet>
          <ActionButton action={`${path}/erase`} look="danger">
            {t('fields.eraseSure', { name: field.name })}
          </ActionButton>
        </Stack>
      </Dialog>
    </Card>
  </>
)

const readAbout = (form: FormData) => ({ name: typed(form, 'name'), choices: typed(form, 'choices'), about: typed(form, 'about') })

export const doMake = form(base, fields.make, { done: () => ({ go: base, say: 'fields.isMade' }) })

export const doChange = form(`${base}/:field/change`, fields.change, {
  read: (form, { field }) => ({ field: field!, ...readAbout(form) }),
  done: (_see, { before }, { field }) => ({
    stay: true,
    say: 'fields.isChanged',
    undo: { path: `${base}/${field}/change`, fields: before },
  }),
})

export const doRemove = form(`${base}/:field/remove`, fields.remove, {
  done: (_see, _out, { field }) => ({ go: base, say: 'fields.isRemoved', undo: { path: `${base}/${field}/back` } }),
})

export const doBringBack = form(`${base}/:field/back`, fields.bringBack, { done: () => ({ go: base, say: 'fields.isBack' }) })

export const doErase = form(`${base}/:field/erase`, fields.erase, { done: () => ({ go: base, say: 'fields.isErased' }) })

export const settingsCard = offer(
  settingsCards,
  async () => <Card title={t('fields.fields')} detail={t('fields.why')} icon="list" href={base} />,
  { order: 14, who: 'people.setup' },
)

// —— on the page of a person ——

export const card = offer(
  personCards,
  async (see, { person }) => {
    const { items } = await fields.valuesFor(see.ctx, { person })
    const write = may(see.ctx.actor, 'people.write')
    const told = items.filter(each => each.value)
    if (items.length === 0) return null
    return (
      <Card
        title={t('fields.title')}
        icon="list"
        actions={
          write && (
            <Button opens="fill-fields" icon="edit" size="small">
              {t('fields.fill')}
            </Button>
          )
        }
      >
        {told.length ? (
          <DefinitionList items={told.map(each => ({ term: each.name, value: <Value it={each} /> }))} />
        ) : (
          <Quiet>{t('fields.nothing')}</Quiet>
        )}
        {write && <Fill person={person} items={items} />}
      </Card>
    )
  },
  { order: 20, who: 'people.read' },
)

const Value = ({ it }: { it: FilledField }) => {
  if (it.kind === 'link')
    return (
      <a href={it.value} rel="noopener noreferrer nofollow" target="_blank">
        <bdi>{it.value}</bdi>
      </a>
    )
  return <bdi>{fields.shownValue(it)}</bdi>
}

const Fill = ({ person, items }: { person: string; items: FilledField[] }) => (
  <Dialog id="fill-fields" title={t('fields.title')}>
    <Form action={`/people/${person}/fields`} label={t('fields.title')}>
      {items.map(each => (
        <One it={each} />
      ))}
      <FormActions>
        <Button look="strong">{t('fields.save')}</Button>
      </FormActions>
    </Form>
  </Dialog>
)

const One = ({ it }: { it: FilledField }) => {
  const shared = { name: it.id, label: it.name, hint: it.about || undefined, optional: true }
  if (it.kind === 'choice' || it.kind === 'yesno') {
    const choices = it.kind === 'yesno' ? ['yes', 'no'].map(value => ({ value, label: t(`fields.${value}`) })) : choicesOf(it)
    return <Select {...shared} value={it.value} empty={t('fields.unknown')} choices={choices} />
  }
  return (
    <Input
      {...shared}
      value={it.value}
      type={it.kind === 'date' ? 'date' : 'text'}
      inputmode={it.kind === 'number' ? 'decimal' : it.kind === 'link' ? 'url' : undefined}
      maxlength={2000}
      autocomplete="off"
    />
  )
}

/** What somebody has stays to be chosen, also when it was taken from the list. */
const choicesOf = (it: FilledField) =>
  [...new Set([...it.choices, ...(it.value ? [it.value] : [])])].map(value => ({ value, label: value }))

const isField = (name: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name)

export const doPut = form('/people/:person/fields', fields.put, {
  read: (form, { person }) => ({
    person: person!,
    values: Object.fromEntries([...form.entries()].filter(([name]) => isField(name)).map(([name, value]) => [name, String(value)])),
  }),
  done: (_see, { person, before }) => ({ stay: true, say: 'fields.isFilled', undo: { path: `/people/${person}/fields`, fields: before } }),
})
