/** What is decided about tasks. */
import { refuse } from '#kernel/errors.ts'

const most = 50

/** A thread has at most fifty tasks that are open. */
export function mayAdd(open: number): void {
  if (open >= most) refuse('tooMany', 'tasks.many', { most })
}

/** A task is late when its day is over and it is not done. */
export const isLate = (task: { until: string | null; done: boolean }, today: string): boolean =>
  !task.done && task.until !== null && task.until < today
