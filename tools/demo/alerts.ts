/** What was unusual about the shop of the demonstration: a wave that is over, with the room in which it was seen through, and a voice of today. */
import * as alerts from '#areas/alerts/actions.ts'
import type { Actor, Ctx } from '#kernel/context.ts'
import { inOrg } from '#kernel/db.ts'

const hour = 3_600_000
const day = 24 * hour
const loud = 3000

export async function writeAlerts(org: string, boss: string): Promise<void> {
  const actor: Actor = { kind: 'person', account: null, person: boss, role: 'manager', via: 'job' }
  await inOrg(org, actor, async ctx => {
    const monitor = (await alerts.unwatched(ctx)).find(each => each.name === 'Nordlicht')
    if (!monitor) return
    await alerts.setWatch(ctx, {
      ...{ monitor: monitor.id, kinds: ['spike', 'mood', 'vip', 'topic', 'silence'], sensitivity: 'normal', followers: loud, team: null },
    })
    await wave(ctx, monitor)
    await voice(ctx, monitor)
  })
}

interface Named {
  id: string
  name: string
}

/** The hours of the wave of complaints nine days ago. */
async function wave(ctx: Ctx, { id: monitor, name }: Named): Promise<void> {
  const now = ctx.now.getTime()
  const hours = await alerts.hoursSeen(ctx, monitor, now - 10 * day, now - 8 * day)
  const those = hours.filter(each => each.n >= 2)
  const [first, last] = [those[0], those.at(-1)]
  if (!first || !last) return
  const most = those.reduce((so, each) => (each.n > so.n ? each : so), first)
  const later = (at: Date, hoursLater: number) => new Date(at.getTime() + hoursLater * hour)
  const raisedAt = later(first.at, 1.1)
  const it = { monitor, kind: 'spike' as const, level: 1 as const, raisedAt, peak: most.n, peakAt: most.at, usual: most.usual ?? 0.2 }
  const mentions = hours.filter(each => each.at >= first.at && each.at <= last.at).reduce((total, each) => total + each.n, 0)
  const times = { beganAt: first.at, lastAt: last.at, overAt: later(last.at, 3) }
  const id = await alerts.takeOverAlert(ctx, { ...it, ...times, mentions, about: {}, useful: true })
  await alerts.takeOverRoom(ctx, {
    ...{ name: 'Lanterns that arrive broken', stage: 'serious', openedAt: later(raisedAt, 0.2), alert: { ...it, id, name } },
    ...{ outAt: later(raisedAt, 1.1), closedAt: later(last.at, 4) },
    statement:
      'We know that lanterns of one batch arrived broken, and we are sorry. Whoever has one gets a new one without sending it back. We say more tomorrow.',
    happened: 'One pallet was packed without corners. Forty parcels had left before anybody saw it.',
    learned: 'The packing list asks for corners from now on, and the warehouse looks at three parcels of each pallet.',
  })
}

/** The loudest voice of the last hours, if there was one. */
async function voice(ctx: Ctx, { id: monitor }: Named): Promise<void> {
  const those = await alerts.voicesOf(ctx, monitor, new Date(ctx.now.getTime() - 11 * hour), loud)
  const [first, last] = [those[0], those.at(-1)]
  if (!first || !last) return
  const loudest = those.reduce((so, each) => ((each.followers ?? 0) > (so.followers ?? 0) ? each : so), first)
  await alerts.takeOverAlert(ctx, {
    ...{ monitor, kind: 'vip', level: 1, beganAt: first.at, lastAt: last.at, raisedAt: last.at, overAt: null, usual: loud },
    ...{
      peak: loudest.followers!,
      peakAt: loudest.at,
      mentions: those.length,
      about: { voices: those.slice(0, 10).map(each => each.mention) },
      useful: null,
    },
  })
}
