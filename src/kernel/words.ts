/** Places on the screens of the house that any floor may fill. */
import { slot } from './page.tsx'

/** Cards of the start page. */
export const homeCards = slot<Record<string, never>>('kernel.home')
/** What a new organisation does first; each offer is one FirstStep that shows whether it is done, and tells it. */
export const firstSteps = slot<{ tell(done: boolean): void }>('kernel.firstSteps')
/** Beside the bell: how much is unseen. */
export const unseenCount = slot<{ show(count: number): void }>('kernel.unseen')
/** Beside the places in the rail: how much waits there. */
export const placeCount = slot<{ show(section: string, count: number): void }>('kernel.placeCount')
/** Above every page of the shell: what somebody must see now. */
export const notices = slot<Record<string, never>>('kernel.notices')
