/** Opening a case, and the fields that its type asks for. */
import {
  Breadcrumb,
  Button,
  Card,
  Checkbox,
  Form,
  FormActions,
  Input,
  LinkButton,
  Page,
  PageHead,
  Select,
  Stack,
  TextArea,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, page } from '#kernel/page.tsx'
import { workers } from '#social/members/actions.ts'
import { teamsOf } from '#social/teams/actions.ts'
import * as cases from './actions.ts'
import { type CaseType, type Field, priorities, tiers, type Values } from './words.ts'

export const newPage = page(
  '/cases/new',
  { who: 'cases.work', section: 'cases', finds: () => [{ title: t('cases.open'), icon: 'add' }] },
  async see => {
    const [types, teams, colleagues] = await Promise.all([cases.types(see.ctx, {}), teamsOf(see.ctx), workers(see.ctx)])
    const working = types.items.filter(each => each.archivedAt === null)
    const type = working.find(each => each.id === see.query.get('type'))
    const thread = see.query.get('thread') ?? ''
    return {
      title: t('cases.open'),
      body: (
        <Page width="narrow">
          <PageHead title={t('cases.open')} above={<Breadcrumb crumbs={[{ label: t('cases.cases'), href: '/cases' }]} />} />
          <Stack>
            {working.length > 0 && (
              <Form action="/cases/new" method="get" hidden={thread ? { thread } : {}}>
                <TypeSelect types={working} value={type?.id} sends />
              </Form>
            )}
            <Card>
              <Form action="/cases" draft="cases:new" hidden={{ ...(type && { type: type.id }), ...(thread && { thread }) }}>
                <Stack>
                  <Input name="title" label={t('cases.title')} maxlength={300} required={!thread} optional={Boolean(thread)} autofocus />
                  <TextArea name="about" label={t('cases.about')} hint={t('cases.aboutHint')} maxlength={20_000} optional />
                  <FieldInputs fields={type?.fields ?? []} values={{}} />
                  <PrioritySelect value="normal" />
                  <TierSelect value="" empty={t('cases.tierOfPerson')} />
                  <Select
                    name="owner"
                    label={t('cases.owner')}
                    value={see.ctx.actor.person ?? ''}
                    empty={t('cases.nobody')}
                    choices={colleagues.map(each => ({ value: each.person, label: each.name }))}
                  />
                  <TeamSelect teams={teams} value={null} />
                  <Input name="parent" label={t('cases.parent')} hint={t('cases.parentHint')} maxlength={20} optional />
                  <FormActions>
                    <Button look="strong">{t('cases.open')}</Button>
                    <LinkButton href="/cases">{t('cases.cancel')}</LinkButton>
                  </FormActions>
                </Stack>
              </Form>
            </Card>
          </Stack>
        </Page>
      ),
    }
  },
)

export const TypeSelect = ({ types, value, sends }: { types: CaseType[]; value: string | undefined; sends?: boolean }) => (
  <Select
    name="type"
    label={t('cases.type')}
    value={value ?? ''}
    empty={t('cases.noType')}
    choices={types.map(each => ({ value: each.id, label: each.name }))}
    sends={sends}
  />
)

export const PrioritySelect = ({ value }: { value: string }) => (
  <Select
    name="priority"
    label={t('cases.priority')}
    value={value}
    choices={priorities.map(each => ({ value: each, label: t(`cases.priority.${each}`) }))}
  />
)

export const TierSelect = ({ value, empty }: { value: string; empty?: string }) => (
  <Select
    name="tier"
    label={t('cases.tier')}
    value={value}
    empty={empty}
    choices={tiers.map(each => ({ value: each, label: t(`traits.tier.${each}`) }))}
  />
)

export const TeamSelect = ({ teams, value }: { teams: { id: string; name: string }[]; value: string | null }) => (
  <Select
    name="team"
    label={t('cases.team')}
    value={value ?? ''}
    empty={t('cases.noTeam')}
    choices={teams.map(each => ({ value: each.id, label: each.name }))}
  />
)

/** What the type asks for, each by its kind. */
export const FieldInputs = ({ fields, values }: { fields: Field[]; values: Values }) => (
  <>
    {fields.map(each => (
      <FieldInput field={each} value={values[each.key]} />
    ))}
  </>
)

const FieldInput = ({ field, value }: { field: Field; value: Values[string] | undefined }) => {
  const shared = { name: `field.${field.key}`, label: field.label, required: field.required, optional: !field.required }
  const text = value === undefined ? undefined : String(value)
  if (field.kind === 'flag') return <Checkbox name={shared.name} label={field.label} checked={value === true} />
  if (field.kind === 'choice')
    return <Select {...shared} value={text} empty={t('cases.choose')} choices={field.choices.map(each => ({ value: each, label: each }))} />
  if (field.kind === 'text') return <TextArea {...shared} value={text} maxlength={10_000} />
  if (field.kind === 'date') return <Input {...shared} type="date" value={text} />
  return <Input {...shared} value={text} maxlength={500} inputmode={field.kind === 'number' ? 'decimal' : undefined} />
}

/** What was typed into the fields of a type. */
export const fieldsIn = (fields: FormData): Record<string, string> =>
  Object.fromEntries(
    [...fields].flatMap(([name, value]) => (name.startsWith('field.') && typeof value === 'string' ? [[name.slice(6), value]] : [])),
  )

const chosen = (fields: FormData, name: string): string | null => String(fields.get(name) ?? '') || null

export const doOpen = form('/cases', cases.open, {
  read: fields => ({
    title: chosen(fields, 'title') ?? undefined,
    about: String(fields.get('about') ?? ''),
    thread: chosen(fields, 'thread') ?? undefined,
    type: chosen(fields, 'type'),
    priority: (chosen(fields, 'priority') ?? 'normal') as 'normal',
    tier: (chosen(fields, 'tier') ?? undefined) as 'standard' | undefined,
    owner: chosen(fields, 'owner'),
    team: chosen(fields, 'team'),
    parent: chosen(fields, 'parent') ?? undefined,
    fields: fieldsIn(fields),
  }),
  done: (_see, { number }) => ({ go: `/cases/K-${number}`, say: 'cases.isOpened', values: { number } }),
})
