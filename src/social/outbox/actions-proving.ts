/** Who is who, shown by an answer: what was said to a visitor went on to an address, and is answered from there. */

import { on } from '#social/activities/words.ts'
import { normaliserOf } from '#social/channels/actions.ts'
import { contentOf } from '#social/content/actions.ts'
import { Said } from '#social/content/words.ts'
import { wentOn } from '#social/deliveries/actions.ts'
import { joinProven } from '#social/merges/actions.ts'

/** Whoever reads what comes to an address is who left it there, as far as anybody can know. */
export const proveByAnswer = on(Said, 'whoever answers what went on to an address is the visitor who left it', async (ctx, activities) => {
  const answers = activities.filter(each => each.side === 'outside' && each.actor && each.thread && each.channel && !each.detail.imported)
  const gone = await wentOn(ctx, [...new Set(answers.map(each => each.thread!))])
  const theirs = answers.filter(each => gone.some(({ thread, channel }) => thread === each.thread && channel === each.channel))
  const contents = await contentOf(
    ctx,
    theirs.map(each => each.object!),
  )
  for (const { object, actor, thread, channel } of theirs) {
    const normalise = normaliserOf(channel!)
    const from = (contents.get(object!)?.detail.from as { address?: string } | undefined)?.address
    const same = (address: string) => from !== undefined && normalise(address) === normalise(from)
    const proof = gone.find(
      each => each.thread === thread && each.channel === channel && each.envelope.to.some(({ address }) => same(address)),
    )
    if (proof) await joinProven(ctx, { kept: actor!, gone: proof.person, because: 'answered', detail: from! })
  }
})
