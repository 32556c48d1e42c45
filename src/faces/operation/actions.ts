import { z } from 'zod'
import { action, id } from '#kernel/action.ts'
import { refuse } from '#kernel/errors.ts'
import { buryOrRevive } from '#kernel/jobs.ts'

const decide = (says: string, revive: boolean) =>
  action({
    says,
    who: 'operation.manage',
    takes: z.strictObject({ letter: id }),
    gives: z.object({}),
    run: async (ctx, { letter }) => {
      if (!(await buryOrRevive(ctx, letter, revive))) refuse('notFound', 'kernel.notFound')
      return {}
    },
  })

export const runAgain = decide('Run a job once more that failed for good', true)
export const discard = decide('Discard a job that failed for good', false)
