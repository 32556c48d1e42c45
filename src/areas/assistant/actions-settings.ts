/** Who answers, what it may help with, and what it costs; off until somebody turns it on. */
import { z } from 'zod'
import { action, text } from '#kernel/action.ts'
import type { Ctx } from '#kernel/context.ts'
import { seal } from '#kernel/crypto.ts'
import { daysFrom } from '#kernel/days.ts'
import { tell } from '#kernel/live.ts'
import { language } from '#kernel/messages.ts'
import { remembered } from '#kernel/remembered.ts'
import { record } from '#social/activities/actions.ts'
import { chat, translatorOf } from './actions-endpoint.ts'
import { begin, dayOf } from './actions-running.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as words from './words.ts'

const shown = (row: store.SettingRow): words.Settings => ({
  on: row.on_at !== null,
  baseUrl: row.base_url,
  model: row.model,
  hasKey: row.key !== null,
  helps: row.helps,
  masks: row.masks,
  patience: row.patience,
  daily: row.daily,
  translator: row.translator,
  translatorUrl: row.translator_url,
  hasTranslatorKey: row.translator_key !== null,
})

/** With what it helps now; null while it is off. Remembered, so that whoever only looks asks nothing. */
export const standing = (ctx: Ctx): Promise<words.Help[] | null> =>
  remembered(ctx, 'assistant.standing', ['assistant'], async () => {
    const { on_at, helps } = await store.setting(ctx)
    return on_at ? helps : null
  })

export const settings = action({
  says: 'Show how the assistant is set up, never with its keys',
  who: 'assistant.manage',
  reads: true,
  takes: z.strictObject({}),
  gives: words.settings,
  run: async ctx => shown(await store.setting(ctx)),
})

const address = z.union([z.literal(''), z.url({ protocol: /^https?$/ }).max(500)], 'assistant.noAddress').default('')

export const configure = action({
  says: 'Choose who answers for the assistant (any OpenAI-compatible endpoint), with what it helps, how long and how often; a key that is not given stays, as long as the server stays',
  who: 'assistant.manage',
  takes: z.strictObject({
    baseUrl: address,
    model: text(200).default(''),
    /** Left out, it stays; empty, it goes. */
    key: text(2000).optional(),
    helps: z.array(z.enum(words.helps)).max(words.helps.length),
    masks: z.boolean().default(true),
    patience: z.coerce.number().int().min(1).max(300).default(60),
    daily: z.coerce.number().int().min(1).max(100_000).default(200),
    translator: z.enum(words.translators).default('assistant'),
    translatorUrl: address,
    translatorKey: text(2000).optional(),
  }),
  gives: z.object({ was: words.settings }),
  run: async (ctx, input) => {
    const was = await store.setting(ctx)
    const { baseUrl, translatorUrl, key, translatorKey, helps, ...rest } = input
    const chosen = { ...input, helps: [...new Set(helps)] }
    if (was.on_at) rules.mayTurnOn(chosen)
    await store.set(ctx, {
      ...rest,
      helps: chosen.helps,
      base_url: baseUrl,
      translator_url: translatorUrl,
      key: await keyAfter(ctx, key, was.key, rules.keepsKey(was.base_url, baseUrl)),
      translator_key: await keyAfter(ctx, translatorKey, was.translator_key, rules.keepsKey(was.translator_url, translatorUrl)),
      rests_until: null,
    })
    record(ctx, words.Configured, { detail: { host: hostOf(baseUrl), model: input.model, helps: chosen.helps } })
    tell(ctx, 'assistant')
    return { was: shown(was) }
  },
})

const keyAfter = async (ctx: Ctx, given: string | undefined, was: string | null, stays: boolean): Promise<string | null> =>
  given === undefined ? (stays ? was : null) : given.trim() ? seal(ctx, given.trim()) : null

const hostOf = (url: string): string => URL.parse(url)?.host ?? ''

export const turnOn = action({
  says: 'Turn the assistant on for everybody who answers',
  who: 'assistant.manage',
  takes: z.strictObject({}),
  gives: z.object({}),
  run: async ctx => {
    const row = await store.setting(ctx)
    rules.mayTurnOn(shown(row))
    if (row.on_at) return {}
    await store.set(ctx, { on_at: ctx.now })
    record(ctx, words.TurnedOn, { detail: { host: hostOf(row.base_url || row.translator_url) } })
    tell(ctx, 'assistant')
    return {}
  },
})

export const turnOff = action({
  says: 'Turn the assistant off; how it is set up stays',
  who: 'assistant.manage',
  takes: z.strictObject({}),
  gives: z.object({}),
  run: async ctx => {
    if (!(await store.setting(ctx)).on_at) return {}
    await store.set(ctx, { on_at: null })
    record(ctx, words.TurnedOff, {})
    tell(ctx, 'assistant')
    return {}
  },
})

export const tryIt = action({
  says: 'Ask the endpoint, or the translator, for one sentence, to see whether it works; nothing of any customer goes along',
  who: 'assistant.manage',
  takes: z.strictObject({ what: z.enum(words.translators).default('assistant') }),
  gives: z.object({ use: z.string() }),
  run: async (ctx, { what }) => {
    const row = await store.setting(ctx)
    const help = what === 'libretranslate' ? 'translation' : 'summary'
    if (!rules.canHelp({ ...shown(row), translator: what }, help)) rules.mayTurnOn({ ...shown(row), helps: [help], translator: what })
    const speaks = language()
    const use = await begin(ctx, row, {
      kind: 'trial',
      how: what,
      language: speaks,
      material: [],
      ask: (it, signal) =>
        what === 'libretranslate'
          ? translatorOf({ ...it, translator: what }).translate({ text: 'It works.', language: speaks }, signal)
          : chat(it, rules.tasks.trial(speaks), [], signal),
    })
    return { use }
  },
})

export const costs = action({
  says: 'How often the assistant was used on each day of the last thirty, and how many tokens that took, as its endpoint told them',
  who: 'assistant.manage',
  reads: true,
  takes: z.strictObject({}),
  gives: z.object({
    items: z.array(z.object({ day: z.string(), uses: z.number(), tokensIn: z.number(), tokensOut: z.number() })),
    today: z.number(),
    daily: z.number(),
  }),
  run: async ctx => {
    const today = dayOf(ctx)
    const rows = await store.days(ctx, daysFrom(today, -29))
    return {
      items: rows.map(({ day, uses, tokens_in, tokens_out }) => ({ day, uses, tokensIn: tokens_in, tokensOut: tokens_out })),
      today: rows.find(each => each.day === today)?.uses ?? 0,
      daily: (await store.setting(ctx)).daily,
    }
  },
})
