/** What the browser does beyond showing pages. Each line is one behaviour; see web/README.md. */
import './trusted.ts'
import '@hotwired/turbo'
import { startAppearance } from './behaviours/appearance.ts'
import { startAssistant } from './behaviours/assistant.ts'
import { startBlanks } from './behaviours/blanks.ts'
import { startCalendar } from './behaviours/calendar.ts'
import { startComposers } from './behaviours/composer.ts'
import { startDialogs } from './behaviours/dialogs.ts'
import { startForms } from './behaviours/forms.ts'
import { startGoing } from './behaviours/going.ts'
import { startKeeping } from './behaviours/keep.ts'
import { startLive } from './behaviours/live.ts'
import { startMentions } from './behaviours/mentions.ts'
import { startPalette } from './behaviours/palette.ts'
import { startRows } from './behaviours/rows.ts'
import { startShortcuts } from './behaviours/shortcuts.ts'
import { startStreams } from './behaviours/streams.ts'
import { startToasts } from './behaviours/toasts.ts'
import { Chart } from './elements/chart.ts'
import { Crop } from './elements/crop.ts'
import { Draft, forgetDraftsAtSignOut } from './elements/draft.ts'
import { Post } from './elements/post.ts'
import { Presence } from './elements/presence.ts'
import { Progress } from './elements/progress.ts'
import { QueryField } from './elements/query.ts'
import { Room } from './elements/room.ts'
import { scriptAddress } from './trusted.ts'

const elements = {
  'trefoil-chart': Chart,
  'trefoil-crop': Crop,
  'trefoil-draft': Draft,
  'trefoil-post': Post,
  'trefoil-presence': Presence,
  'trefoil-progress': Progress,
  'trefoil-query': QueryField,
  'trefoil-room': Room,
}
for (const [name, element] of Object.entries(elements)) customElements.define(name, element)

startMentions()
startBlanks()
startRows()
startShortcuts()
startForms()
startStreams()
startKeeping()
startGoing()
startToasts()
startDialogs()
startPalette()
startComposers()
startAssistant()
startCalendar()
startAppearance()
startLive()
forgetDraftsAtSignOut()

if ('serviceWorker' in navigator && isSecureContext) void navigator.serviceWorker.register(scriptAddress('/sw.js')).catch(() => {})
