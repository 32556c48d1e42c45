/** A service level: for which cases it holds, and by when they are answered and solved. */
import { FieldSet, FormCard, Input, NewPage, Page, PageHead, Select, Stack } from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, oneOf, page } from '#kernel/page.tsx'
import { channels } from '#social/channels/actions.ts'
import { workers } from '#social/members/actions.ts'
import * as cases from './actions.ts'
import { Archiving, base, InCases, plain } from './pages-settings.tsx'
import { minutesIn, timeText } from './rules.ts'
import { type Policy, priorities, tiers } from './words.ts'

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
        choices={tiers.map(each => ({ value: each, label: t(`traits.tier.${each}`) }))}
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

export const newPolicyPage = page(
  `${base}/levels/new`,
  { who: 'cases.manage', section: 'settings', finds: () => [{ title: t('cases.makeLevel'), icon: 'add' }] },
  async see => ({
    title: t('cases.makeLevel'),
    body: (
      <NewPage title={t('cases.makeLevel')} above={<InCases />} action={`${base}/levels`} leave={{ label: t('cases.cancel'), href: base }}>
        <PolicyFields colleagues={await workers(see.ctx)} />
      </NewPage>
    ),
  }),
)

export const policyPage = page(oneOf(`${base}/levels`, 'policy'), { who: 'cases.manage', section: 'settings' }, async see => {
  const [{ items }, colleagues] = await Promise.all([cases.policies(see.ctx, {}), workers(see.ctx)])
  const policy = items.find(each => each.id === see.params.policy)
  return {
    title: policy?.name ?? t('cases.levels'),
    status: policy ? 200 : 404,
    body: (
      <Page width="narrow">
        <PageHead title={<bdi>{policy?.name ?? t('cases.policyNotThere')}</bdi>} above={<InCases />} />
        {policy && (
          <Stack gap="large">
            <FormCard action={`${base}/levels/${policy.id}/change`} does={t('cases.save')}>
              <PolicyFields policy={policy} colleagues={colleagues} />
            </FormCard>
            <Archiving path={`${base}/levels/${policy.id}/archive`} why={t('cases.archiveLevelWhy')} />
          </Stack>
        )}
      </Page>
    ),
  }
})

const among = <T extends string>(all: readonly T[], text: string): T | null => all.find(each => each === text) ?? null

const policyIn = (fields: FormData) => ({
  name: plain(fields, 'name'),
  channel: plain(fields, 'channel') || null,
  tier: among(tiers, plain(fields, 'tier')),
  priority: among(priorities, plain(fields, 'priority')),
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
  done: (_see, _out, { policy }) => ({ go: base, say: 'cases.isArchived', undo: { path: `${base}/levels/${policy}/back` } }),
})
export const doPolicyBack = form(`${base}/levels/:policy/back`, cases.bringPolicyBack, { done: () => ({ go: base, say: 'cases.isBack' }) })
