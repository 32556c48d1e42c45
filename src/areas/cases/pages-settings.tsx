/** Types of cases, service levels, and when a closed case opens again. */
import {
  ActionForm,
  Badge,
  Breadcrumb,
  Button,
  Card,
  Checkbox,
  FieldSet,
  Form,
  FormActions,
  Input,
  Item,
  ItemList,
  LinkButton,
  Page,
  PageHead,
  Quiet,
  Select,
  Stack,
  TextArea,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, offer, page } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { channels } from '#social/channels/actions.ts'
import { workers } from '#social/members/actions.ts'
import { settingsCards } from '#social/members/words.ts'
import * as cases from './actions.ts'
import { Idle } from './pages-list.tsx'

import { keyFor, minutesIn, timeText } from './rules.ts'
import { type CaseType, type Field, fieldKinds, type Policy, priorities, tiers } from './words.ts'

const base = '/settings/cases'

const crumbs = (...more: { label: string; href?: string }[]) => (
  <Breadcrumb crumbs={[{ label: t('members.settings'), href: '/settings' }, ...more]} />
)

export const settingsPage = page(
  base,
  { who: 'cases.read', section: 'settings', finds: () => [{ title: t('cases.settings'), icon: 'task' }] },
  async see => {
    const [types, policies, { reopenDays }, idle] = await Promise.all([
      cases.types(see.ctx, {}),
      cases.policies(see.ctx, {}),
      cases.rulesOf(see.ctx, {}),
      cases.idleCalendars(see.ctx),
    ])
    const manages = may(see.ctx.actor, 'cases.manage')
    return {
      title: t('cases.settings'),
      live: ['cases.settings', 'teams'],
      body: (
        <Page width="narrow">
          <PageHead title={t('cases.settings')} detail={t('cases.settingsWhy')} above={crumbs()} />
          <Stack gap="large">
            <Idle names={policies.items.some(each => !each.archivedAt) ? idle : []} />
            <Kept
              title={t('cases.levels')}
              why={t('cases.levelsWhy')}
              path={`${base}/levels`}
              make={t('cases.makeLevel')}
              manages={manages}
              items={policies.items.map(each => ({ ...each, detail: sayingOf(each) }))}
            />
            <Kept
              title={t('cases.types')}
              why={t('cases.typesWhy')}
              path={`${base}/types`}
              make={t('cases.makeType')}
              manages={manages}
              items={types.items.map(each => ({ ...each, detail: t('cases.hasFields', { count: each.fields.length }) }))}
            />
            <Card title={t('cases.reopening')} detail={t('cases.reopeningWhy')}>
              <Form action={`${base}/rules`}>
                <Input
                  name="reopenDays"
                  type="number"
                  label={t('cases.reopenDays')}
                  value={reopenDays}
                  min={0}
                  max={365}
                  required
                  disabled={!manages}
                />
                {manages && (
                  <FormActions>
                    <Button>{t('cases.save')}</Button>
                  </FormActions>
                )}
              </Form>
            </Card>
          </Stack>
        </Page>
      ),
    }
  },
)

interface KeptProps {
  title: string
  why: string
  path: string
  make: string
  manages: boolean
  items: { id: string; name: string; detail: string; archivedAt: Date | null }[]
}

/** Those that hold, and below them those that are archived. */
const Kept = ({ title, why, path, make, manages, items }: KeptProps) => (
  <Card
    title={title}
    detail={why}
    actions={
      manages && (
        <LinkButton href={`${path}/new`} icon="add" size="small">
          {make}
        </LinkButton>
      )
    }
  >
    {items.length === 0 ? (
      <Quiet>{t('cases.noneYet')}</Quiet>
    ) : (
      <ItemList label={title}>
        {[...items]
          .sort((a, b) => Number(a.archivedAt !== null) - Number(b.archivedAt !== null))
          .map(each => (
            <Item
              title={<bdi>{each.name}</bdi>}
              detail={each.detail}
              href={manages && !each.archivedAt ? `${path}/${each.id}` : undefined}
              end={
                each.archivedAt &&
                (manages ? (
                  <ActionForm action={`${path}/${each.id}/back`}>
                    <Button size="small" icon="undo">
                      {t('cases.bringBack')}
                    </Button>
                  </ActionForm>
                ) : (
                  <Badge>{t('cases.archived')}</Badge>
                ))
              }
            />
          ))}
      </ItemList>
    )}
  </Card>
)

