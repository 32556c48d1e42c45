/** Types of cases, service levels, and when a closed case opens again. */
import {
  ActionButton,
  Button,
  Card,
  Form,
  FormActions,
  Input,
  Page,
  PageHead,
  SettingsCrumbs,
  ShelfCard,
  Stack,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, offer, page, typed } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { channels } from '#social/channels/actions.ts'
import { settingsCards } from '#social/members/words.ts'
import * as cases from './actions.ts'
import { Idle } from './pages-list.tsx'

import { timeText } from './rules.ts'
import type { Policy } from './words.ts'

export const base = '/settings/cases'

export const InCases = () => <SettingsCrumbs among={[{ label: t('cases.settings'), href: base }]} />

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
          <PageHead title={t('cases.settings')} detail={t('cases.settingsWhy')} above={<SettingsCrumbs />} />
          <Stack gap="large">
            <Idle names={policies.items.some(each => !each.archivedAt) ? idle : []} />
            <ShelfCard
              title={t('cases.levels')}
              why={t('cases.levelsWhy')}
              path={`${base}/levels`}
              make={{ label: t('cases.makeLevel'), href: `${base}/levels/new` }}
              manages={manages}
              items={policies.items.map(each => ({ ...each, detail: sayingOf(each) }))}
              words={shelf()}
            />
            <ShelfCard
              title={t('cases.types')}
              why={t('cases.typesWhy')}
              path={`${base}/types`}
              make={{ label: t('cases.makeType'), href: `${base}/types/new` }}
              manages={manages}
              items={types.items.map(each => ({ ...each, detail: t('cases.hasFields', { count: each.fields.length }) }))}
              words={shelf()}
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

/** As cards of things in use and in the archive say it. */
const shelf = () => ({ none: t('cases.noneYet'), archived: t('cases.archived'), back: t('cases.bringBack') })

/** For whom it holds, and by when. */
function sayingOf(each: Policy): string {
  const whom = [
    each.channel && titleOfChannel(each.channel),
    each.tier && t(`traits.tier.${each.tier}`),
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

// —— what types and service levels share ——

export const Archiving = ({ path, why }: { path: string; why: string }) => (
  <Card title={t('cases.archive')} detail={why}>
    <ActionButton action={path} icon="archive">
      {t('cases.archive')}
    </ActionButton>
  </Card>
)

export const plain = (fields: FormData, name: string): string => typed(fields, name).trim()

// —— opening again ——

export const doSetRules = form(`${base}/rules`, cases.setRules, {
  done: (_see, { was }) => ({ stay: true, say: 'cases.isSaved', undo: { path: `${base}/rules`, fields: { reopenDays: String(was) } } }),
})

export const settingsCard = offer(
  settingsCards,
  async () => <Card title={t('cases.settings')} detail={t('cases.settingsWhy')} icon="task" href={base} />,
  { order: 13, who: 'cases.read' },
)
