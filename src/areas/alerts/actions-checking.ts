/** What is heard is compared with what is usual: every minute the last hours of all watches at once, and each hour what needs longer to be seen. */
import type { Ctx } from '#kernel/context.ts'
import { every } from '#kernel/jobs.ts'
import { type Hours, hoursFrom, learnSome } from './actions-learning.ts'
import { settle } from './actions-settling.ts'
import { tellAll } from './actions-telling.ts'
import { termsIn } from './actions-terms.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as alerts from './store-alerts.ts'
import * as heard from './store-heard.ts'
import { type Alert, hour, hourOf, type Kind, type Learned, type Mark } from './words.ts'

const day = 24 * hour
/** Watches that are looked at as a whole in one round: six thousand in an hour. */
const wholeAtOnce = 100
const atOnce = 300

export const check = every({ minutes: 1 }, 'What is heard is compared with what is usual', async ctx => {
  const watches = await store.working(ctx)
  if (watches.length) {
    await learnSome(ctx, watches)
    const whole = new Set(dueAsWhole(ctx, watches).map(each => each.monitor))
    for (let at = 0; at < watches.length; at += atOnce) await checkSome(ctx, watches.slice(at, at + atOnce), whole)
    await store.looked(ctx, [...whole], { hour_done: new Date(hourOf(ctx.now.getTime())) })
    const monitors = watches.map(each => each.monitor)
    await store.looked(ctx, monitors, { heard_to: ctx.now })
  }
  await alerts.endStale(ctx)
  await tellAll(ctx)
})

/** Not looked at since this hour began, or in an hour that a clock has taken back. */
function dueAsWhole(ctx: Ctx, watches: readonly store.Working[]): store.Working[] {
  const now = hourOf(ctx.now.getTime())
  const due = watches.filter(each => each.hour_done?.getTime() !== now)
  return due.sort((a, b) => (a.hour_done?.getTime() ?? 0) - (b.hour_done?.getTime() ?? 0)).slice(0, wholeAtOnce)
}

async function checkSome(ctx: Ctx, watches: readonly store.Working[], whole: ReadonlySet<string>): Promise<void> {
  const ids = watches.map(each => each.monitor)
  const bases = await store.basesOf(ctx, ids)
  const open = await alerts.openOf(ctx, ids)
  const overs = await alerts.lastOver(ctx, ids, new Date(ctx.now.getTime() - 4 * day))
  const hours = await hoursSeen(ctx, ids, open, whole)
  const loud = new Set(await voiced(ctx, watches))
  for (const watch of watches) {
    const its = (kind: Kind) => ({
      open: open.find(each => each.monitor === watch.monitor && each.kind === kind),
      overAt: overs.find(each => each.monitor === watch.monitor && each.kind === kind)?.at.getTime() ?? null,
    })
    const seen = hours.get(watch.monitor) ?? { counts: new Map(), moods: new Map() }
    const about = { ctx, watch, its, hours: seen, learned: bases.get(watch.monitor) ?? { weeks: 0, places: null, mood: null } }
    await checkHours(about, whole.has(watch.monitor))
    if (wants(about, 'vip') && (loud.has(watch.monitor) || its('vip').open)) await checkVoices(about)
    if (wants(about, 'topic') && whole.has(watch.monitor)) await checkTopics(about)
  }
}

interface About {
  ctx: Ctx
  watch: store.Working
  its: (kind: Kind) => { open: Alert | undefined; overAt: number | null }
  hours: Hours
  learned: Learned
}

/** What is no longer watched for goes on until it is over, and begins no more. */
const wants = ({ watch, its }: About, kind: Kind): boolean => watch.kinds.includes(kind) || its(kind).open !== undefined

/** The last three hours of all; four days, and back to where something began, of those that are looked at as a whole or have something open. */
async function hoursSeen(
  ctx: Ctx,
  ids: readonly string[],
  open: readonly Alert[],
  whole: ReadonlySet<string>,
): Promise<Map<string, Hours>> {
  const now = hourOf(ctx.now.getTime())
  const until = new Date(now + hour)
  const far = ids.filter(id => whole.has(id) || open.some(each => each.monitor === id))
  const near = ids.filter(id => !far.includes(id))
  const since = Math.max(now - 9 * day, Math.min(now - 4 * day, ...open.map(each => each.beganAt.getTime() - day)))
  const rows = await heard.hoursOf(ctx, near, new Date(now - 3 * hour), until)
  return hoursFrom([...rows, ...(await heard.hoursOf(ctx, far, new Date(since), until))])
}

