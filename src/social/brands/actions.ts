import { z } from 'zod'
import { action, id, line, text } from '#kernel/action.ts'
import { askedOnce, type Ctx } from '#kernel/context.ts'
import { asSystem } from '#kernel/db.ts'
import { Refusal, refuse } from '#kernel/errors.ts'
import { fileFor, fileGuard, fileOf, isPicture, smallOf } from '#kernel/files.ts'
import { newId } from '#kernel/ids.ts'
import { tell } from '#kernel/live.ts'
import { languages } from '#kernel/messages.ts'
import { may } from '#kernel/permissions.ts'
import { remembered } from '#kernel/remembered.ts'
import { record } from '#social/activities/actions.ts'
import { dress, openAccount } from '#social/channels/actions.ts'
import { organisationOf } from '#social/members/actions.ts'
import { brandings } from '#social/search/words.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

export { dressLate, fillIn, filling } from './actions-filling.ts'

// —— which there are ——

export const list = action({
  says: 'List the brands under which the organisation speaks, by name',
  who: 'channels.read',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({ items: z.array(words.brand) }),
  run: async ctx => {
    const [rows, placed] = await Promise.all([store.all(ctx), store.placed(ctx)])
    return { items: rows.map(row => cardOf(row, placed)) }
  },
})

const cardOf = ({ created_at: _at, removed_at: _gone, ...row }: store.BrandRow, placed: { brand: string }[]): words.Brand => ({
  ...row,
  accounts: placed.filter(each => each.brand === row.id).length,
})

export const show = action({
  says: 'Show one brand',
  who: 'channels.read',
  reads: true,
  takes: z.strictObject({ brand: id }),
  gives: words.brand,
  run: async (ctx, { brand }) => (await list(ctx, {})).items.find(each => each.id === brand) ?? refuse('notFound', 'brands.notThere'),
})

/** The brands, and to which of them each account belongs. */
export interface Brands {
  items: Pick<words.Brand, 'id' | 'name' | 'logo'>[]
  of: Map<string, Pick<words.Brand, 'id' | 'name' | 'logo'>>
}

/** For whoever shows what came by an account; asked once for a page. */
export const brandsOf = (ctx: Ctx): Promise<Brands> =>
  askedOnce(ctx, 'brands', () => remembered(ctx, 'brands', ['brands', 'accounts'], () => readBrands(ctx)))

async function readBrands(ctx: Ctx): Promise<Brands> {
  const [rows, placed] = await Promise.all([store.all(ctx), store.placed(ctx)])
  const items = rows.map(({ id, name, logo }) => ({ id, name, logo }))
  const byId = new Map(items.map(each => [each.id, each]))
  return { items, of: new Map(placed.flatMap(({ account, brand }) => (byId.has(brand) ? [[account, byId.get(brand)!] as const] : []))) }
}

/** The accounts of a brand; an unknown one is refused. */
export async function accountsOf(ctx: Ctx, brand: string): Promise<string[]> {
  const brands = await brandsOf(ctx)
  if (!brands.items.some(each => each.id === brand)) refuse('notFound', 'brands.notThere')
  return [...brands.of].filter(([, each]) => each.id === brand).map(([account]) => account)
}

/** How an answer by this account is signed where it has no signature of its own, and whose name it bears. */
export async function voiceOf(
  ctx: Ctx,
  account: { id: string; name: string; address: string },
): Promise<{ signature?: string; senderName?: string }> {
  const placed = (await store.placed(ctx)).find(each => each.account === account.id)
  const brand = placed && (await store.all(ctx)).find(each => each.id === placed.brand)
  const signature = rules.signatureOf(brand?.signature, (await organisationOf(ctx)).signOff)
  const senderName = rules.senderOf(account, brand?.name)
  return { ...(signature && { signature }), ...(senderName && { senderName }) }
}

/** As one types it while searching: any part of its name. */
export const brandsCalled = brandings(async (ctx, name) => {
  const { of } = await brandsOf(ctx)
  return [...of].filter(([, brand]) => brand.name.toLowerCase().includes(name.toLowerCase())).map(([account]) => account)
})

// —— keeping them ——

