import { z } from 'zod'
import { refuse } from '#kernel/errors.ts'
import type { Channel, Step } from '#social/channels/words.ts'

/** One field of a form that is drawn from a channel's schema; `label` and `help` are message keys. */
export interface FormField {
  name: string
  kind: 'text' | 'email' | 'number' | 'choice' | 'yesNo' | 'list'
  label: string
  help?: string
  /** What the browser may fill in. */
  autocomplete: string
  secret: boolean
  required: boolean
  choices?: string[]
  most?: number
  least?: number
  lines?: number
  otherwise?: string
  /** Tells where in what comes something stands. */
  place: boolean
}

interface Described {
  type?: string
  format?: string
  enum?: string[]
  default?: unknown
  maxLength?: number
  minimum?: number
  maximum?: number
  label?: string
  help?: string
  secret?: boolean
  lines?: number
  place?: boolean
}

/** A channel's form is drawn from its schema: what each field takes, how it is called, and whether it is secret. */
export function fieldsOf(schema: z.ZodType): FormField[] {
  const described = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  const required = new Set(described.required ?? [])
  return Object.entries((described.properties ?? {}) as Record<string, Described>).map(([name, it]) =>
    fieldOf(name, it, required.has(name)),
  )
}

const fieldOf = (name: string, it: Described, required: boolean): FormField => ({
  name,
  kind: kindOf(it),
  autocomplete: it.secret ? 'new-password' : it.format === 'email' ? 'email' : 'off',
  label: it.label ?? name,
  help: it.help,
  secret: it.secret ?? false,
  required,
  choices: it.enum,
  most: it.maxLength ?? it.maximum,
  least: it.minimum,
  lines: it.lines,
  place: it.place ?? false,
  otherwise: it.default === undefined || it.default === '' ? undefined : written(it.default),
})

function kindOf({ type, format, enum: choices }: Described): FormField['kind'] {
  if (choices) return 'choice'
  if (type === 'integer' || type === 'number') return 'number'
  if (type === 'boolean') return 'yesNo'
  if (type === 'array') return 'list'
  return format === 'email' ? 'email' : 'text'
}

/** What was typed becomes what the schema takes: numbers, yes or no, and lists with one entry per line. */
export function typed(fields: FormField[], given: (name: string) => string | undefined): Record<string, unknown> {
  const filled: Record<string, unknown> = {}
  for (const { name, kind } of fields) {
    const text = given(name)
    if (kind === 'yesNo') filled[name] = text !== undefined
    else if (text !== undefined && kind === 'list')
      filled[name] = text
        .split(/[\n,;]/)
        .map(part => part.trim())
        .filter(Boolean)
    else if (text?.trim()) filled[name] = kind === 'number' ? asNumber(text) : text
  }
  return filled
}

/** What is no number stays as it was typed, so that the schema can say so. */
const asNumber = (text: string): unknown => (Number.isNaN(Number(text)) ? text : Number(text))

const written = (value: unknown): string =>
  Array.isArray(value) ? value.join('\n') : value === undefined || value === null ? '' : String(value)

/** Secrets are never shown again. */
export function shown(fields: FormField[], settings: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(fields.filter(({ secret }) => !secret).map(({ name }) => [name, written(settings[name])]))
}

/** A secret that is left empty stays what it was. */
export function keepSecrets(fields: FormField[], given: Record<string, unknown>, before: Record<string, unknown>): Record<string, unknown> {
  const kept = fields.filter(({ name, secret }) => secret && given[name] === undefined && before[name] !== undefined)
  return { ...given, ...Object.fromEntries(kept.map(({ name }) => [name, before[name]])) }
}