async function checkHours(about: About, isWhole: boolean): Promise<void> {
  const { ctx, watch, its, hours, learned } = about
  const now = ctx.now.getTime()
  const look = async (kind: Kind, marked: (span: rules.Span) => Mark[], calm?: number) => {
    const { open, overAt } = its(kind)
    const marks = marked({ from: rules.lookFrom(now, open?.beganAt.getTime() ?? null, overAt), now })
    const spells = rules.spellsIn(marks, calm)
    // What is open goes first; what followed it is found by the next look.
    await settle(ctx, watch, kind, { spell: open ? spells[0] : spells.at(-1), open, counts: hours.counts })
  }
  if (wants(about, 'spike')) await look('spike', span => rules.spikeMarks(hours.counts, span, learned, ctx.zone, watch.sensitivity))
  if (!isWhole) return
  if (wants(about, 'mood')) await look('mood', span => rules.moodMarks(hours.moods, span, learned, watch.sensitivity))
  if (wants(about, 'silence'))
    await look('silence', span => rules.silenceMarks(hours.counts, span, learned, ctx.zone, watch.sensitivity), 1)
}

// —— voices ——

/** What was committed a moment late was heard a moment ago as well. */
const overlap = 120_000

async function voiced(ctx: Ctx, watches: readonly store.Working[]): Promise<string[]> {
  const wanted = watches.filter(each => each.kinds.includes('vip'))
  if (wanted.length === 0) return []
  const since = Math.max(Math.min(...wanted.map(each => each.heard_to.getTime())), ctx.now.getTime() - day) - overlap
  return heard.heardVoices(
    ctx,
    wanted.map(each => each.monitor),
    new Date(since),
    new Date(ctx.now.getTime() - rules.voicesRest),
  )
}

async function checkVoices({ ctx, watch, its }: About): Promise<void> {
  const { open, overAt } = its('vip')
  const now = ctx.now.getTime()
  const from = open?.beganAt.getTime() ?? Math.max(now - rules.voicesRest, overAt ?? 0)
  const voices = await heard.voicesOf(ctx, watch.monitor, new Date(from), watch.followers)
  await settle(ctx, watch, 'vip', { spell: rules.voicesSpell(voices, watch.followers, now), open, mentions: voices.length, about: { voices: voices.slice(0, 10).map(each => each.mention) } }) // biome-ignore format: one call
}

// —— topics ——

const lately = 6 * hour
const mostNow = 400
const daysBefore = 14
const mostEachDay = 80

async function checkTopics({ ctx, watch, its, hours }: About): Promise<void> {
  const { open } = its('topic')
  const now = ctx.now.getTime()
  const spoken = [...hours.counts].filter(([at]) => at > now - lately - hour).reduce((total, [, n]) => total + n, 0)
  if (open && now - open.lastAt.getTime() > day) return settle(ctx, watch, 'topic', { spell: undefined, open })
  if (spoken < rules.fewestTexts(watch.sensitivity)) return
  const from = new Date(now - lately)
  const texts = await heard.textsOf(ctx, watch.monitor, from, ctx.now, mostNow)
  const before = await heard.textsBefore(ctx, watch.monitor, from, daysBefore, mostEachDay)
  const found = rules.newTerms(termsIn(texts), termsIn(before), watch.sensitivity)
  const known = open?.about.terms ?? []
  if (found.length === 0 || found.every(each => known.includes(each.term) && each.texts <= open!.peak)) return
  const spell = rules.topicSpell(found, open ?? null, now)
  const terms = [...new Set([...known, ...found.map(each => each.term)])].slice(0, 10)
  await settle(ctx, watch, 'topic', { spell, open, mentions: Math.max(found[0]!.texts, open?.mentions ?? 0), about: { terms } })
}
