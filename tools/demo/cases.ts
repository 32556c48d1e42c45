/** What the shop of the demonstration has to solve: two teams, who is away, types of cases, service levels, and cases at every stage. */
import * as cases from '#areas/cases/actions.ts'
import type { Field } from '#areas/cases/words.ts'
import { list as conversations } from '#areas/crm/actions.ts'
import type { Actor, Ctx } from '#kernel/context.ts'
import { inOrg } from '#kernel/db.ts'
import * as teams from '#social/teams/actions.ts'
import type { Span } from '#social/teams/words.ts'
import { said } from './said.ts'

const hour = 3_600_000
const day = 24 * hour
const office: Span[][] = [0, 1, 2, 3, 4, 5, 6].map(at => (at < 5 ? [[540, 720], [780, 1080]] : at === 5 ? [[600, 840]] : [])) // biome-ignore format: a week
const workshop: Span[][] = [0, 1, 2, 3, 4, 5, 6].map(at => (at < 4 ? [[480, 1020]] : []))

const field = (key: string, label: string, kind: Field['kind'], choices: string[] = []): Field => ({
  key,
  label,
  kind,
  required: false,
  choices,
})

interface Begun {
  /** Days ago. */
  ago: number
  type?: 'repair' | 'complaint'
  priority?: 'urgent' | 'high' | 'low'
  tier?: 'vip'
  /** Whose: index of the colleague. */
  owner?: number
  team?: 'care' | 'workshop'
  after?: 'waiting' | 'closed'
  cause?: keyof typeof causes
  time?: string
  ticks?: number
}

const causes = {
  torn: () => said('label torn at the depot', 'Etikett im Lager zerrissen', 'label gescheurd in het depot', 'etiketten trasig på depån'),
  thin: () => said('glass too thin', 'Glas zu dünn', 'glas te dun', 'för tunt glas'),
}
const glass = () => said('glass', 'Glas', 'glas', 'glas')

const begun: Begun[] = [
  { ago: 0.01, priority: 'high', team: 'care' },
  { ago: 0.05, type: 'repair', owner: 3, team: 'workshop', time: '20m', ticks: 1 },
  { ago: 0.2, type: 'complaint', priority: 'urgent', tier: 'vip', owner: 4, team: 'care' },
  { ago: 6, type: 'complaint', priority: 'high', team: 'care' },
  { ago: 8, type: 'repair', owner: 5, team: 'workshop', after: 'waiting', time: '1h 15m', ticks: 2 },
  { ago: 12, owner: 3, team: 'care', after: 'closed', cause: 'torn', time: '25m' },
  { ago: 20, type: 'repair', owner: 5, team: 'workshop', after: 'closed', cause: 'thin', time: '2h', ticks: 3 },
  { ago: 31, type: 'complaint', owner: 4, team: 'care', after: 'closed', cause: 'torn', time: '40m' },
]

export async function writeCases(org: string, persons: string[]): Promise<void> {
  const as = (at: number, role: Actor['role'] = 'manager'): Actor => ({
    kind: 'person',
    account: null,
    person: persons[at]!,
    role,
    via: 'test',
  })
  const made = await inOrg(org, as(2), ctx => house(ctx, persons))
  const threads = await inOrg(org, as(3, 'agent'), async ctx => (await conversations(ctx, { view: 'all', limit: 60 })).items)
  const now = Date.now()
  for (const [nth, it] of begun.entries()) {
    const thread = threads[nth * 3]?.thread
    if (thread) await tell(org, as(it.owner ?? 3, 'agent'), { ...it, thread, now }, made)
  }
}

