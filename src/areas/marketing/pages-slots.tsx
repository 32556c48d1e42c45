import {
  ActionForm,
  Breadcrumb,
  Button,
  Card,
  Checkbox,
  EmptyState,
  Form,
  FormActions,
  Icon,
  Input,
  Page,
  PageHead,
  Quiet,
  Row,
  Select,
  Stack,
} from '#kernel/html/kit.tsx'
import { dateTime, locale, t } from '#kernel/messages.ts'
import type { Html, See } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import * as marketing from './actions.ts'
import type { Slot } from './words.ts'

const weekdays = [1, 2, 3, 4, 5, 6, 7]
/** 5 January 2026 was a Monday. */
const nameOf = (weekday: number, look: 'short' | 'long'): string =>
  new Intl.DateTimeFormat(locale(), { weekday: look, timeZone: 'UTC' }).format(Date.UTC(2026, 0, 4 + weekday))
const timeOf = (minute: number): string =>
  new Intl.DateTimeFormat(locale(), { timeStyle: 'short', timeZone: 'UTC' }).format(minute * 60_000)

export async function slotsScreen(see: See): Promise<Html> {
  const [stages, { items }] = [await marketing.stages(see.ctx), await marketing.slots(see.ctx, {})]
  const mayChange = may(see.ctx.actor, 'posts.publish')
  return (
    <Page width="reading">
      <PageHead
        title={t('marketing.slots')}
        detail={t('marketing.slotsWhy')}
        above={<Breadcrumb crumbs={[{ label: t('marketing.publish'), href: '/publish' }, { label: t('marketing.slots') }]} />}
      />
      {stages.length === 0 && (
        <EmptyState
          title={t('marketing.noStage')}
          why={t('marketing.noStageWhy')}
          icon="clock"
          action={{ label: t('marketing.connect'), href: '/settings/channels', icon: 'plug' }}
          compact
        />
      )}
      <Stack gap="large">
        {stages.map(({ id, name, title }) => (
          <Week {...items.find(each => each.account === id)!} name={name} title={t(title)} mayChange={mayChange} />
        ))}
      </Stack>
    </Page>
  )
}

interface WeekProps {
  account: string
  zone: string
  slots: Slot[]
  free: Date | null
  name: string
  title: string
  mayChange: boolean
}

const Week = ({ account, zone, slots, free, name, title, mayChange }: WeekProps) => (
  <Card title={<bdi>{name}</bdi>} detail={`${title} · ${zone}`}>
    <Stack>
      <div class="slots">
        {weekdays.map(weekday => (
          <div class="slots-day">
            <span class="slots-name">{nameOf(weekday, 'short')}</span>
            {slots
              .filter(each => each.weekday === weekday)
              .map(each => (
                <OneSlot account={account} slot={each} mayChange={mayChange} />
              ))}
          </div>
        ))}
      </div>
      <Quiet small>{free ? t('marketing.freeNext', { at: dateTime(free) }) : t('marketing.noSlots')}</Quiet>
      {mayChange && <Choose account={account} zone={zone} />}
    </Stack>
  </Card>
)

const OneSlot = ({ account, slot, mayChange }: { account: string; slot: Slot; mayChange: boolean }) => (
  <span class="slot">
    {timeOf(slot.minute)}
    {mayChange && (
      <ActionForm action={`/publish/slots/${account}/remove`} fields={{ weekday: String(slot.weekday), minute: String(slot.minute) }}>
        <button
          type="submit"
          class="tag-remove"
          aria-label={t('marketing.removeSlot', { day: nameOf(slot.weekday, 'long'), time: timeOf(slot.minute) })}
        >
          <Icon name="close" size={12} />
        </button>
      </ActionForm>
    )}
  </span>
)

const Choose = ({ account, zone }: { account: string; zone: string }) => (
  <details class="folded">
    <summary>{t('marketing.addSlots')}</summary>
    <Stack>
      <Form action={`/publish/slots/${account}/add`} id={`add-${account}`}>
        <Row gap="medium">
          {weekdays.map(weekday => (
            <Checkbox
              name="weekdays[]"
              id={`${account}-${weekday}`}
              value={String(weekday)}
              label={nameOf(weekday, 'short')}
              checked={weekday < 6}
            />
          ))}
        </Row>
        <Input name="time" id={`time-${account}`} type="time" label={t('marketing.time')} value="09:00" required />
        <FormActions>
          <Button look="strong">{t('marketing.add')}</Button>
        </FormActions>
      </Form>
      <Form action={`/publish/slots/${account}/zone`} id={`zone-${account}`}>
        <Select name="zone" id={`field-zone-${account}`} label={t('marketing.zone')} value={zone} choices={zonesWith(zone)} sends />
      </Form>
    </Stack>
  </details>
)

const zonesWith = (zone: string) =>
  [...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', zone])].sort().map(value => ({ value, label: value.replaceAll('_', ' ') }))
