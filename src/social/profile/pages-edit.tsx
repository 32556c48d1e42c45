/** Changing what is known of a person by hand: name, company, language, time zone, what it is about. */
import { Breadcrumb, Button, Card, Form, FormActions, Input, LinkButton, Page, PageHead, Select, TextArea } from '#kernel/html/kit.tsx'
import { languageNames, languages, t } from '#kernel/messages.ts'
import { form, page, typed } from '#kernel/page.tsx'
import { personEdit } from '#social/people/actions.ts'
import type { PersonCard } from '#social/people/words.ts'
import * as profile from './actions.ts'

const pathOf = (person: Pick<PersonCard, 'stands'>) => `/people/${person.stands}`

export const edit = page('/people/:person{[0-9a-f-]{36}}/edit', { who: 'people.write', section: 'people' }, async see => {
  const it = await profile.show(see.ctx, { person: see.params.person! })
  return {
    title: t('profile.edit'),
    body: (
      <Page width="reading">
        <PageHead
          above={
            <Breadcrumb
              crumbs={[
                { label: t('profile.people'), href: '/people' },
                { label: it.card.name, href: pathOf(it.card) },
                { label: t('profile.edit') },
              ]}
            />
          }
          title={t('profile.edit')}
        />
        <Card>
          <Form action={`${pathOf(it.card)}/edit`} label={t('profile.edit')}>
            <Input name="name" label={t('people.name')} value={it.given} maxlength={300} required />
            <Input name="company" label={t('people.company')} value={it.company?.name} maxlength={300} optional autocomplete="off" />
            <Select
              name="language"
              label={t('profile.language')}
              choices={languages.map(value => ({ value, label: languageNames[value] }))}
              value={it.card.language ?? ''}
              empty={t('profile.languageUnknown')}
            />
            <Input
              name="zone"
              label={t('profile.zone')}
              hint={t('profile.zoneWhy')}
              value={it.zone ?? ''}
              maxlength={60}
              suggestions={Intl.supportedValuesOf('timeZone')}
              optional
              autocomplete="off"
            />
            <TextArea name="about" label={t('people.about')} value={it.about ?? ''} maxlength={5000} rows={4} optional />
            <FormActions>
              <Button look="strong">{t('profile.save')}</Button>
              <LinkButton href={pathOf(it.card)}>{t('people.cancel')}</LinkButton>
            </FormActions>
          </Form>
        </Card>
      </Page>
    ),
  }
})

/** What a form leaves empty is to be empty, unlike what a program leaves out. */
export const save = form('/people/:person/edit', personEdit, {
  read: (fields, params) => ({
    person: params.person!,
    name: typed(fields, 'name'),
    company: typed(fields, 'company'),
    about: typed(fields, 'about'),
    language: typed(fields, 'language') as '',
    zone: typed(fields, 'zone'),
  }),
  done: (_see, { person, before }) => ({
    go: `/people/${person}`,
    say: 'profile.saved',
    undo: { path: `/people/${person}/edit`, fields: before },
  }),
})
