/** What people answered to the shop of the demonstration: three surveys, one of them anonymous, with a year of answers in four languages. */
import { randomUUID } from 'node:crypto'
import { list as conversations } from '#areas/crm/actions.ts'
import { make, takeOver } from '#areas/satisfaction/actions.ts'
import type { Actor, Ctx } from '#kernel/context.ts'
import { beginOf } from '#kernel/days.ts'
import { inOrg } from '#kernel/db.ts'
import { newId } from '#kernel/ids.ts'
import type { Language } from '#kernel/messages.ts'
import { teamsOf } from '#social/teams/actions.ts'
import { dice, type World } from './world.ts'

const happy: Record<Language, string[]> = {
  en: ['Quick and kind, thank you.', 'A real person answered. Rare these days.'],
  de: ['Schnell und freundlich, danke!', 'Endlich jemand, der zuhört.'],
  nl: ['Snel en vriendelijk geholpen.', 'Fijn dat er echt iemand antwoordt.'],
  sv: ['Snabbt och trevligt, tack!', 'Skönt att en människa svarar.'],
}
const unhappy: Record<Language, string[]> = {
  en: ['I had to explain it three times.', 'The second lamp was broken too.'],
  de: ['Ich musste alles dreimal erklären.', 'Eine Woche ohne Antwort ist zu lang.'],
  nl: ['Ik moest alles drie keer uitleggen.', 'Een week wachten is te lang.'],
  sv: ['Jag fick förklara tre gånger.', 'En vecka utan svar är för länge.'],
}

type Row = Parameters<typeof takeOver>[1][number]

export async function writeSurveys(org: string, boss: string, customers: string[], world: World): Promise<void> {
  const actor: Actor = { kind: 'person', account: null, person: boss, role: 'manager', via: 'job' }
  const languageOf = new Map(customers.map((person, at) => [person, world.customers[at]!.language]))
  await inOrg(org, actor, async ctx => {
    const { survey: csat } = await make(ctx, { name: 'After a conversation', kind: 'csat', share: 50, bad: 2 })
    const { survey: ces } = await make(ctx, { name: 'After a case', kind: 'ces', closing: 'case', delayMinutes: 1440, bad: 3 })
    const { survey: nps } = await make(ctx, { name: 'Would you recommend us?', kind: 'nps', way: 'mail', anonymous: true, share: 20 })
    const teams = (await teamsOf(ctx)).map(each => each.id)
    const talks = await finished(ctx, 240)
    const roll = dice(2012)
    const rows = talks.flatMap((talk, at): Row[] => {
      const about = { talk, roll, language: languageOf.get(talk.person ?? '') ?? 'en', team: teams[at % 7 === 0 ? 1 : 0] ?? null }
      return [row(at % 5 === 0 ? { ...about, survey: ces, kind: 'ces' } : { ...about, survey: csat, kind: 'csat' })]
    })
    const unnamed = talks
      .filter((_, at) => at % 3 === 0)
      .map(talk => hidden(row({ talk, roll, language: languageOf.get(talk.person ?? '') ?? 'en', team: null, survey: nps, kind: 'nps' })))
    await takeOver(ctx, [...rows, ...unnamed])
  })
}

type Talk = Awaited<ReturnType<typeof conversations>>['items'][number]

async function finished(ctx: Ctx, most: number): Promise<Talk[]> {
  const all: Talk[] = []
  for (let before: string | undefined; all.length < most; ) {
    const { items, next } = await conversations(ctx, { view: 'done', before, limit: 100 })
    all.push(...items)
    if (!next) break
    before = next
  }
  return all.filter(each => each.person !== null).slice(0, most)
}

interface About {
  talk: Talk
  roll: () => number
  language: Language
  team: string | null
  survey: string
  kind: Row['kind']
}

/** Most are content, some are not, and a few say why. */
function row({ talk, roll, language, team, survey, kind }: About): Row {
  const luck = roll()
  const isHappy = luck > 0.22
  const [low, high] = { csat: [1 + Math.floor(luck * 9), 4 + Math.round(luck)], ces: [1 + Math.floor(luck * 12), 5 + Math.round(luck * 2)], nps: [Math.floor(luck * 30), 7 + Math.round(luck * 3)] }[kind]! as [number, number] // biome-ignore format: a table
  const words = (isHappy ? happy : unhappy)[language]
  const answered = new Date(talk.lastAt.getTime() + 5 * 3_600_000)
  const at = answered < new Date() ? answered : talk.lastAt
  return {
    ...{
      id: newId(at),
      survey,
      kind,
      score: isHappy ? high : low,
      comment: roll() < 0.35 ? words[Math.floor(roll() * words.length)]! : '',
    },
    ...{ day: at.toISOString().slice(0, 10), anonymous: false, ask: newId(at), answered_at: at, person: talk.person, thread: talk.thread },
    ...{ case_id: null, channel: talk.channel, team, type: null, task: null, alsoAsked: Math.floor(roll() * 3) },
  }
}

const hidden = (it: Row): Row => ({
  ...it,
  ...{
    id: randomUUID(),
    day: beginOf('week', it.day),
    anonymous: true,
    ask: null,
    answered_at: null,
    person: null,
    thread: null,
    channel: null,
    team: null,
  },
})
