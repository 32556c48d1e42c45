/** When somebody is away, told by themselves. */
import type { Child } from 'hono/jsx'
import {
  ActionForm,
  Breadcrumb,
  Button,
  Card,
  EmptyState,
  FieldSet,
  Form,
  FormActions,
  IconButton,
  Input,
  Item,
  ItemList,
  Page,
  PageHead,
  Stack,
} from '#kernel/html/kit.tsx'
import { date, t } from '#kernel/messages.ts'
import { form, offer, page } from '#kernel/page.tsx'
import { settingsCards } from '#social/members/words.ts'
import * as teams from './actions.ts'
import type { Absence } from './words.ts'

const base = '/settings/away'

/** The days of a week, one field below the other. */
export const Days = ({ title, hint, children }: { title: string; hint: string; children: Child }) => (
  <FieldSet title={title} hint={hint}>
    <Stack gap="small">{children}</Stack>
  </FieldSet>
)

export const awayPage = page(
  base,
  { who: 'teams.read', section: 'settings', finds: () => [{ title: t('teams.away'), icon: 'calendar' }] },
  async see => {
    const { items } = await teams.absences(see.ctx, {})
    return {
      title: t('teams.away'),
      live: ['teams'],
      body: (
        <Page width="narrow">
          <PageHead
            title={t('teams.away')}
            detail={t('teams.awayWhy')}
            above={<Breadcrumb crumbs={[{ label: t('members.settings'), href: '/settings' }]} />}
          />
          <Stack gap="large">
            {items.length === 0 ? (
              <EmptyState title={t('teams.here')} why={t('teams.hereWhy')} icon="calendar" compact />
            ) : (
              <Absences items={items} />
            )}
            <Card title={t('teams.goAway')}>
              <Form action={base} columns>
                <Input name="from" type="date" label={t('teams.firstDay')} required />
                <Input name="until" type="date" label={t('teams.lastDay')} required />
                <Input name="note" label={t('teams.note')} hint={t('teams.noteHint')} maxlength={500} optional />
                <FormActions>
                  <Button look="strong">{t('teams.goAway')}</Button>
                </FormActions>
              </Form>
            </Card>
          </Stack>
        </Page>
      ),
    }
  },
)

export const Absences = ({ items }: { items: Absence[] }) => (
  <Card flush>
    <ItemList label={t('teams.away')}>
      {items.map(each => (
        <Item
          title={`${date(each.startsAt)} – ${date(new Date(each.endsAt.getTime() - 1))}`}
          detail={each.note}
          end={
            <ActionForm action={`${base}/${each.id}/back`}>
              <IconButton icon="close" label={t('teams.comeBack')} />
            </ActionForm>
          }
        />
      ))}
    </ItemList>
  </Card>
)

const undoing = (absence: string) => ({ path: `${base}/${absence}/back`, fields: {} })

export const doGoAway = form(base, teams.goAway, {
  done: (_see, { absence }) => ({ stay: true, say: 'teams.isAway', undo: undoing(absence) }),
})

export const doBack = form(`${base}/:absence/back`, teams.comeBack, {
  done: (_see, _out, { absence }) => ({ stay: true, say: 'teams.isHere', undo: { path: `${base}/${absence}/again`, fields: {} } }),
})

export const doGoAwayAgain = form(`${base}/:absence/again`, teams.beAwayAgain, {
  done: (_see, _out, { absence }) => ({ stay: true, say: 'teams.isAway', undo: undoing(absence) }),
})

export const inSettingsAway = offer(
  settingsCards,
  async () => <Card title={t('teams.away')} detail={t('teams.awayWhy')} icon="calendar" href={base} />,
  { order: 11, who: 'teams.read' },
)
