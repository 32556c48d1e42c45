/** On the page of a person: for which purpose we may use what we know, since when, and what proves it. */
import {
  ActionForm,
  Badge,
  Button,
  Card,
  Dialog,
  Folded,
  Form,
  FormActions,
  Input,
  Item,
  ItemList,
  LinkButton,
  Menu,
  MenuItem,
  Quiet,
  Row,
  Select,
  Stack,
  TextArea,
} from '#kernel/html/kit.tsx'
import { dateTime, isLanguage, languageNames, t } from '#kernel/messages.ts'
import { form, offer, type See } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { personCards } from '#social/people/words.ts'
import * as consent from './actions.ts'
import { bases, consentSources, type Entry, type Standing } from './words.ts'

export * from './pages-leaving.tsx'
export * from './pages-purposes.tsx'

const languageOf = (code: string): string => (isLanguage(code) ? languageNames[code] : code)

export const card = offer(
  personCards,
  async (see, { person, kind }) => {
    if (kind === 'organisation') return null
    const { items } = await consent.show(see.ctx, { person })
    const [write, setup] = [may(see.ctx.actor, 'people.write'), may(see.ctx.actor, 'people.setup')]
    if (items.length === 0 && !setup) return null
    const open = items.filter(each => !each.retiredAt)
    return (
      <Card
        title={t('consent.title')}
        icon="shield"
        flush={items.length > 0}
        actions={
          write &&
          open.length > 0 && (
            <Button opens="grant-consent" icon="add" size="small">
              {t('consent.note')}
            </Button>
          )
        }
      >
        {items.length === 0 ? (
          <Row>
            <Quiet>{t('consent.noPurpose')}</Quiet>
            <LinkButton href="/settings/purposes" size="small">
              {t('consent.purposes')}
            </LinkButton>
          </Row>
        ) : (
          <ItemList label={t('consent.title')}>
            {items.map(each => (
              <StandingItem it={each} person={person} write={write} />
            ))}
          </ItemList>
        )}
        {write && open.length > 0 && <Grant see={see} person={person} purposes={open} />}
      </Card>
    )
  },
  { order: 30, who: 'people.read' },
)

const StandingItem = ({ it, person, write }: { it: Standing; person: string; write: boolean }) => (
  <Item
    title={
      <Row>
        <bdi>{it.name}</bdi>
        <Badge tone={it.allows ? 'good' : it.allows === false ? 'bad' : 'neutral'} icon={it.allows ? 'check' : undefined}>
          {t(it.allows ? 'consent.allowed' : it.allows === false ? 'consent.notAllowed' : 'consent.unknown')}
        </Badge>
      </Row>
    }
    detail={
      it.entries.length > 0 && (
        <Folded label={t('consent.proofs', { count: it.entries.length })}>
          <Stack gap="small">
            {it.entries.map(each => (
              <EntryLine it={each} write={write} />
            ))}
          </Stack>
        </Folded>
      )
    }
    end={write && it.allows && <Withdraw it={it} person={person} />}
  />
)

const EntryLine = ({ it, write }: { it: Entry; write: boolean }) => (
  <Row spread>
    <span>
      {sentenceOf(it)} {it.struckAt && <Badge tone="warning">{t('consent.struck', { date: dateTime(it.struckAt) })}</Badge>}
    </span>
    {write && (
      <ActionForm action={`/people/consents/${it.id}/${it.struckAt ? 'restore' : 'strike'}`}>
        <Button size="small" icon={it.struckAt ? 'undo' : 'remove'}>
          {t(it.struckAt ? 'consent.restore' : 'consent.strike')}
        </Button>
      </ActionForm>
    )}
  </Row>
)

/** What was said, when, how, to which text, and who noted it. */
const sentenceOf = (it: Entry): string =>
  [
    dateTime(it.at),
    it.allows ? t(`consent.basis.${it.basis}`) : t('consent.wasWithdrawn'),
    it.text && t('consent.textOf', { version: it.text.version, language: languageOf(it.text.language) }),
    t(`consent.source.${consentSources.find(each => each === it.source) ?? 'form'}`),
    it.proof,
    it.by && t('consent.notedBy', { name: it.by.name }),
  ]
    .filter(Boolean)
    .join(' · ')

const Withdraw = ({ it, person }: { it: Standing; person: string }) => (
  <Menu id={`withdraw-${it.id}`} label={t('consent.withdraw')} size="small" align="end">
    {consentSources
      .filter(each => each !== 'import')
      .map(source => (
        <MenuItem action={`/people/${person}/consents/withdraw`} fields={{ purpose: it.id, source }}>
          {t(`consent.source.${source}`)}
        </MenuItem>
      ))}
  </Menu>
)

async function Grant({ see, person, purposes }: { see: See; person: string; purposes: Standing[] }) {
  const shown = await Promise.all(purposes.map(each => consent.purposeShow(see.ctx, { purpose: each.id })))
  const choices = shown.flatMap(({ id, name, texts }) => [
    ...texts.map(each => ({
      value: `${id} ${each.id}`,
      label: `${name}: ${t('consent.textOf', { version: each.version, language: languageOf(each.language) })}`,
    })),
    { value: id, label: t('consent.withoutText', { name }) },
  ])
  return (
    <Dialog id="grant-consent" title={t('consent.note')}>
      <Form action={`/people/${person}/consents`} label={t('consent.note')}>
        <Select name="text" label={t('consent.toWhat')} hint={t('consent.toWhatWhy')} choices={choices} />
        <Select
          name="basis"
          label={t('consent.basis')}
          value="consent"
          choices={bases.map(value => ({ value, label: t(`consent.basis.${value}`) }))}
        />
        <Select
          name="source"
          label={t('consent.source')}
          value="form"
          choices={consentSources.map(value => ({ value, label: t(`consent.source.${value}`) }))}
        />
        <Input name="at" type="date" label={t('consent.at')} hint={t('consent.atWhy')} optional />
        <TextArea name="proof" label={t('consent.proof')} hint={t('consent.proofWhy')} rows={3} maxlength={2000} optional />
        <FormActions>
          <Button look="strong">{t('consent.note')}</Button>
        </FormActions>
      </Form>
    </Dialog>
  )
}

const read = (fields: FormData, name: string) => String(fields.get(name) ?? '')

export const doGrant = form('/people/:person/consents', consent.grant, {
  read: (fields, { person }) => {
    const [purpose, text] = read(fields, 'text').split(' ')
    return {
      person: person!,
      purpose: purpose ?? '',
      text: text || undefined,
      basis: read(fields, 'basis') as 'consent',
      source: read(fields, 'source') as 'form',
      at: read(fields, 'at'),
      proof: read(fields, 'proof'),
    }
  },
  done: (_see, { entry }) => ({ stay: true, say: 'consent.noted', undo: { path: `/people/consents/${entry}/strike`, fields: {} } }),
})

export const doWithdraw = form('/people/:person/consents/withdraw', consent.withdraw, {
  done: (_see, { entry }) => ({ stay: true, say: 'consent.isWithdrawn', undo: { path: `/people/consents/${entry}/strike`, fields: {} } }),
})

export const doStrike = form('/people/consents/:entry/strike', consent.strike, {
  done: (_see, { entry }) => ({ stay: true, say: 'consent.isStruck', undo: { path: `/people/consents/${entry}/restore`, fields: {} } }),
})

export const doRestore = form('/people/consents/:entry/restore', consent.restore, {
  done: (_see, { entry }) => ({ stay: true, say: 'consent.isRestored', undo: { path: `/people/consents/${entry}/strike`, fields: {} } }),
})
