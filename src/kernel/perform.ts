import type { z } from 'zod'
import type { Action } from './action.ts'
import type { Actor } from './context.ts'
import { inOrg } from './db.ts'

/** One action in a transaction of its own: what every face does. */
export const perform = <In extends z.ZodType, Out extends z.ZodType>(
  asked: Action<In, Out>,
  org: string,
  actor: Actor,
  input: z.input<In>,
): Promise<z.output<Out>> => inOrg(org, actor, ctx => asked(ctx, input))
