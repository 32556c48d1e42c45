import { form } from '#kernel/page.tsx'
import * as reactions from './actions.ts'

export const doReact = form('/objects/:object/react', reactions.react, { done: () => ({ stay: true }) })
export const doUnreact = form('/objects/:object/unreact', reactions.unreact, { done: () => ({ stay: true }) })
export const doTag = form('/objects/:object/tag', reactions.tag, { done: () => ({ stay: true }) })
export const doUntag = form('/objects/:object/untag', reactions.untag, { done: () => ({ stay: true }) })
