/** For tests: a member of the test house is a real person, quietly, so that tests see only what they do themselves. */
import { useTestPeople } from '#kernel/testing.ts'
import { begin } from '#social/sides/actions.ts'
import { keyOf } from './rules.ts'
import { addPeople } from './store.ts'

useTestPeople(async (ctx, id, name) => {
  const row = {
    id,
    kind: 'human' as const,
    name,
    key: keyOf(name),
    name_because: 'given' as const,
    language: null,
    company: null,
    about: null,
  }
  await addPeople(ctx, [{ ...row, created_at: ctx.now, created_because: 'account' }])
  const side = ctx.actor.role === 'customer' ? 'customer' : ctx.actor.role === 'guest' ? 'partner' : 'colleague'
  await begin(ctx, [{ person: id, side, because: 'account' }], { quiet: true })
})
