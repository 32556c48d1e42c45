/** The question within the conversation itself, where its channel can show it so: one press, words beside it if one likes, and how it stands. */
import type { Ctx } from '#kernel/context.ts'
import { t } from '#kernel/messages.ts'
import type { Question } from '#social/channels/words.ts'
import { asker } from '#social/doors/words.ts'
import { organisationOf } from '#social/members/actions.ts'
import { answered, type Opened, opened } from './actions-public.ts'
import { endsOf, labelOf, questionOf, scoresOf } from './actions-said.ts'
import type { Kind } from './words.ts'

/** That it was they who were asked, the channel knows by the secret of their window. */
export const inChat = asker({
  name: 'satisfaction',
  shown: (ctx, ask) => shown(ctx, ask),
  answer: async (ctx, ask, { choice, words }) => {
    const what = await answered(ctx, { org: ctx.org, ask }, { score: choice, comment: words })
    return what && shown(ctx, ask, what === 'same')
  },
})

async function shown(ctx: Ctx, ask: string, again = false): Promise<Question | null> {
  const it = await opened(ctx, { org: ctx.org, ask })
  if (!it) return null
  const { survey, before, stands } = it
  const { name: organisation } = await organisationOf(ctx)
  return {
    text: questionOf(survey, organisation),
    choices: choicesOf(survey.kind),
    ...(survey.kind !== 'csat' && { ends: endsOf(survey.kind) }),
    ...(before && { given: { choice: before.score, words: before.comment } }),
    open: stands === 'open' || stands === 'given',
    says: saysOf(it, again),
    why: t('satisfaction.public.named', { organisation }),
    words: t('satisfaction.public.comment'),
    send: t('satisfaction.public.send'),
  }
}

/** Each of CSAT has its words; of the others the numbers stand in a row between their two ends. */
const choicesOf = (kind: Kind): Question['choices'] =>
  scoresOf(kind).map(value => ({ value, name: labelOf(kind, value), ...(kind !== 'csat' && { short: String(value) }) }))

function saysOf({ stands, before, survey }: Opened, again: boolean): string {
  if (stands === 'ended') return t('satisfaction.ended')
  if (stands === 'open') return ''
  if (stands === 'closed') return t('satisfaction.chat.closed', { answer: labelOf(survey.kind, before!.score) })
  return t(again ? 'satisfaction.chat.same' : 'satisfaction.chat.given')
}
