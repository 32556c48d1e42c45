/** Kinds of records in the settings: their fields, and by which ways they come in. */

import { keyFor } from '#areas/cases/actions.ts'
import {
  ActionForm,
  Badge,
  Button,
  Card,
  Checkbox,
  EmptyState,
  FieldSet,
  Form,
  FormActions,
  Grid,
  Input,
  Item,
  ItemList,
  LinkButton,
  Page,
  PageHead,
  Select,
  Stack,
  Tabs,
  TextArea,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, offer, page, type See } from '#kernel/page.tsx'
import { list as ownFields } from '#social/fields/actions.ts'
import { settingsCards } from '#social/members/words.ts'
import { networks } from '#social/people/actions.ts'
import * as records from './actions.ts'
import { base, crumbs, plain } from './pages-parts.tsx'
import { Sources } from './pages-sources.tsx'
import { type Field, fieldKinds, type Kind, roles } from './words.ts'

export const settingsCard = offer(
  settingsCards,
  async () => <Card title={t('records.kinds')} detail={t('records.kindsWhy')} icon="layers" href={base} />,
  {
    order: 17,
    who: 'records.manage',
  },
)

export const kindsPage = page(
  base,
  { who: 'records.manage', section: 'settings', finds: () => [{ title: t('records.kinds'), icon: 'layers' }] },
  async see => {
    const archived = see.query.get('archived') === 'true'
    const { items } = await records.kinds(see.ctx, { archived })
    return {
      title: t('records.kinds'),
      live: ['records.kinds'],
      body: (
        <Page width="narrow">
          <PageHead
            above={crumbs()}
            title={t('records.kinds')}
            detail={t('records.kindsWhy')}
            actions={
              <LinkButton href={`${base}/new`} look="strong" icon="add" shortcut="c">
                {t('records.makeKind')}
              </LinkButton>
            }
          />
          <Tabs
            label={t('records.which')}
            tabs={[
              { href: base, label: t('records.used'), current: !archived },
              { href: `${base}?archived=true`, label: t('records.archivedOnes'), current: archived },
            ]}
          />
          {items.length === 0 ? (
            <EmptyState title={t(archived ? 'records.noneArchived' : 'records.noKinds')} why={t('records.noKindsWhy')} icon="layers" />
          ) : (
            <Card flush>
              <ItemList label={t('records.kinds')}>
                {items.map(each => (
                  <Item
                    title={<bdi>{each.many}</bdi>}
                    href={`${base}/${each.name}`}
                    detail={t('records.fieldCount', { count: each.fields.filter(one => !one.archived).length })}
                    end={<Badge>{each.name}</Badge>}
                  />
                ))}
              </ItemList>
            </Card>
          )}
        </Page>
      ),
    }
  },
)

// —— one kind ——

const spare = 4
const blank: Field = { key: '', label: '', kind: 'text', choices: [], required: false, card: false, role: null, archived: false }

async function waysOf(see: See): Promise<{ value: string; label: string }[]> {
  const { items } = await ownFields(see.ctx, {})
  const own = new Map(items.map(each => [`field:${each.id}`, each.name]))
  const titles = new Map(networks().map(each => [each.name, t(each.title)]))
  const labelOf = (way: string) => titles.get(way) ?? own.get(way) ?? t(`records.by.${way}`)
  return (await records.personWays(see.ctx)).map(value => ({ value, label: labelOf(value) }))
}

const About = ({ kind, ways }: { kind?: Kind; ways: { value: string; label: string }[] }) => {
  const fields = kind?.fields ?? [{ ...blank, label: t('records.usualKey'), role: 'key' as const, required: true, card: false }]
  return (
    <Stack>
      <Grid columns="narrow">
        <Input
          name="one"
          label={t('records.one')}
          hint={t('records.oneHint')}
          value={kind?.one}
          maxlength={60}
          required
          autofocus={!kind}
        />
        <Input name="many" label={t('records.many')} hint={t('records.manyHint')} value={kind?.many} maxlength={60} required />
        {!kind && (
          <Input
            name="name"
            label={t('records.name')}
            hint={t('records.nameHint')}
            maxlength={40}
            required
            pattern="[a-z][a-z0-9\-]*"
            autocomplete="off"
          />
        )}
        <Select
          name="personBy"
          label={t('records.personBy')}
          hint={t('records.personByHint')}
          value={kind?.personBy ?? ''}
          empty={t('records.byNothing')}
          choices={ways}
        />
      </Grid>
      {[...fields, ...Array.from({ length: spare }, () => blank)].map((each, at) => (
        <OneField each={each} at={at} />
      ))}
    </Stack>
  )
}

const OneField = ({ each, at }: { each: Field; at: number }) => (
  <FieldSet
    title={each.label || t('records.newField')}
    hint={each.key ? t(each.archived ? 'records.fieldIsArchived' : 'records.fieldKey', { key: each.key }) : t('records.newFieldHint')}
  >
    <input type="hidden" name={`key${at}`} value={each.key} />
    <Grid columns="narrow">
      <Input name={`label${at}`} label={t('records.label')} value={each.label} maxlength={100} />
      <Select
        name={`kind${at}`}
        label={t('records.fieldKind')}
        value={each.kind}
        choices={(each.key ? [each.kind] : fieldKinds).map(value => ({ value, label: t(`fields.kind.${value}`) }))}
      />
      <Select
        name={`role${at}`}
        label={t('records.role')}
        value={each.role ?? ''}
        empty={t('records.role.none')}
        choices={roles.map(value => ({ value, label: t(`records.role.${value}`) }))}
      />
    </Grid>
    {(each.kind === 'choice' || !each.key) && (
      <TextArea name={`choices${at}`} label={t('records.choices')} value={each.choices.join('\n')} rows={2} maxlength={40_000} optional />
    )}
    <Checkbox name={`required${at}`} label={t('records.required')} checked={each.required} />
    <Checkbox name={`card${at}`} label={t('records.card')} checked={each.card} />
    {each.key && <Checkbox name={`archived${at}`} label={t('records.archiveField')} checked={each.archived} />}
  </FieldSet>
)