/** In one transaction all that does not depend on when it was said. */
async function house(ctx: Ctx, persons: string[]) {
  const about = { zone: 'Europe/Berlin', holidays: ['2026-12-25', '2026-12-26', '2027-01-01'] }
  const { team: care } = await teams.make(ctx, {
    ...about,
    name: 'Care',
    about: 'Answers, and sees to it until it is solved.',
    week: office,
  })
  const { team: bench } = await teams.make(ctx, { ...about, name: 'Workshop', about: 'Mends lamps, Monday to Thursday.', week: workshop })
  for (const at of [2, 3, 4]) await teams.addMember(ctx, { team: care, person: persons[at]! })
  for (const at of [3, 5]) await teams.addMember(ctx, { team: bench, person: persons[at]! })
  await teams.setSkills(ctx, { person: persons[4]!, skills: 'invoices, german' })
  await teams.setSkills(ctx, { person: persons[5]!, skills: 'lamps, swedish, wiring' })
  const date = (days: number) => new Date(ctx.now.getTime() + days * day).toISOString().slice(0, 10)
  await teams.goAway(ctx, { person: persons[5]!, from: date(3), until: date(9), note: 'Tom looks after the workshop.' })
  const repair = [
    field('product', said('Product', 'Produkt', 'Product', 'Produkt'), 'line'),
    field('bought', said('Bought on', 'Gekauft am', 'Gekocht op', 'Köpt den'), 'date'),
    field('part', said('Part', 'Teil', 'Onderdeel', 'Del'), 'choice', [
      said('shade', 'Schirm', 'kap', 'skärm'),
      said('cable', 'Kabel', 'snoer', 'sladd'),
      said('switch', 'Schalter', 'schakelaar', 'strömbrytare'),
      glass(),
    ]),
  ]
  const complaint = [
    field('order', said('Order', 'Bestellung', 'Bestelling', 'Beställning'), 'line'),
    field('worth', said('Worth in euros', 'Wert in Euro', 'Waarde in euro', 'Värde i euro'), 'number'),
    field('replace', said('Wants a new one', 'Möchte Ersatz', 'Wil een nieuwe', 'Vill ha en ny'), 'flag'),
  ]
  const { type: repairs } = await cases.makeType(ctx, {
    name: said('Repair', 'Reparatur', 'Reparatie', 'Reparation'),
    fields: repair,
    checklist: [
      said('Ask for a picture', 'Um ein Bild bitten', 'Om een foto vragen', 'Be om en bild'),
      said('Order the part', 'Das Teil bestellen', 'Het onderdeel bestellen', 'Beställ delen'),
      said('Send it back', 'Zurückschicken', 'Terugsturen', 'Skicka tillbaka'),
    ],
  })
  const { type: complaints } = await cases.makeType(ctx, {
    name: said('Complaint', 'Beschwerde', 'Klacht', 'Klagomål'),
    fields: complaint,
    checklist: [],
  })
  const boss = persons[2]!
  await cases.makePolicy(ctx, {
    name: said('Everybody', 'Alle', 'Iedereen', 'Alla'),
    firstMinutes: 240,
    solveMinutes: 2400,
    escalateTo: boss,
  })
  await cases.makePolicy(ctx, { name: 'VIP', tier: 'vip', firstMinutes: 60, solveMinutes: 960, escalateTo: boss })
  return { repair: repairs, complaint: complaints, care, workshop: bench }
}

type Made = Awaited<ReturnType<typeof house>>

/** Each step at its own moment. */
async function tell(org: string, actor: Actor, it: Begun & { thread: string; now: number }, made: Made): Promise<void> {
  const at = <T>(hours: number, run: (ctx: Ctx) => Promise<T>): Promise<T> =>
    inOrg(org, actor, ctx => run(Object.assign(ctx, { now: new Date(it.now - it.ago * day + hours * hour) })))
  const { case: one } = await at(0, ctx =>
    cases.open(ctx, {
      thread: it.thread,
      type: it.type ? made[it.type] : null,
      team: it.team ? made[it.team] : null,
      owner: it.owner === undefined ? null : actor.person,
      ...(it.priority && { priority: it.priority }),
      ...(it.tier && { tier: it.tier }),
      ...(it.type === 'repair' && { fields: { part: glass(), bought: '2026-03-14' } }),
    }),
  )
  if (it.time) await at(0.1, ctx => cases.spendTime(ctx, { case: one, time: it.time! }))
  if (it.ticks) await at(0.2, ctx => tick(ctx, one, it.ticks!))
  if (it.after === 'waiting') await at(5, ctx => cases.move(ctx, { case: one, to: 'waiting' }))
  if (it.after === 'closed') await at(30, ctx => cases.close(ctx, { case: one, cause: it.cause ? causes[it.cause]() : '' }))
}

async function tick(ctx: Ctx, one: string, most: number): Promise<void> {
  for (const { id } of (await cases.checklistOf(ctx, one)).slice(0, most)) await cases.setCheck(ctx, { check: id, done: true })
}
