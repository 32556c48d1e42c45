/**
 * What can be done, once for all faces: `action({ says, who, takes, gives, run })` is a plain function of a transaction and an input.
 * Form, JSON API, assistant tool and command line are made from the same description.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { z } from 'zod'
import type { Ctx } from './context.ts'
import { tables } from './db.ts'
import { type FieldFault, Refusal, refuse } from './errors.ts'
import { newId } from './ids.ts'
import { may } from './permissions.ts'

export interface ActionInfo<In extends z.ZodType = z.ZodType, Out extends z.ZodType = z.ZodType> {
  /** One English sentence for programs: API reference, assistant tools, command help. */
  says: string
  /** The permission it needs, a row of the roles table. */
  who: string
  takes: In
  gives: Out
  /** True when it changes nothing: GET in the API, no audit, no idempotency key. */
  reads?: boolean
  /** True for what comes by itself while one looks and writes (presence, drafts, how far one has read): no audit. */
  passing?: boolean
  /** False keeps it off the API, assistants and command line: for what only makes sense in a page. */
  published?: boolean
  /** `<module>.<export>`, given when the module is loaded. */
  name: string
}

export interface Action<In extends z.ZodType = z.ZodType, Out extends z.ZodType = z.ZodType> {
  (ctx: Ctx, input: z.input<In>): Promise<z.output<Out>>
  info: ActionInfo<In, Out>
}

interface Told<In extends z.ZodType, Out extends z.ZodType> extends Omit<ActionInfo<In, Out>, 'name'> {
  run(ctx: Ctx, input: z.output<In>): Promise<z.output<Out>>
}

/** Describes one thing that can be done. Calling it checks permission and input, then runs inside the caller's transaction. */
export function action<In extends z.ZodType, Out extends z.ZodType>(told: Told<In, Out>): Action<In, Out> {
  const { run, ...rest } = told
  const info: ActionInfo<In, Out> = { ...rest, name: '' }
  const call = async (ctx: Ctx, input: z.input<In>) => {
    if (!may(ctx.actor, info.who)) refuse('forbidden', 'kernel.forbidden')
    const taken = parse(info.takes, input)
    const given = await run(ctx, taken)
    if (!info.reads && !info.passing) await audit(ctx, info.name, input)
    return given
  }
  return Object.assign(call, { info })
}

export const isAction = (it: unknown): it is Action => typeof it === 'function' && 'info' in it

/** Input against its schema; the refusal names each field that must be mended. */
export function parse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  throw new Refusal('invalid', 'kernel.invalid', {}, { fields: result.error.issues.flatMap(faultsOf) })
}

function faultsOf(issue: z.core.$ZodIssue): FieldFault[] {
  const at = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys') return issue.keys.map(key => ({ field: at ? `${at}.${key}` : key, key: 'kernel.fault.unknown' }))
  return [{ field: at, ...faultOf(issue) }]
}

function faultOf(issue: z.core.$ZodIssue): Omit<FieldFault, 'field'> {
  if (issue.code === 'custom' && issue.message.includes('.')) return { key: issue.message }
  if (issue.code === 'too_big')
    return { key: issue.origin === 'string' ? 'kernel.fault.tooLong' : 'kernel.fault.tooBig', values: { most: Number(issue.maximum) } }
  if (issue.code === 'too_small')
    return Number(issue.minimum) === 1 && issue.origin === 'string'
      ? { key: 'kernel.fault.missing' }
      : { key: issue.origin === 'string' ? 'kernel.fault.tooShort' : 'kernel.fault.tooSmall', values: { least: Number(issue.minimum) } }
  if (issue.code === 'invalid_format' && issue.format === 'email') return { key: 'kernel.fault.email' }
  if (issue.code === 'invalid_type' && issue.input === undefined) return { key: 'kernel.fault.missing' }
  return { key: 'kernel.fault.form' }
}

const auditTables = tables<{
  audit: { id: string; at: Date; account: string | null; person: string | null; via: string; action: string; about: string }
}>()

/** Texts can be long and private; the audit keeps only which things were meant. */
function about(input: unknown): Record<string, unknown> {
  if (typeof input !== 'object' || input === null) return {}
  return Object.fromEntries(Object.entries(input).filter(([, value]) => typeof value === 'string' && /^[0-9a-f-]{36}$/.test(value)))
}

const depth = new AsyncLocalStorage<true>()

/** Inside `run`, actions that are called are part of the one that was asked for and leave no audit row of their own. */
export const asOne = <T>(run: () => Promise<T>): Promise<T> => depth.run(true, run)

async function audit(ctx: Ctx, name: string, input: unknown): Promise<void> {
  if (ctx.actor.kind === 'system' || depth.getStore()) return
  const { account, person, via } = ctx.actor
  await auditTables(ctx)
    .insertInto('audit')
    .values({ id: newId(ctx.now), at: ctx.now, account, person, via, action: name, about: JSON.stringify(about(input)) })
    .execute()
}

/** Ids as they come from outside. */
export const id = z.uuid()
/** No database can hold half characters or NUL; nobody means them. */
const storable = (text: string) => text.toWellFormed().replaceAll('\0', '')
/** A line of text of at most `most` characters, trimmed, never empty. */
export const line = (most: number) => z.string().overwrite(storable).trim().min(1).max(most)
/** A text of at most `most` characters, which may be empty. */
export const text = (most: number) => z.string().overwrite(storable).max(most)
/** Where to go on in a list: what the last answer gave as `next`. */
export const cursor = z.string().max(300).optional()
/** How many rows of a list are wanted. */
export const limit = z.coerce.number().int().min(1).max(100).default(50)
