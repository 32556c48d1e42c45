/** Records of a kind as lines of a table; part after part, each in a transaction of its own, so that memory does not grow with them. */
import type { Actor } from '#kernel/context.ts'
import { csvLine, csvStart } from '#kernel/csv.ts'
import { inOrg } from '#kernel/db.ts'
import { t } from '#kernel/messages.ts'
import { list } from './actions.ts'
import { saysIn } from './rules.ts'
import type { Kind } from './words.ts'

/** Those that changed last first; the first line names the columns as programs do, so that the file can be brought in again. */
export async function* exported(org: string, actor: Actor, kind: Kind): AsyncGenerator<string> {
  const fields = kind.fields.filter(each => !each.archived)
  yield csvStart +
    (await inOrg(org, actor, async () => csvLine([...fields.map(each => each.key), t('records.person'), t('records.changed')])))
  let before: string | undefined
  do {
    const { items, next } = await inOrg(org, actor, ctx => list(ctx, { kind: kind.name, before, limit: 100 }))
    yield items.map(row => csvLine([...fields.map(each => saysIn(row.fields, each.key)), row.personName ?? '', row.changedAt])).join('')
    before = next ?? undefined
  } while (before)
}
