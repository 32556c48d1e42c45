/** For tests: the settings of our account. */
import { settings as settingsForm } from './settings.ts'

export const settings = settingsForm.parse({ server: 'chat.example', nick: 'care', rooms: ['#help'] })
