import {
  Breadcrumb,
  Button,
  Card,
  EmptyState,
  Form,
  FormActions,
  Input,
  Page,
  PageHead,
  Pager,
  RelativeTime,
  Select,
  Stack,
  Table,
  TextArea,
} from '#kernel/html/kit.tsx'
import { hasMessage, languageNames, languages, locale, t } from '#kernel/messages.ts'
import { form, page, typed } from '#kernel/page.tsx'
import { cardsOf } from '#social/people/actions.ts'
import * as members from './actions.ts'
import { clockOf, datesIn, minuteOf } from './rules.ts'

const SettingsCrumb = () => <Breadcrumb crumbs={[{ label: t('members.settings'), href: '/settings' }]} />

// —— the organisation ——

const capital = (text: string) => text.charAt(0).toLocaleUpperCase(locale()) + text.slice(1)

const dayNames = () =>
  Array.from({ length: 7 }, (_, day) =>
    capital(new Intl.DateTimeFormat(locale(), { weekday: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, 1 + day)))),
  )

export const organisationPage = page(
  '/settings/organisation',
  { who: 'organisation.manage', section: 'settings', finds: () => [{ title: t('access.organisation'), icon: 'building' }] },
  async see => {
    const it = await members.organisationOf(see.ctx)
    return {
      title: t('access.organisation'),
      body: (
        <Page width="narrow">
          <PageHead title={t('access.organisation')} detail={it.slug} above={<SettingsCrumb />} />
          <Form action="/settings/organisation">
            <Stack gap="large">
              <Card>
                <Stack gap="large">
                  <Input name="name" label={t('members.name')} value={it.name} required maxlength={200} />
                  <Select
                    name="language"
                    label={t('access.language')}
                    value={it.language}
                    choices={languages.map(value => ({ value, label: languageNames[value] }))}
                  />
                  <Input
                    name="zone"
                    label={t('members.zone')}
                    value={it.zone}
                    required
                    maxlength={60}
                    suggestions={Intl.supportedValuesOf('timeZone')}
                  />
                  <TextArea name="about" label={t('members.about')} hint={t('members.aboutHint')} value={it.about} maxlength={5000} />
                  <TextArea
                    name="signOff"
                    label={t('members.signOff')}
                    hint={t('members.signOffHint')}
                    value={it.signOff}
                    maxlength={2000}
                  />
                </Stack>
              </Card>
              <Card title={t('members.hours')} detail={t('members.hoursWhy')}>
                <Stack gap="large">
                  <Table
                    caption={t('members.hours')}
                    captionHidden
                    dense
                    rows={dayNames().map((day, at) => ({ day, at }))}
                    columns={[
                      { head: t('members.day'), heading: true, cell: row => row.day },
                      { head: t('members.from'), cell: row => <Hour name="from" {...row} minute={it.hours[row.at]?.[0]} /> },
                      { head: t('members.to'), cell: row => <Hour name="to" {...row} minute={it.hours[row.at]?.[1]} /> },
                    ]}
                  />
                  <TextArea
                    name="holidays"
                    label={t('members.holidays')}
                    hint={t('members.holidaysHint')}
                    value={it.holidays.join('\n')}
                    rows={4}
                    maxlength={20_000}
                  />
                </Stack>
              </Card>
              <FormActions>
                <Button look="strong">{t('access.save')}</Button>
              </FormActions>
            </Stack>
          </Form>
        </Page>
      ),
    }
  },
)

const Hour = ({ name, day, at, minute }: { name: 'from' | 'to'; day: string; at: number; minute: number | undefined }) => (
  <Input
    id={`${name}-${at}`}
    name={`${name}${at}`}
    label={`${day}: ${t(`members.${name}`)}`}
    labelHidden
    type="time"
    value={minute === undefined ? '' : clockOf(minute)}
  />
)

export const saveOrganisation = form('/settings/organisation', members.changeOrganisation, {
  read: fields => {
    const hours = Array.from({ length: 7 }, (_, day) => {
      const [from, to] = [minuteOf(typed(fields, `from${day}`)), minuteOf(typed(fields, `to${day}`))]
      return from === null || to === null ? null : ([from, to] as [number, number])
    })
    return {
      name: typed(fields, 'name'),
      language: typed(fields, 'language') as 'en',
      zone: typed(fields, 'zone'),
      about: typed(fields, 'about'),
      signOff: typed(fields, 'signOff'),
      hours,
      holidays: datesIn(typed(fields, 'holidays')),
    }
  },
  done: () => ({ go: '/settings/organisation', say: 'access.saved' }),
})

// —— audit ——

/** What was done, as people say it; programs call it by its name. */
function deedOf(action: string): string {
  const [module, name] = action.split('.')
  return hasMessage(`${module}.did.${name}`) ? t(`${module}.did.${name}`) : action
}

export const auditPage = page(
  '/settings/audit',
  { who: 'organisation.manage', section: 'settings', finds: () => [{ title: t('members.audit'), icon: 'list' }] },
  async see => {
    const { items, next } = await members.audit(see.ctx, { before: see.query.get('before') ?? undefined, limit: 50 })
    const people = await cardsOf(
      see.ctx,
      items.flatMap(each => each.person ?? []),
    )
    return {
      title: t('members.audit'),
      body: (
        <Page>
          <PageHead title={t('members.audit')} detail={t('members.auditWhy')} above={<SettingsCrumb />} />
          {items.length === 0 ? (
            <EmptyState title={t('members.auditEmpty')} icon="list" compact />
          ) : (
            <Table
              caption={t('members.audit')}
              captionHidden
              dense
              stacks
              rows={items}
              columns={[
                { head: t('members.when'), cell: row => <RelativeTime at={row.at} look="full" /> },
                { head: t('members.who'), cell: row => (row.person && people.get(row.person)?.name) || '–' },
                { head: t('members.what'), cell: row => <span title={row.action}>{deedOf(row.action)}</span> },
                { head: t('members.door'), cell: row => t(`members.via.${row.via}`) },
              ]}
            />
          )}
          <Pager older={next ? `/settings/audit?before=${next}` : undefined} />
        </Page>
      ),
    }
  },
)
