/** What can be asked about all that was heard, and what is kept of the answers. */
import { keeps } from '#kernel/keeps.ts'
import { forgetVoices } from './store-counting.ts'
import { keptTables } from './words.ts'

export { spanOf } from './actions-asked.ts'
export { drivers, voices } from './actions-changes.ts'
export { count, countDue, countSoon, thinOut } from './actions-counting.ts'
export { marketing, ourMonitors, sales, support } from './actions-insights.ts'
export { accuracy, coverage, hours, look, marketsOf, mostHourDays, namesOf, ofMarket, overview } from './actions-looking.ts'
export { bringBack, remove, save, selectionOf, selections } from './actions-selections.ts'
export { conversation, oneTerm, surpriseOf, topics } from './actions-topics.ts'

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps(keptTables, (ctx, { needles }) => forgetVoices(ctx, needles))
