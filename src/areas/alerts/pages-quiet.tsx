/** When nobody is told: the organisation's quiet hours, and one's own. */
import { Breadcrumb, Checkbox, FormCard, Input, Page, PageHead, Stack } from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, page, ticked, typed } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import * as alerts from './actions.ts'
import type { Quiet } from './words.ts'

const base = '/alerts/quiet'

export const quietPage = page(
  base,
  { who: 'alerts.read', section: 'alerts', finds: () => [{ title: t('alerts.quiet'), icon: 'moon' }] },
  async see => {
    const { house, own } = await alerts.quiet(see.ctx, {})
    return {
      title: t('alerts.quiet'),
      live: ['watches'],
      body: (
        <Page width="narrow">
          <PageHead
            title={t('alerts.quiet')}
            detail={t('alerts.quietWhy', { zone: see.ctx.zone })}
            above={
              <Breadcrumb
                crumbs={[
                  { label: t('alerts.alerts'), href: '/alerts' },
                  { label: t('alerts.watches'), href: '/alerts/watches' },
                ]}
              />
            }
          />
          <Stack gap="large">
            <FormCard title={t('alerts.quietOwn')} action={base} does={t('alerts.save')}>
              <Fields quiet={own} id="own" isOn={own !== null} label={t('alerts.quietOwnOn')} />
            </FormCard>
            {may(see.ctx.actor, 'alerts.manage') && (
              <FormCard title={t('alerts.quietHouse')} action={`${base}/house`} does={t('alerts.save')}>
                <Fields quiet={house} id="house" isOn={house !== null} label={t('alerts.quietHouseOn')} />
              </FormCard>
            )}
          </Stack>
        </Page>
      ),
    }
  },
)

const clock = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

const Fields = ({ quiet, id, isOn, label }: { quiet: Quiet | null; id: string; isOn: boolean; label: string }) => (
  <>
    <Checkbox name="on" id={`${id}-on`} label={label} checked={isOn} />
    <Input name="from" id={`${id}-from`} type="time" label={t('alerts.quietFrom')} value={clock(quiet?.from ?? 22 * 60)} required />
    <Input name="until" id={`${id}-until`} type="time" label={t('alerts.quietUntil')} value={clock(quiet?.until ?? 7 * 60)} required />
    <Checkbox name="weekends" id={`${id}-weekends`} label={t('alerts.quietWeekends')} checked={quiet?.weekends ?? false} />
    <Checkbox
      name="gravest"
      id={`${id}-gravest`}
      label={t('alerts.quietGravest')}
      hint={t('alerts.quietGravestWhy')}
      checked={quiet?.gravest ?? true}
    />
  </>
)

/** Minutes since midnight; −1 for what is no time of a day, which the schema refuses. */
function minuteOf(text: string): number {
  const [hours, minutes] = /^(\d{2}):(\d{2})$/.exec(text)?.slice(1).map(Number) ?? []
  return hours === undefined || minutes === undefined ? -1 : hours * 60 + minutes
}

const written = (fields: FormData) => ({
  quiet: ticked(fields, 'on')
    ? {
        from: minuteOf(typed(fields, 'from')),
        until: minuteOf(typed(fields, 'until')),
        weekends: ticked(fields, 'weekends'),
        gravest: ticked(fields, 'gravest'),
      }
    : null,
})

const back = (was: Quiet | null): Record<string, string> =>
  was
    ? {
        on: 'on',
        from: clock(was.from),
        until: clock(was.until),
        ...(was.weekends && { weekends: 'on' }),
        ...(was.gravest && { gravest: 'on' }),
      }
    : {}

export const doQuiet = form(base, alerts.setQuiet, {
  read: written,
  done: (_see, { was }) => ({ stay: true, say: 'alerts.isSaved', undo: { path: base, fields: back(was) } }),
})
export const doHouseQuiet = form(`${base}/house`, alerts.setHouseQuiet, {
  read: written,
  done: (_see, { was }) => ({ stay: true, say: 'alerts.isSaved', undo: { path: `${base}/house`, fields: back(was) } }),
})
