import { parse } from '#kernel/action.ts'
import { jsonOf } from '#kernel/body.ts'
import { offered, raw } from '#kernel/page.tsx'
import { hereIAm } from './actions.ts'
import { writes } from './words.ts'

export const presence = raw('POST', '/presence', 'content.react', async (c, see) => {
  const told = parse(hereIAm.info.takes, await jsonOf(c.req.raw, 1024)) as Parameters<typeof hereIAm>[1]
  const answer = await hereIAm(see!.ctx, told)
  if (told.outward) await offered(see!, writes, { thread: told.thread, isWriting: Boolean(told.writing) && !told.leaves })
  return c.json(answer)
})
