/** Forms drawn from a channel's own schema. */
import { refuse } from '#kernel/errors.ts'
import { Breadcrumb, Checkbox, Input, Quiet, RadioGroup, Select, TextArea } from '#kernel/html/kit.tsx'
import { hasMessage, t } from '#kernel/messages.ts'
import { channelNamed } from '#social/channels/actions.ts'
import type { Channel } from '#social/channels/words.ts'
import { type FormField, typed } from './rules.ts'

/** What a network said: a sentence of ours, or its own words. */
export const said = (says: string) => (hasMessage(says) ? t(says) : says)

export const named = (name: string): Channel => channelNamed(name) ?? refuse('notFound', 'channels.unknownChannel')

export const crumbs = (...more: { label: string; href?: string }[]) => (
  <Breadcrumb
    crumbs={[{ label: t('channels.settings'), href: '/settings' }, { label: t('channels.channels'), href: '/settings/channels' }, ...more]}
  />
)

/** Whoever does not keep the organisation's accounts connects one of their own. */
export const Whose = ({ manages }: { manages: boolean }) =>
  manages ? (
    <RadioGroup
      name="whose"
      label={t('accounts.whose')}
      look="cards"
      value="all"
      choices={[
        { value: 'all', label: t('accounts.whose.all'), hint: t('accounts.whoseWhy.all'), icon: 'people' },
        { value: 'own', label: t('accounts.whose.own'), hint: t('accounts.whoseWhy.own'), icon: 'lock' },
      ]}
    />
  ) : (
    <>
      <input type="hidden" name="whose" value="own" />
      <Quiet>{t('accounts.whoseWhy.own')}</Quiet>
    </>
  )

interface FieldsProps {
  fields: FormField[]
  values: Record<string, string>
  /** Only these must be filled in; the rest is found. */
  needed?: string[]
  /** Secrets are there already and may be left empty. */
  kept?: boolean
  first?: boolean
}

/** A form drawn from the channel's own schema. */
export const Fields = ({ fields, values, needed, kept, first }: FieldsProps) => (
  <>
    {fields.map((field, at) => (
      <OneField
        field={field}
        value={values[field.name]}
        required={(needed ? needed.includes(field.name) : field.required) && !(kept && field.secret)}
        kept={Boolean(kept && field.secret)}
        autofocus={Boolean(first) && at === 0}
      />
    ))}
  </>
)

interface OneFieldProps {
  field: FormField
  value: string | undefined
  required: boolean
  kept: boolean
  autofocus: boolean
}

const OneField = ({ field, value, required, kept, autofocus }: OneFieldProps) => {
  const shared = { name: field.name, label: t(field.label), hint: field.help && t(field.help), required }
  if (field.kind === 'yesNo') return <Checkbox name={field.name} label={t(field.label)} hint={shared.hint} checked={value === 'true'} />
  if (field.kind === 'choice')
    return (
      <Select
        {...shared}
        value={value}
        empty={value ? undefined : t('accounts.byItself')}
        choices={(field.choices ?? []).map(choice => ({ value: choice, label: choiceOf(field, choice) }))}
      />
    )
  if (field.kind === 'list') return <TextArea {...shared} value={value} rows={2} placeholder={t('accounts.onePerLine')} />
  if (field.lines) return <TextArea {...shared} value={value} rows={field.lines} maxlength={field.most} />
  return (
    <Input
      {...shared}
      type={field.secret ? 'password' : field.kind}
      value={value}
      placeholder={kept ? t('accounts.secretKept') : field.otherwise}
      autocomplete={field.autocomplete}
      autofocus={autofocus}
      {...(field.kind === 'number' ? { min: field.least, max: field.most } : { maxlength: field.most })}
    />
  )
}

const choiceOf = ({ label }: FormField, choice: string) => (hasMessage(`${label}.${choice}`) ? t(`${label}.${choice}`) : choice)

export const filledIn = (fields: FormField[], data: FormData) =>
  typed(fields, name => {
    const value = data.get(name)
    return typeof value === 'string' ? value : undefined
  })
