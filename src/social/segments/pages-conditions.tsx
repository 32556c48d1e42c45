/** A condition as a sentence, and the form by which one is added: first what it is about, then how and what. */
import { Button, Form, FormActions, Input, LinkButton, Menu, MenuItem, Quiet, Select } from '#kernel/html/kit.tsx'
import { date, isLanguage, languageNames, languages, t } from '#kernel/messages.ts'
import { networks } from '#social/people/actions.ts'
import { choicesFor, isNamed, type Known, valueKind, waysFor } from './rules.ts'
import { type About, abouts, type Condition } from './words.ts'

const nameOfWord: Partial<Record<About, (value: string) => string>> = {
  side: value => t(`sides.name.${value}`),
  tier: value => t(`traits.tier.${value}`),
  player: value => t(`traits.player.${value}`),
  kind: value => t(`people.kind.${value}`),
  language: value => (isLanguage(value) ? languageNames[value] : value),
  network: value => t(networks().find(each => each.name === value)?.title ?? 'segments.otherNetwork'),
}

/** What it is about, as people call it. */
function subjectOf({ about, of }: Pick<Condition, 'about' | 'of'>, { fields, purposes, lists }: Known): string {
  if (about === 'field') return fields.find(each => each.id === of)?.name ?? t('segments.gone')
  if (about === 'consent')
    return t('segments.about.consentTo', { purpose: purposes.find(each => each.id === of)?.name ?? t('segments.gone') })
  if (about === 'list') return t('segments.about.onList', { list: lists.find(each => each.id === of)?.name ?? t('segments.gone') })
  return t(`segments.about.${about}`)
}

function shownValue({ about, of, value }: Condition, { fields }: Known): string {
  const kind = about === 'field' ? fields.find(each => each.id === of)?.kind : undefined
  if (kind === 'date' && /^\d{4}-\d{2}-\d{2}$/.test(value)) return date(new Date(`${value}T12:00:00Z`))
  return kind === 'yesno' ? t(`fields.${value === 'yes' ? 'yes' : 'no'}`) : (nameOfWord[about]?.(value) ?? value)
}

/** A condition as people say it. */
export function sentenceOf(it: Condition, known: Known): string {
  const [subject, value] = [subjectOf(it, known), shownValue(it, known)]
  if (isNamed(it.about)) return t(`segments.says.${it.about}.${it.how}`, { subject })
  if (it.about === 'talked' || it.about === 'met' || it.about === 'threads')
    return t(`segments.says.${it.about}.${it.how}`, { count: Number(it.value) })
  return t(`segments.says.${it.how}`, { subject, value })
}

export const AddCondition = ({ segment, known, asked }: { segment: string; known: Known; asked: string | null }) => {
  const [about, of] = (asked ?? '').split(' ')
  const chosen = abouts.find(each => each === about)
  return chosen && (of ? isThere(chosen, of, known) : chosen !== 'field' && !isNamed(chosen)) ? (
    <Chosen segment={segment} known={known} about={chosen} of={of} />
  ) : (
    <Choose segment={segment} known={known} />
  )
}

const isThere = (about: About, of: string, { fields, purposes, lists }: Known) =>
  (about === 'field' ? fields : about === 'list' ? lists : purposes).some(each => each.id === of)

const Choose = ({ segment, known }: { segment: string; known: Known }) => {
  const link = (about: About, of?: string) => `/segments/${segment}?add=${about}${of ? `+${of}` : ''}`
  return (
    <Menu id="add-condition" label={t('segments.add')} icon="add">
      {abouts
        .filter(each => each !== 'field' && !isNamed(each))
        .map(each => (
          <MenuItem href={link(each)}>{t(`segments.about.${each}`)}</MenuItem>
        ))}
      {known.fields.map(each => (
        <MenuItem href={link('field', each.id)}>{each.name}</MenuItem>
      ))}
      {known.lists.map(each => (
        <MenuItem href={link('list', each.id)}>{t('segments.about.onList', { list: each.name })}</MenuItem>
      ))}
      {known.purposes.map(each => (
        <MenuItem href={link('consent', each.id)}>{t('segments.about.consentTo', { purpose: each.name })}</MenuItem>
      ))}
    </Menu>
  )
}

const Chosen = ({ segment, known, about, of }: { segment: string; known: Known; about: About; of?: string }) => {
  const kind = about === 'field' ? known.fields.find(each => each.id === of)?.kind : undefined
  return (
    <Form action={`/segments/${segment}/conditions`} hidden={{ about, ...(of && { of }) }} label={t('segments.add')}>
      <Select
        name="how"
        label={subjectOf({ about, of }, known)}
        choices={waysFor(about, kind).map(value => ({ value, label: t(`segments.how.${value}`) }))}
      />
      {!isNamed(about) && <Value about={about} kind={kind} known={known} of={of} />}
      <FormActions>
        <Button look="strong">{t('segments.add')}</Button>
        <LinkButton href={`/segments/${segment}`}>{t('people.cancel')}</LinkButton>
      </FormActions>
    </Form>
  )
}

/** Words of a closed list are chosen, everything else is typed. */
const Value = ({ about, kind, known, of }: { about: About; kind?: string; known: Known; of?: string }) => {
  const closed = closedList(about, kind, known, of)
  const optional = waysFor(about, kind).includes('known')
  if (closed) return <Select name="value" label={t('segments.value')} choices={closed} />
  const is = valueKind(about, kind)
  return (
    <>
      <Input
        name="value"
        label={t(is === 'count' && about !== 'threads' ? 'segments.days' : 'segments.value')}
        type={is === 'count' ? 'number' : is === 'day' ? 'date' : 'text'}
        min={is === 'count' ? 0 : undefined}
        inputmode={is === 'decimal' ? 'decimal' : undefined}
        maxlength={300}
        required={!optional}
        suggestions={about === 'zone' ? Intl.supportedValuesOf('timeZone') : undefined}
        autocomplete="off"
      />
      {optional && <Quiet small>{t('segments.valueWhy')}</Quiet>}
    </>
  )
}

function closedList(
  about: About,
  kind: string | undefined,
  { fields }: Known,
  of?: string,
): { value: string; label: string }[] | undefined {
  const named = (values: readonly string[]) => values.map(value => ({ value, label: nameOfWord[about]?.(value) ?? value }))
  if (about === 'language') return named(languages)
  if (about === 'network') return named(networks().map(each => each.name))
  if (kind === 'yesno') return ['yes', 'no'].map(value => ({ value, label: t(`fields.${value}`) }))
  if (kind === 'choice') return named(fields.find(each => each.id === of)?.choices ?? [])
  const words = choicesFor(about)
  return words && named(words)
}