/** For whom it holds, and by when. */
function sayingOf(each: Policy): string {
  const whom = [
    each.channel && titleOfChannel(each.channel),
    each.tier && t(`cases.tier.${each.tier}`),
    each.priority && t(`cases.priority.${each.priority}`),
  ]
  const by = [
    each.firstMinutes !== null && t('cases.answerWithin', { time: timeText(each.firstMinutes) }),
    each.solveMinutes !== null && t('cases.solveWithin', { time: timeText(each.solveMinutes) }),
  ]
  return [whom.filter(Boolean).join(', ') || t('cases.forAll'), ...by].filter(Boolean).join(' · ')
}

const titleOfChannel = (name: string): string => {
  const known = channels().find(each => each.name === name)
  return known ? t(known.title) : name
}

// —— a type ——

const spare = 3

const TypeFields = ({ type }: { type?: CaseType }) => {
  const blank: Field = { key: '', label: '', kind: 'line', required: false, choices: [] }
  return (
    <Stack>
      <Input name="name" label={t('cases.name')} value={type?.name} maxlength={100} required autofocus={!type} />
      <TextArea
        name="checklist"
        label={t('cases.checklist')}
        hint={t('cases.checklistHint')}
        value={type?.checklist.join('\n')}
        rows={4}
        maxlength={20_000}
        optional
      />
      {[...(type?.fields ?? []), ...Array.from({ length: spare }, () => blank)].map((each, at) => (
        <FieldSet title={each.label || t('cases.newField')} hint={each.label ? undefined : t('cases.newFieldHint')}>
          <input type="hidden" name={`key${at}`} value={each.key} />
          <Input name={`label${at}`} label={t('cases.fieldLabel')} value={each.label} maxlength={100} />
          <Select
            name={`kind${at}`}
            label={t('cases.fieldKind')}
            value={each.kind}
            choices={fieldKinds.map(kind => ({ value: kind, label: t(`cases.kind.${kind}`) }))}
          />
          <TextArea
            name={`choices${at}`}
            label={t('cases.fieldChoices')}
            value={each.choices.join('\n')}
            rows={2}
            maxlength={10_000}
            optional
          />
          <Checkbox name={`required${at}`} label={t('cases.fieldRequired')} checked={each.required} />
        </FieldSet>
      ))}
    </Stack>
  )
}

export const newTypePage = page(`${base}/types/new`, { who: 'cases.manage', section: 'settings' }, async () => ({
  title: t('cases.makeType'),
  body: (
    <Page width="narrow">
      <PageHead title={t('cases.makeType')} above={crumbs({ label: t('cases.settings'), href: base })} />
      <Card>
        <Form action={`${base}/types`}>
          <TypeFields />
          <FormActions>
            <Button look="strong">{t('cases.makeType')}</Button>
            <LinkButton href={base}>{t('cases.cancel')}</LinkButton>
          </FormActions>
        </Form>
      </Card>
    </Page>
  ),
}))

export const typePage = page(`${base}/types/:type{(?!new$)[^/]+}`, { who: 'cases.manage', section: 'settings' }, async see => {
  const { items } = await cases.types(see.ctx, {})
  const type = items.find(each => each.id === see.params.type)
  return {
    title: type?.name ?? t('cases.type'),
    status: type ? 200 : 404,
    body: (
      <Page width="narrow">
        <PageHead title={<bdi>{type?.name ?? t('cases.typeNotThere')}</bdi>} above={crumbs({ label: t('cases.settings'), href: base })} />
        {type && (
          <Stack gap="large">
            <Card>
              <Form action={`${base}/types/${type.id}/change`}>
                <TypeFields type={type} />
                <FormActions>
                  <Button look="strong">{t('cases.save')}</Button>
                </FormActions>
              </Form>
            </Card>
            <Archiving path={`${base}/types/${type.id}/archive`} why={t('cases.archiveTypeWhy')} />
          </Stack>
        )}
      </Page>
    ),
  }
})

