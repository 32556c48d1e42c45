/** Who watches is told: once of each event, and again when it grows graver; not in quiet hours. */
import type { Ctx } from '#kernel/context.ts'
import { number, percent } from '#kernel/messages.ts'
import { notify } from '#social/notifications/actions.ts'
import type { Notice } from '#social/notifications/words.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as alerts from './store-alerts.ts'
import * as heard from './store-heard.ts'
import { type Alert, kinds, type Level, type Quiet } from './words.ts'

const day = 86_400_000

export async function tellAll(ctx: Ctx): Promise<void> {
  const alive = await alerts.alive(ctx, new Date(ctx.now.getTime() - day))
  if (alive.length === 0) return
  const monitors = [...new Set(alive.map(each => each.monitor))]
  const [watchers, names] = [await store.watchersOf(ctx, monitors), await heard.monitorsBy(ctx, monitors)]
  if (watchers.length === 0) return
  const people = [...new Set(watchers.map(each => each.person))]
  const [quiets, before] = [await store.quietsOf(ctx, people), await toldBefore(ctx, alive)]
  const due = watchers.flatMap(({ monitor, person }) => {
    const quiet = rules.quietOf(quiets.get(person), quiets.get(store.house))
    const its = alive
      .filter(each => each.monitor === monitor)
      .map(alert => ({ alert, person, was: before.get(`${alert.id} ${person}`) ?? 0 }))
    const bundles = Map.groupBy(its, each => rules.bundleOf(each.alert.kind))
    return [...bundles.values()].map(each => dueIn(each, quiet, ctx)).filter(each => each !== null)
  })
  if (due.length === 0) return
  const notices = due
    .filter(each => each.says)
    .map(({ first, was }) => noticeOf(first.alert, first.person, was, names.get(first.alert.monitor)?.name ?? '–'))
  await notify(ctx, notices)
  const told = due.flatMap(each => each.its).map(({ alert, person }) => ({ alert: alert.id, person, level: alert.level }))
  await alerts.tellAll(ctx, told)
}

interface Its {
  alert: Alert
  person: string
  was: Level
}

/** What belongs to one outburst is told by its gravest, if that is graver than what was told of any of it that goes on; the others count as told with it. */
function dueIn(its: readonly Its[], quiet: Quiet | null, { now, zone }: Ctx): { first: Its; says: boolean; was: Level; its: Its[] } | null {
  const news = its.filter(({ alert, was }) => rules.isTold(alert.level, was, quiet, now, zone))
  const first = news.toSorted((a, b) => b.alert.level - a.alert.level || kinds.indexOf(a.alert.kind) - kinds.indexOf(b.alert.kind))[0]
  if (!first) return null
  const goesOn = its.filter(each => each === first || (each.alert.overAt === null && first.alert.overAt === null))
  const was = Math.max(...goesOn.map(each => each.was)) as Level
  return { first, says: first.alert.level > was, was, its: news }
}

async function toldBefore(ctx: Ctx, alive: readonly Alert[]): Promise<Map<string, Level>> {
  const rows = await alerts.toldOf(
    ctx,
    alive.map(each => each.id),
  )
  return new Map(rows.map(({ alert, person, level }) => [`${alert} ${person}`, level]))
}

const noticeOf = (alert: Alert, person: string, was: Level, monitor: string): Notice => ({
  ...{ person, kind: 'alert', object: alert.id, actor: null, path: `/alerts/${alert.id}` },
  says: `alerts.tell.${alert.kind}`,
  told: {
    monitor,
    how: alert.overAt ? 'over' : was ? 'graver' : 'new',
    ...{ level: String(alert.level), peak: figureOf(alert, alert.peak), usual: figureOf(alert, alert.usual) },
    ...{ turn: alert.about.turn ?? '', term: alert.about.terms?.[0] ?? '', mentions: String(alert.mentions) },
  },
})

/** As it is said in a sentence, in the language of the house: its digits are read in all of ours. */
export const figureOf = ({ kind }: Pick<Alert, 'kind'>, value: number): string =>
  kind === 'mood' ? percent(value) : number(value, { maximumFractionDigits: value < 10 ? 1 : 0 })
