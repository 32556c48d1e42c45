/** The rules of the demonstration, and what they made of what came in last; nothing of it leaves the house. */
import { list as conversations } from '#areas/crm/actions.ts'
import { make } from '#areas/routing/actions.ts'
import { route } from '#areas/routing/actions-engine.ts'
import type { Actor, Ctx } from '#kernel/context.ts'
import { asSystem, inOrg } from '#kernel/db.ts'
import { byThread } from '#social/content/actions.ts'
import { list as teamList } from '#social/teams/actions.ts'

const broken = ['damaged', 'broken', 'beschädigt', 'kaputt', 'beschadigd', 'kapot', 'skadad', 'trasig']
const wired = ['wiring', 'cable', 'kabel*', 'sladd*', 'snoer']

export async function writeRules(org: string, manager: string): Promise<void> {
  const actor: Actor = { kind: 'person', account: null, person: manager, role: 'owner', via: 'job' }
  await inOrg(org, actor, async ctx => {
    const { items } = await teamList(ctx, {})
    const [care, bench] = ['Care', 'Workshop'].map(name => items.find(each => each.name === name)!.id) as [string, string]
    for (const { on, ...definition } of rulesFor(care, bench)) await make(ctx, { definition, on })
  })
  await asSystem(org, lookBack)
}

const rulesFor = (care: string, bench: string) => [
  {
    ...{ on: true, name: 'Broken goods', when: 'message' as const, conditions: [{ about: 'words' as const, values: broken }] },
    deeds: { labels: ['damage'], team: { team: care, way: 'load' as const, limit: 200 } },
  },
  {
    ...{ on: true, name: 'Kabel an die Werkstatt', when: 'message' as const, conditions: [{ about: 'words' as const, values: wired }] },
    deeds: { labels: ['cable'], team: { team: bench, way: 'turn' as const } },
  },
  {
    ...{ on: true, name: 'VIP’s niet laten wachten', when: 'unanswered' as const, minutes: 120, working: true },
    ...{ conditions: [{ about: 'tier' as const, values: ['vip'] }], deeds: { tell: ['owner' as const, care] } },
  },
  {
    ...{
      on: false,
      name: 'Stängt just nu',
      when: 'message' as const,
      conditions: [{ about: 'hours' as const, how: 'isNot' as const, values: [care] }],
    },
    deeds: { notice: 'Hej {{first name}}, tack för ditt meddelande. Vi är tillbaka {{back}} och svarar då.\n\n{{brand}}' },
  },
  {
    ...{ on: false, name: 'Close what nobody asks for', when: 'waiting' as const, minutes: 14 * 1440 },
    deeds: {
      close: { days: 3, notice: 'Hello {{first name}}, is everything settled? If not, just write. Otherwise we close this in three days.' },
    },
  },
]

/** What is open is looked at as if it had come just now. */
async function lookBack(ctx: Ctx): Promise<void> {
  const { items } = await conversations(ctx, { view: 'open', limit: 40 })
  const last = await Promise.all(
    items.map(async ({ thread }) => {
      const said = (await byThread(ctx, thread, { limit: 30 })).items.findLast(each => each.side === 'outside' && each.noun === 'Message')
      return said ? [{ thing: thread, kind: 'conversation' as const, when: 'message' as const, cause: said.id, content: said.id }] : []
    }),
  )
  await route(ctx, last.flat())
}
