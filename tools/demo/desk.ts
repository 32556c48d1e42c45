/** What the desk of the demonstration has ready: answers with blanks, macros, saved views. */
import { make as makeAnswer } from '#areas/answers/actions.ts'
import { saveView } from '#areas/crm/actions.ts'
import { make as makeMacro } from '#areas/macros/actions.ts'
import type { Actor } from '#kernel/context.ts'
import { inOrg } from '#kernel/db.ts'

const answers = [
  { title: 'Delivery time', folder: 'English', text: 'Hello {{first name}},\n\nyour order {{order number}} leaves us tomorrow and is with you in three days.\n\nBest wishes\n{{my name}}, {{brand}}' },
  { title: 'Rücksendung', folder: 'Deutsch', text: 'Guten Tag {{name}},\n\nlegen Sie einfach den Schein aus dem Paket bei; die Rücksendung kostet Sie nichts.\n\nHerzliche Grüße\n{{my name}}, {{brand}}' },
  { title: 'Factuur', folder: 'Nederlands', text: 'Hallo {{first name}},\n\nde factuur van bestelling {{bestelnummer}} zit in de bijlage.\n\nGroeten\n{{my name}}, {{brand}}' },
  { title: 'Skadat paket', folder: 'Svenska', text: 'Hej {{first name}},\n\ndet ska inte hända, förlåt. En bild på skadan räcker, så skickar vi en ny.\n\nVänliga hälsningar\n{{my name}}, {{brand}}' },
] // biome-ignore format: a list

const macros = [
  { name: 'Invoice sent', steps: { answer: 'Hello {{first name}}, the invoice {{invoice number}} is attached.\n\n{{my name}}', labels: ['invoice'], finish: true } },
  { name: 'Mine, tomorrow', key: 't', steps: { assign: 'me' as const, snoozeDays: 1 } },
] // biome-ignore format: a list

const views = [
  { name: 'Damaged', words: 'is:open label:damage' },
  { name: 'Nobody’s invoices', words: 'is:open owner:nobody label:invoice' },
]

export async function writeDesk(org: string, person: string): Promise<void> {
  const actor: Actor = { kind: 'person', account: null, person, role: 'owner', via: 'job' }
  await inOrg(org, actor, async ctx => {
    for (const each of answers) await makeAnswer(ctx, each)
    for (const each of macros) await makeMacro(ctx, each)
    for (const each of views) await saveView(ctx, each)
  })
}
