/** Answers that leave at a moment, and how long one can take an answer back. */
import { drawingAlike } from '#kernel/html/again.tsx'
import { ActionForm, Banner, Button, Input, Menu, MenuGroup, MenuItem, Row } from '#kernel/html/kit.tsx'
import { dateTime, t, when } from '#kernel/messages.ts'
import { form, type See } from '#kernel/page.tsx'
import * as crm from './actions.ts'
import type { People } from './pages-conversation.tsx'
import { answered, here } from './pages-deeds.tsx'
import { quarterOf, snoozeChoices } from './rules.ts'

const delays = [0, 5, 10, 30, 60] as const
const houseDelay = 5

interface Later {
  base: string
  see: See
}

export const Snooze = ({ base, see }: Later) =>
  drawingAlike('crm.snooze')([base], [quarterOf(see.ctx.now)], its => <UntilLater base={its} see={see} />)

const UntilLater = ({ base, see }: Later) => (
  <Menu id="snooze" label={t('crm.snooze')} icon="clock" iconOnly shortcut="s" align="end">
    {snoozeChoices(see.ctx.now, see.ctx.zone).map(({ key, until }) => (
      <MenuItem action={`${base}/snooze`} fields={{ until: until.toISOString() }} hint={when(until, new Date(0))}>
        {t(`crm.snooze.${key}`)}
      </MenuItem>
    ))}
  </Menu>
)

/** Inside the form of the answer: its words go with the moment. */
export const SendLater = ({ base, see }: Later) =>
  drawingAlike('crm.sendLater')([base], [quarterOf(see.ctx.now)], its => <Moments base={its} see={see} />)

const Moments = ({ base, see }: Later) => (
  <Menu id="later" label={t('crm.later')} icon="clock" iconOnly shortcut="Mod+Alt+Enter">
    <MenuGroup title={t('crm.later')}>
      {snoozeChoices(see.ctx.now, see.ctx.zone).map(({ key, until }) => (
        <MenuItem name="dueAt" value={until.toISOString()} formaction={`${base}/later`} hint={when(until, new Date(0))}>
          {t(`crm.snooze.${key}`)}
        </MenuItem>
      ))}
    </MenuGroup>
    <Input name="dueAtLocal" type="datetime-local" label={t('crm.laterAt')} />
    <Button size="small" formaction={`${base}/later`}>
      {t('crm.laterPlan')}
    </Button>
  </Menu>
)

/** In the menu of further deeds, not where one writes: words under way are not sent along. */
export const Delays = ({ delay }: { delay: number | null }) => (
  <MenuGroup title={t('crm.delay')}>
    {delays.map(seconds => (
      <MenuItem action="/inbox/delay" fields={{ seconds: String(seconds) }} checked={seconds === (delay ?? houseDelay)}>
        {t('crm.delaySeconds', { seconds })}
      </MenuItem>
    ))}
  </MenuGroup>
)

interface PlannedProps {
  planned: Awaited<ReturnType<typeof crm.plannedIn>>
  people: People
  base: string
  seen: string | undefined
}

/** What is to leave here: what it says, when, and what can still be done about it. */
export const PlannedAnswers = ({ planned, people, base, seen }: PlannedProps) => (
  <>
    {planned.map(each => (
      <Banner
        tone={each.held ? 'warning' : 'talk'}
        icon="clock"
        title={
          each.held ? t('crm.planIsHeldHere') : t('crm.leavesAt', { at: dateTime(each.dueAt), name: people.get(each.by)?.name ?? '–' })
        }
        actions={
          <Row>
            <ActionForm action={`${base}/plan/${each.id}/send`} fields={seen ? { seen } : {}}>
              <Button size="small">{t('crm.planSendNow')}</Button>
            </ActionForm>
            <ActionForm action={`${base}/plan/${each.id}/off`}>
              <Button size="small" look="bare">
                {t('crm.unsend')}
              </Button>
            </ActionForm>
          </Row>
        }
      >
        {each.held && <p>{t(each.held.key, each.held.values)}</p>}
        <p dir="auto">{each.text.slice(0, 300).toWellFormed()}</p>
      </Banner>
    ))}
  </>
)

export const doLater = form('/inbox/:view/:thread/later', crm.planReply, {
  most: 26 * 1024 * 1024,
  read: async (fields, params, who) => ({
    ...(await answered(fields, params, who)),
    dueAt: (String(fields.get('dueAt') ?? '') || undefined) as unknown as Date | undefined,
    local: String(fields.get('dueAtLocal') ?? '') || undefined,
  }),
  done: (see, { plan }) => ({ stay: true, say: 'crm.isPlanned', undo: { path: `${here(see)}/plan/${plan}/off`, fields: {} } }),
})

export const doCallOff = form('/inbox/:view/:thread/plan/:plan/off', crm.callOffPlan, {
  read: (_fields, { plan }) => ({ plan: plan! }),
  // Its words come back into the field.
  done: see => ({ go: here(see), say: 'crm.unsent' }),
})

export const doSendNow = form('/inbox/:view/:thread/plan/:plan/send', crm.sendPlanNow, {
  read: (fields, { plan }) => ({ plan: plan!, seen: String(fields.get('seen') ?? '') || undefined }),
  done: () => ({ stay: true, say: 'crm.sent' }),
})

export const doDelay = form('/inbox/delay', crm.setDelay, {
  read: fields => ({ seconds: String(fields.get('seconds') ?? '') as unknown as number }),
  done: (_see, { was }, { seconds }) => ({
    stay: true,
    say: 'crm.delaySet',
    values: { seconds: Number(seconds) },
    ...(was !== null && { undo: { path: '/inbox/delay', fields: { seconds: String(was) } } }),
  }),
})