const Archiving = ({ path, why }: { path: string; why: string }) => (
  <Card title={t('cases.archive')} detail={why}>
    <ActionForm action={path}>
      <Button icon="archive">{t('cases.archive')}</Button>
    </ActionForm>
  </Card>
)

const plain = (fields: FormData, name: string): string => String(fields.get(name) ?? '').trim()
const linesIn = (text: string): string[] =>
  text
    .split('\n')
    .map(each => each.trim())
    .filter(Boolean)

function typeIn(fields: FormData) {
  const rows = [...fields.keys()].flatMap(name => (/^label\d{1,3}$/.test(name) ? [name.slice(5)] : [])).slice(0, 60)
  const taken: string[] = rows.map(at => plain(fields, `key${at}`)).filter(Boolean)
  const read = rows.flatMap(at => {
    const label = plain(fields, `label${at}`)
    if (!label) return []
    const key = plain(fields, `key${at}`) || keyFor(label, taken)
    taken.push(key)
    const kind = fieldKinds.find(each => each === plain(fields, `kind${at}`)) ?? 'line'
    return [
      { key, label, kind, required: fields.has(`required${at}`), choices: kind === 'choice' ? linesIn(plain(fields, `choices${at}`)) : [] },
    ]
  })
  return { name: plain(fields, 'name'), checklist: linesIn(plain(fields, 'checklist')), fields: read }
}

export const doMakeType = form(`${base}/types`, cases.makeType, { read: typeIn, done: () => ({ go: base, say: 'cases.isSaved' }) })

export const doChangeType = form(`${base}/types/:type/change`, cases.changeType, {
  read: (fields, { type }) => ({ type: type!, ...typeIn(fields) }),
  done: () => ({ stay: true, say: 'cases.isSaved' }),
})

const back = (path: string) => ({ path, fields: {} })
export const doArchiveType = form(`${base}/types/:type/archive`, cases.archiveType, {
  done: (_see, _out, { type }) => ({ go: base, say: 'cases.isArchived', undo: back(`${base}/types/${type}/back`) }),
})
export const doTypeBack = form(`${base}/types/:type/back`, cases.bringTypeBack, { done: () => ({ go: base, say: 'cases.isBack' }) })

// —— a service level ——

const PolicyFields = ({ policy, colleagues }: { policy?: Policy; colleagues: { person: string; name: string }[] }) => (
  <Stack>
    <Input name="name" label={t('cases.name')} value={policy?.name} maxlength={100} required autofocus={!policy} />
    <FieldSet title={t('cases.holdsFor')} hint={t('cases.holdsForHint')}>
      <Select
        name="channel"
        label={t('cases.channel')}
        value={policy?.channel ?? ''}
        empty={t('cases.anyChannel')}
        choices={channels().map(each => ({ value: each.name, label: t(each.title) }))}
      />
      <Select
        name="tier"
        label={t('cases.tier')}
        value={policy?.tier ?? ''}
        empty={t('cases.anyTier')}
        choices={tiers.map(each => ({ value: each, label: t(`cases.tier.${each}`) }))}
      />
      <Select
        name="priority"
        label={t('cases.priority')}
        value={policy?.priority ?? ''}
        empty={t('cases.anyPriority')}
        choices={priorities.map(each => ({ value: each, label: t(`cases.priority.${each}`) }))}
      />
    </FieldSet>
    <FieldSet title={t('cases.byWhen')} hint={t('cases.byWhenHint')}>
      <Input
        name="first"
        label={t('cases.firstWithin')}
        value={policy?.firstMinutes ? timeText(policy.firstMinutes) : ''}
        placeholder="4h"
        maxlength={40}
      />
      <Input
        name="solve"
        label={t('cases.solvedWithin')}
        value={policy?.solveMinutes ? timeText(policy.solveMinutes) : ''}
        placeholder="2d"
        maxlength={40}
      />
      <Input
        name="warnPercent"
        type="number"
        label={t('cases.warnAt')}
        value={policy?.warnPercent ?? 80}
        min={10}
        max={95}
        after="%"
        required
      />
      <Select
        name="escalateTo"
        label={t('cases.escalateTo')}
        value={policy?.escalateTo ?? ''}
        empty={t('cases.nobodyElse')}
        choices={colleagues.map(each => ({ value: each.person, label: each.name }))}
      />
    </FieldSet>
  </Stack>
)

