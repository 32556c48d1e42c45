/** A type of case: what is asked of each, and what is to be done for it. */
import { Checkbox, FieldSet, FormCard, Input, NewPage, Page, PageHead, Select, Stack, TextArea } from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { form, oneOf, page } from '#kernel/page.tsx'
import * as cases from './actions.ts'
import { Archiving, base, InCases, plain } from './pages-settings.tsx'
import { keyFor } from './rules.ts'
import { type CaseType, type Field, fieldKinds } from './words.ts'

const spare = 3

const TypeFields = ({ type }: { type?: CaseType }) => {
  const blank: Field = { key: '', label: '', kind: 'line', required: false, choices: [] }
  return (
    <Stack>
      <Input name="name" label={t('cases.name')} value={type?.name} maxlength={100} required autofocus={!type} />
      <TextArea
        name="checklist"
        label={t('cases.checklist')}
        hint={t('cases.checklistHint')}
        value={type?.checklist.join('\n')}
        rows={4}
        maxlength={20_000}
        optional
      />
      {[...(type?.fields ?? []), ...Array.from({ length: spare }, () => blank)].map((each, at) => (
        <FieldSet title={each.label || t('cases.newField')} hint={each.label ? undefined : t('cases.newFieldHint')}>
          <input type="hidden" name={`key${at}`} value={each.key} />
          <Input name={`label${at}`} label={t('cases.fieldLabel')} value={each.label} maxlength={100} />
          <Select
            name={`kind${at}`}
            label={t('cases.fieldKind')}
            value={each.kind}
            choices={fieldKinds.map(kind => ({ value: kind, label: t(`cases.kind.${kind}`) }))}
          />
          <TextArea
            name={`choices${at}`}
            label={t('cases.fieldChoices')}
            value={each.choices.join('\n')}
            rows={2}
            maxlength={10_000}
            optional
          />
          <Checkbox name={`required${at}`} label={t('cases.fieldRequired')} checked={each.required} />
        </FieldSet>
      ))}
    </Stack>
  )
}

export const newTypePage = page(
  `${base}/types/new`,
  { who: 'cases.manage', section: 'settings', finds: () => [{ title: t('cases.makeType'), icon: 'add' }] },
  async () => ({
    title: t('cases.makeType'),
    body: (
      <NewPage title={t('cases.makeType')} above={<InCases />} action={`${base}/types`} leave={{ label: t('cases.cancel'), href: base }}>
        <TypeFields />
      </NewPage>
    ),
  }),
)

export const typePage = page(oneOf(`${base}/types`, 'type'), { who: 'cases.manage', section: 'settings' }, async see => {
  const { items } = await cases.types(see.ctx, {})
  const type = items.find(each => each.id === see.params.type)
  return {
    title: type?.name ?? t('cases.type'),
    status: type ? 200 : 404,
    body: (
      <Page width="narrow">
        <PageHead title={<bdi>{type?.name ?? t('cases.typeNotThere')}</bdi>} above={<InCases />} />
        {type && (
          <Stack gap="large">
            <FormCard action={`${base}/types/${type.id}/change`} does={t('cases.save')}>
              <TypeFields type={type} />
            </FormCard>
            <Archiving path={`${base}/types/${type.id}/archive`} why={t('cases.archiveTypeWhy')} />
          </Stack>
        )}
      </Page>
    ),
  }
})

const linesIn = (text: string): string[] =>
  text
    .split('\n')
    .map(each => each.trim())
    .filter(Boolean)

function typeIn(fields: FormData) {
  const rows = [...fields.keys()].flatMap(name => (/^label\d{1,3}$/.test(name) ? [name.slice(5)] : [])).slice(0, 60)
  const taken: string[] = rows.map(at => plain(fields, `key${at}`)).filter(Boolean)
  const read = rows.flatMap(at => {
    const label = plain(fields, `label${at}`)
    if (!label) return []
    const key = plain(fields, `key${at}`) || keyFor(label, taken)
    taken.push(key)
    const kind = fieldKinds.find(each => each === plain(fields, `kind${at}`)) ?? 'line'
    return [
      { key, label, kind, required: fields.has(`required${at}`), choices: kind === 'choice' ? linesIn(plain(fields, `choices${at}`)) : [] },
    ]
  })
  return { name: plain(fields, 'name'), checklist: linesIn(plain(fields, 'checklist')), fields: read }
}

export const doMakeType = form(`${base}/types`, cases.makeType, { read: typeIn, done: () => ({ go: base, say: 'cases.isSaved' }) })

export const doChangeType = form(`${base}/types/:type/change`, cases.changeType, {
  read: (fields, { type }) => ({ type: type!, ...typeIn(fields) }),
  done: () => ({ stay: true, say: 'cases.isSaved' }),
})

export const doArchiveType = form(`${base}/types/:type/archive`, cases.archiveType, {
  done: (_see, _out, { type }) => ({ go: base, say: 'cases.isArchived', undo: { path: `${base}/types/${type}/back` } }),
})
export const doTypeBack = form(`${base}/types/:type/back`, cases.bringTypeBack, { done: () => ({ go: base, say: 'cases.isBack' }) })