export const newPage = page(
  `${base}/new`,
  { who: 'records.manage', section: 'settings', finds: () => [{ title: t('records.makeKind'), icon: 'add' }] },
  async see => ({
    title: t('records.makeKind'),
    body: (
      <Page width="narrow">
        <PageHead above={crumbs({ label: t('records.makeKind') })} title={t('records.makeKind')} detail={t('records.makeKindWhy')} />
        <Card>
          <Form action={base} draft="records:new">
            <About ways={await waysOf(see)} />
            <FormActions>
              <Button look="strong">{t('records.makeKind')}</Button>
              <LinkButton href={base}>{t('records.cancel')}</LinkButton>
            </FormActions>
          </Form>
        </Card>
      </Page>
    ),
  }),
)

export const kindPage = page(
  `${base}/:kind{(?!new$|sources$)[a-z][a-z0-9-]*}`,
  { who: 'records.manage', section: 'settings' },
  async see => {
    const kind = await records.kindNamed(see.ctx, see.params.kind!)
    const { items } = await records.sources(see.ctx, { kind: kind.id })
    return {
      title: kind.many,
      live: ['records.kinds', ...items.map(each => `records.source:${each.id}`)],
      body: (
        <Page width="narrow">
          <PageHead
            above={crumbs({ label: kind.many })}
            title={<bdi>{kind.many}</bdi>}
            detail={kind.name}
            actions={<LinkButton href={`/records/${kind.name}`}>{t('records.toList')}</LinkButton>}
          />
          <Stack gap="large">
            {kind.archivedAt ? (
              <Card title={t('records.isArchived')} detail={t('records.isArchivedWhy')}>
                <ActionForm action={`${base}/${kind.name}/back`} fields={{ kind: kind.id }}>
                  <Button icon="undo">{t('records.bringBack')}</Button>
                </ActionForm>
              </Card>
            ) : (
              <>
                <Sources kind={kind} items={items} />
                <Card title={t('records.fields')}>
                  <Form action={`${base}/${kind.name}/change`} hidden={{ kind: kind.id }}>
                    <About kind={kind} ways={await waysOf(see)} />
                    <FormActions>
                      <Button look="strong">{t('records.save')}</Button>
                    </FormActions>
                  </Form>
                </Card>
                <Card title={t('records.archive')} detail={t('records.archiveWhy')}>
                  <ActionForm action={`${base}/${kind.name}/archive`} fields={{ kind: kind.id }}>
                    <Button look="danger" icon="archive">
                      {t('records.archive')}
                    </Button>
                  </ActionForm>
                </Card>
              </>
            )}
          </Stack>
        </Page>
      ),
    }
  },
)

// —— deeds ——

function fieldsIn(fields: FormData): Field[] {
  const rows = [...fields.keys()].flatMap(name => (/^label\d{1,3}$/.test(name) ? [name.slice(5)] : [])).slice(0, 110)
  const taken = rows.map(at => plain(fields, `key${at}`)).filter(Boolean)
  return rows.flatMap(at => {
    const label = plain(fields, `label${at}`)
    if (!label) return []
    const key = plain(fields, `key${at}`) || keyFor(label, taken)
    taken.push(key)
    const kind = fieldKinds.find(each => each === plain(fields, `kind${at}`)) ?? 'text'
    const choices = plain(fields, `choices${at}`).split('\n').map(each => each.trim()).filter(Boolean) // biome-ignore format: one line
    const archived = fields.has(`archived${at}`)
    const role = roles.find(each => each === plain(fields, `role${at}`) && !archived) ?? null
    return [
      {
        ...{ key, label, kind, role, archived, choices: kind === 'choice' ? [...new Set(choices)] : [] },
        ...{ required: fields.has(`required${at}`), card: fields.has(`card${at}`) },
      },
    ]
  })
}

const about = (fields: FormData) => ({
  one: plain(fields, 'one'),
  many: plain(fields, 'many'),
  personBy: plain(fields, 'personBy') || null,
  fields: fieldsIn(fields),
})

export const doMakeKind = form(base, records.makeKind, {
  read: fields => ({ name: plain(fields, 'name'), ...about(fields) }),
  done: (_see, _out, { name }) => ({ go: `${base}/${name}`, say: 'records.isMade' }),
})

export const doChangeKind = form(`${base}/:kind/change`, records.changeKind, {
  read: fields => ({ kind: plain(fields, 'kind'), ...about(fields) }),
  done: () => ({ stay: true, say: 'records.isSaved' }),
})

const kindIn = (fields: FormData) => ({ kind: plain(fields, 'kind') })

export const doArchiveKind = form(`${base}/:kind/archive`, records.archiveKind, {
  read: kindIn,
  done: (see, _out, { kind }) => ({
    go: base,
    say: 'records.isArchived',
    undo: { path: `${base}/${see.params.kind}/back`, fields: { kind } },
  }),
})

export const doKindBack = form(`${base}/:kind/back`, records.bringKindBack, {
  read: kindIn,
  done: () => ({ go: base, say: 'records.isBack' }),
})
