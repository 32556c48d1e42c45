/** What the shop of the demonstration calls its own things: in the language in which it was made, which is that of its organisation. */
import { language } from '#kernel/messages.ts'

export const said = (en: string, de: string, nl: string, sv: string): string => ({ en, de, nl, sv })[language()]
