import { parse } from '#kernel/action.ts'
import { jsonOf } from '#kernel/body.ts'
import { raw } from '#kernel/page.tsx'
import { hereIAm } from './actions.ts'

export const presence = raw('POST', '/presence', 'content.react', async (c, see) => {
  const told = parse(hereIAm.info.takes, await jsonOf(c.req.raw, 1024)) as Parameters<typeof hereIAm>[1]
  return c.json(await hereIAm(see!.ctx, told))
})
