import {
  Breadcrumb,
  Button,
  Card,
  Form,
  FormActions,
  Input,
  LinkButton,
  Page,
  PageHead,
  RadioGroup,
  Select,
  TextArea,
} from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, page } from '#kernel/page.tsx'
import * as people from './actions.ts'
import { kinds, sideNames } from './words.ts'

const crumbs = (label: string) => <Breadcrumb crumbs={[{ label: t('people.people'), href: '/people' }, { label }]} />

/** Which kind of address, and the address. */
export const AddressFields = ({ optional }: { optional?: boolean }) => (
  <>
    <Select
      name="network"
      label={t('people.network')}
      choices={people.networks().map(each => ({ value: each.name, label: t(each.title) }))}
      value={people.signInNetwork().name}
    />
    <Input name="address" label={t('people.address')} maxlength={500} optional={optional} required={!optional} autocomplete="off" />
  </>
)

export const newPerson = page(
  '/people/new',
  { who: 'people.write', section: 'people', finds: () => [{ title: t('people.add'), icon: 'add' }] },
  async see => ({
    title: t('people.add'),
    body: (
      <Page width="reading">
        <PageHead above={crumbs(t('people.add'))} title={t('people.add')} detail={t('people.addWhy')} />
        <Card>
          <Form action="/people" label={t('people.add')}>
            <Input name="name" label={t('people.name')} value={see.query.get('name') ?? undefined} maxlength={300} required autofocus />
            <RadioGroup
              name="kind"
              label={t('people.kind')}
              look="segments"
              value="human"
              choices={kinds.map(value => ({ value, label: t(`people.kind.${value}`) }))}
            />
            <AddressFields optional />
            <Select
              name="side"
              label={t('people.side')}
              choices={sideNames.filter(each => each !== 'colleague').map(value => ({ value, label: t(`sides.name.${value}`) }))}
              empty={t('people.sideNone')}
            />
            <Input name="company" label={t('people.company')} maxlength={300} optional autocomplete="off" />
            <TextArea name="about" label={t('people.about')} maxlength={5000} rows={4} optional />
            <FormActions>
              <Button look="strong">{t('people.add')}</Button>
              <LinkButton href="/people">{t('people.cancel')}</LinkButton>
            </FormActions>
          </Form>
        </Card>
      </Page>
    ),
  }),
)

export const addPerson = form('/people', people.personAdd, {
  done: (_see, { person }) => ({ go: `/people/${person}`, say: 'people.added', undo: { path: `/people/${person}/remove`, fields: {} } }),
})

export const removePerson = form('/people/:person/remove', people.personRemove, { done: () => ({ go: '/people', say: 'people.removed' }) })

export const addHandle = form('/people/:person/handles', people.handleAdd, {
  done: (_see, { handle }) => ({ stay: true, say: 'people.linked', undo: { path: `/people/handles/${handle}/unlink`, fields: {} } }),
})

export const verifyHandle = form('/people/handles/:handle/verify', people.handleVerify, {
  done: () => ({ stay: true, say: 'people.verified' }),
})

export const unlinkHandle = form('/people/handles/:handle/unlink', people.handleUnlink, {
  done: (_see, { handle }) => ({ stay: true, say: 'people.unlinked', undo: { path: `/people/handles/${handle}/relink`, fields: {} } }),
})

export const relinkHandle = form('/people/handles/:handle/relink', people.handleRelink, {
  done: () => ({ stay: true, say: 'people.linked' }),
})