const about = {
  name: line(200),
  website: z.union([z.literal(''), z.url({ protocol: /^https?$/, hostname: z.regexes.domain })]).default(''),
  logo: id.nullable().optional(),
  colour: z
    .union([
      z.literal(''),
      z
        .string()
        .toLowerCase()
        .regex(/^#[0-9a-f]{6}$/),
    ])
    .default(''),
  language: z.enum(['', ...languages]).default(''),
  signature: text(5000).default(''),
}

export const make = action({
  says: 'Make a brand under which the organisation speaks',
  who: 'channels.manage',
  takes: z.strictObject(about),
  gives: z.object({ brand: id }),
  run: async (ctx, { logo = null, ...input }) => {
    rules.isNewName(input.name, await store.all(ctx), null)
    await fitLogo(ctx, logo)
    const brand = newId(ctx.now)
    await store.add(ctx, { ...input, id: brand, logo, created_at: ctx.now, removed_at: null })
    told(ctx, words.Made, brand, input.name)
    return { brand }
  },
})

export const change = action({
  says: 'Change a brand; its logo stays unless another one is given',
  who: 'channels.manage',
  takes: z.strictObject({ brand: id, ...about }),
  gives: z.object({}),
  run: async (ctx, { brand, logo, ...input }) => {
    const row = await standing(ctx, brand)
    rules.isNewName(input.name, await store.all(ctx), row.id)
    await fitLogo(ctx, logo)
    await store.change(ctx, brand, { ...input, ...(logo !== undefined && { logo }) })
    await dressAll(ctx, brand)
    told(ctx, words.Changed, brand, input.name)
    return {}
  },
})

export const remove = action({
  says: 'Remove a brand; its accounts belong to the whole organisation then',
  who: 'channels.manage',
  takes: z.strictObject({ brand: id }),
  gives: z.object({}),
  run: async (ctx, { brand }) => {
    const { name } = await standing(ctx, brand)
    await store.change(ctx, brand, { removed_at: ctx.now })
    await dressAll(ctx, brand)
    told(ctx, words.Removed, brand, name)
    return {}
  },
})

export const bringBack = action({
  says: 'Bring back a brand that was removed, with its accounts',
  who: 'channels.manage',
  takes: z.strictObject({ brand: id }),
  gives: z.object({}),
  run: async (ctx, { brand }) => {
    const row = (await store.one(ctx, brand)) ?? refuse('notFound', 'brands.notThere')
    if (!row.removed_at) return {}
    rules.isNewName(row.name, await store.all(ctx), row.id)
    await store.change(ctx, brand, { removed_at: null })
    await dressAll(ctx, brand)
    told(ctx, words.BroughtBack, brand, row.name)
    return {}
  },
})

export const place = action({
  says: 'Let an account belong to a brand, or to the whole organisation',
  who: 'channels.manage',
  takes: z.strictObject({ account: id, brand: id.nullable() }),
  gives: z.object({ before: id.nullable() }),
  run: async (ctx, { account, brand }) => {
    const opened = await openAccount(ctx, account)
    if (!opened || opened.row.removed_at) return refuse('notFound', 'kernel.notFound')
    const row = brand ? await standing(ctx, brand) : null
    const before = (await store.placed(ctx)).find(each => each.account === account)?.brand ?? null
    if (before === brand) return { before }
    await store.place(ctx, account, brand)
    await dress(ctx, [account], rules.lookOf(row, ctx.org))
    record(ctx, words.Placed, { object: account, ...(brand && { target: brand }), detail: { brand } })
    news(ctx)
    return { before }
  },
})

/** Its accounts show what it is now. */
async function dressAll(ctx: Ctx, brand: string): Promise<void> {
  const row = await store.one(ctx, brand)
  await dress(ctx, await store.placedIn(ctx, brand), rules.lookOf(row && !row.removed_at ? row : null, ctx.org))
}

async function standing(ctx: Ctx, brand: string): Promise<store.BrandRow> {
  const row = await store.one(ctx, brand)
  return row && !row.removed_at ? row : refuse('notFound', 'brands.notThere')
}

/** A logo is a picture that whoever chooses it may see. */
async function fitLogo(ctx: Ctx, logo: string | null | undefined): Promise<void> {
  if (logo && !isPicture((await fileFor(ctx, logo)).type))
    throw new Refusal('invalid', 'brands.noPicture', {}, { fields: [{ field: 'logo', key: 'brands.noPicture' }] })
}

function told(ctx: Ctx, word: typeof words.Made, brand: string, name: string): void {
  record(ctx, word, { object: brand, detail: { name } })
  news(ctx)
}

function news(ctx: Ctx): void {
  for (const topic of ['brands', 'accounts', 'inbox']) tell(ctx, topic)
}

export const logos = fileGuard(async (ctx, files) => (may(ctx.actor, 'channels.read') ? store.logosAmong(ctx, files) : new Set<string>()))

/** The logo of a brand, for anybody: at most 480 pixels, as WebP. Null for every other file. */
export async function publicLogo(org: string, file: string): Promise<Uint8Array | null> {
  const card = await asSystem(org, async ctx => ((await store.logosAmong(ctx, [file])).has(file) ? fileOf(ctx, file) : undefined))
  return card ? smallOf(org, card) : null
}