export const newPolicyPage = page(`${base}/levels/new`, { who: 'cases.manage', section: 'settings' }, async see => ({
  title: t('cases.makeLevel'),
  body: (
    <Page width="narrow">
      <PageHead title={t('cases.makeLevel')} above={crumbs({ label: t('cases.settings'), href: base })} />
      <Card>
        <Form action={`${base}/levels`}>
          <PolicyFields colleagues={await workers(see.ctx)} />
          <FormActions>
            <Button look="strong">{t('cases.makeLevel')}</Button>
            <LinkButton href={base}>{t('cases.cancel')}</LinkButton>
          </FormActions>
        </Form>
      </Card>
    </Page>
  ),
}))

export const policyPage = page(`${base}/levels/:policy{(?!new$)[^/]+}`, { who: 'cases.manage', section: 'settings' }, async see => {
  const [{ items }, colleagues] = await Promise.all([cases.policies(see.ctx, {}), workers(see.ctx)])
  const policy = items.find(each => each.id === see.params.policy)
  return {
    title: policy?.name ?? t('cases.levels'),
    status: policy ? 200 : 404,
    body: (
      <Page width="narrow">
        <PageHead
          title={<bdi>{policy?.name ?? t('cases.policyNotThere')}</bdi>}
          above={crumbs({ label: t('cases.settings'), href: base })}
        />
        {policy && (
          <Stack gap="large">
            <Card>
              <Form action={`${base}/levels/${policy.id}/change`}>
                <PolicyFields policy={policy} colleagues={colleagues} />
                <FormActions>
                  <Button look="strong">{t('cases.save')}</Button>
                </FormActions>
              </Form>
            </Card>
            <Archiving path={`${base}/levels/${policy.id}/archive`} why={t('cases.archiveLevelWhy')} />
          </Stack>
        )}
      </Page>
    ),
  }
})

const oneOf = <T extends string>(all: readonly T[], text: string): T | null => all.find(each => each === text) ?? null

const policyIn = (fields: FormData) => ({
  name: plain(fields, 'name'),
  channel: plain(fields, 'channel') || null,
  tier: oneOf(tiers, plain(fields, 'tier')),
  priority: oneOf(priorities, plain(fields, 'priority')),
  firstMinutes: minutesIn(plain(fields, 'first'), 'first'),
  solveMinutes: minutesIn(plain(fields, 'solve'), 'solve'),
  warnPercent: Number(plain(fields, 'warnPercent')),
  escalateTo: plain(fields, 'escalateTo') || null,
})

export const doMakePolicy = form(`${base}/levels`, cases.makePolicy, { read: policyIn, done: () => ({ go: base, say: 'cases.isSaved' }) })

export const doChangePolicy = form(`${base}/levels/:policy/change`, cases.changePolicy, {
  read: (fields, { policy }) => ({ policy: policy!, ...policyIn(fields) }),
  done: () => ({ stay: true, say: 'cases.isSaved' }),
})
export const doArchivePolicy = form(`${base}/levels/:policy/archive`, cases.archivePolicy, {
  done: (_see, _out, { policy }) => ({ go: base, say: 'cases.isArchived', undo: back(`${base}/levels/${policy}/back`) }),
})
export const doPolicyBack = form(`${base}/levels/:policy/back`, cases.bringPolicyBack, { done: () => ({ go: base, say: 'cases.isBack' }) })

// —— opening again ——

export const doSetRules = form(`${base}/rules`, cases.setRules, {
  done: (_see, { was }) => ({ stay: true, say: 'cases.isSaved', undo: { path: `${base}/rules`, fields: { reopenDays: String(was) } } }),
})

export const settingsCard = offer(
  settingsCards,
  async () => <Card title={t('cases.settings')} detail={t('cases.settingsWhy')} icon="task" href={base} />,
  { order: 13, who: 'cases.read' },
)
