import {
  Button,
  Card,
  EmptyState,
  FieldSet,
  Form,
  FormActions,
  Input,
  Page,
  PageHead,
  Pager,
  RelativeTime,
  Row,
  Select,
  Stack,
  Table,
  TextArea,
} from '#kernel/html/kit.tsx'
import { languageNames, languages, t } from '#kernel/messages.ts'
import { form, page } from '#kernel/page.tsx'
import { cardsOf } from '#social/people/actions.ts'
import * as members from './actions.ts'
import { clockOf, minuteOf } from './rules.ts'

// —— the organisation ——

const dayNames = () =>
  Array.from({ length: 7 }, (_, day) =>
    new Intl.DateTimeFormat(t('members.locale'), { weekday: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, 1 + day))),
  )

export const organisationPage = page('/settings/organisation', { who: 'organisation.manage', section: 'settings' }, async see => {
  const it = await members.organisationOf(see.ctx)
  return {
    title: t('access.organisation'),
    body: (
      <Page width="narrow">
        <PageHead title={t('access.organisation')} detail={it.slug} />
        <Form action="/settings/organisation">
          <Stack gap="large">
            <Card>
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
              <TextArea name="signOff" label={t('members.signOff')} hint={t('members.signOffHint')} value={it.signOff} maxlength={2000} />
            </Card>
            <Card title={t('members.hours')} detail={t('members.hoursWhy')}>
              {dayNames().map((day, at) => (
                <FieldSet title={day}>
                  <Row>
                    <Input
                      id={`from-${at}`}
                      name={`from${at}`}
                      label={t('members.from')}
                      type="time"
                      value={it.hours[at] ? clockOf(it.hours[at][0]) : ''}
                    />
                    <Input
                      id={`to-${at}`}
                      name={`to${at}`}
                      label={t('members.to')}
                      type="time"
                      value={it.hours[at] ? clockOf(it.hours[at][1]) : ''}
                    />
                  </Row>
                </FieldSet>
              ))}
            </Card>
            <FormActions>
              <Button look="strong">{t('access.save')}</Button>
            </FormActions>
          </Stack>
        </Form>
      </Page>
    ),
  }
})

export const saveOrganisation = form('/settings/organisation', members.changeOrganisation, {
  read: fields => {
    const plain = (name: string) => String(fields.get(name) ?? '')
    const hours = Array.from({ length: 7 }, (_, day) => {
      const [from, to] = [minuteOf(plain(`from${day}`)), minuteOf(plain(`to${day}`))]
      return from === null || to === null ? null : ([from, to] as [number, number])
    })
    return {
      name: plain('name'),
      language: plain('language') as 'en',
      zone: plain('zone'),
      about: plain('about'),
      signOff: plain('signOff'),
      hours,
    }
  },
  done: () => ({ go: '/settings/organisation', say: 'access.saved' }),
})

// —— audit ——

export const auditPage = page('/settings/audit', { who: 'organisation.manage', section: 'settings' }, async see => {
  const { items, next } = await members.audit(see.ctx, { before: see.query.get('before') ?? undefined, limit: 50 })
  const people = await cardsOf(
    see.ctx,
    items.flatMap(each => each.person ?? []),
  )
  return {
    title: t('members.audit'),
    body: (
      <Page>
        <PageHead title={t('members.audit')} detail={t('members.auditWhy')} />
        {items.length === 0 ? (
          <EmptyState title={t('members.auditEmpty')} icon="list" compact />
        ) : (
          <Table
            caption={t('members.audit')}
            captionHidden
            dense
            rows={items}
            columns={[
              { head: t('members.when'), cell: row => <RelativeTime at={row.at} look="full" /> },
              { head: t('members.who'), cell: row => (row.person && people.get(row.person)?.name) || '–' },
              { head: t('members.what'), cell: row => <code>{row.action}</code> },
              { head: t('members.door'), cell: row => row.via },
            ]}
          />
        )}
        <Pager older={next ? `/settings/audit?before=${next}` : undefined} />
      </Page>
    ),
  }
})