/** Whoever signs in anew leaves every secret of before behind. */
export const withoutSecrets = (fields: FormField[], settings: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(fields.flatMap(({ name, secret }) => (secret || settings[name] === undefined ? [] : [[name, settings[name]]])))

/** Of what is chosen by an example only the places count; every other setting stays what it is. */
export const withPlaces = (
  fields: FormField[],
  settings: Record<string, unknown>,
  chosen: Record<string, string>,
): Record<string, unknown> => ({
  ...settings,
  ...Object.fromEntries(fields.flatMap(({ name, place }) => (place && chosen[name] !== undefined ? [[name, chosen[name]]] : []))),
})

/** What is asked for first must be given, unless something stands in for it; of all other settings only those count that were filled in. */
export function askedSchema({ settings, asks }: Pick<Channel, 'settings' | 'asks'>): z.ZodType<Record<string, unknown>> {
  if (!(settings instanceof z.ZodObject) || !(asks instanceof z.ZodObject)) return asks as z.ZodType<Record<string, unknown>>
  const isNeeded = ([, field]: [string, z.ZodType]) => !field.safeParse(undefined).success
  const needed = Object.fromEntries(
    Object.entries(asks.shape as Record<string, z.ZodType>)
      .filter(isNeeded)
      .map(([name]) => [name, true as const]),
  )
  const schema = (settings.partial() as z.ZodObject<Record<string, z.ZodType>>).required(needed as never)
  return z.record(z.string(), z.unknown()).transform((given, check) => {
    const result = schema.safeParse(given)
    if (!result.success) for (const issue of result.error.issues) check.issues.push({ ...issue, input: given } as never)
    return result.success ? Object.fromEntries(Object.entries(result.data).filter(([name]) => given[name] !== undefined)) : z.NEVER
  })
}

/** A step that ends takes the place of its beginning. */
export function withStep(steps: Step[], step: Step): Step[] {
  const last = steps.at(-1)
  const begun = last?.state === 'running' && last.says === step.says
  return [...(begun ? steps.slice(0, -1) : steps), step].slice(-100)
}

/** When a connection could not be made, the step that was under way is the one that failed. */
export const endSteps = (steps: Step[]): Step[] => steps.map(step => (step.state === 'running' ? { ...step, state: 'failed' } : step))

/** Signing in again connects the same account: one of its addresses must be among those of before. */
export const isSameAccount = (before: string[], now: string[]): boolean => now.some(each => before.includes(each))

/** What was kept for a sign-in counts in the session that began it, until its time is over. */
export function wayIsOpen(
  it: { session: string | null; by: string | null; until: Date | null },
  who: Comer,
): 'open' | 'late' | 'elsewhere' {
  if (it.by !== who.person || (it.session !== null && it.session !== who.session)) return 'elsewhere'
  return it.until !== null && it.until > who.at ? 'open' : 'late'
}

interface Comer {
  session: string | null
  person: string | null
  at: Date
}

/** An account has an owner as long as somebody who works here looks after it. */
export const ownerless = <T extends { owner: string | null }>(accounts: T[], colleagues: ReadonlySet<string>): T[] =>
  accounts.filter(({ owner }) => owner === null || !colleagues.has(owner))

/** Who asks, and whether they keep the accounts of the organisation. */
export interface Keeper {
  person: string | null
  manages: boolean
}

/** A colleague’s own account is seen and set up by its colleague; whoever keeps the accounts may look how it is, test, pause and remove it. */
export function mayKeep(account: { personal: string | null }, { person, manages }: Keeper, deed: 'look' | 'settings'): void {
  if (account.personal === null && !manages) refuse('forbidden', 'kernel.forbidden')
  if (account.personal === null || account.personal === person || (manages && deed === 'look')) return
  refuse(manages ? 'forbidden' : 'notFound', manages ? 'accounts.notYours' : 'accounts.noAccount')
}

/** What was typed in an attempt is gone on with by whoever typed it; of a shared account, also by others who keep them. */
export const goesOnWith = (attempt: { by: string | null; personal: boolean }, { person, manages }: Keeper): boolean =>
  attempt.by === person || (manages && !attempt.personal)
