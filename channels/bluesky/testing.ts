/** For tests: who takes part, and the settings of our account. */
import type { Heard, HeardMessage } from '#social/channels/words.ts'
import type { Settings } from './settings.ts'

export const [care, anna] = ['did:plc:carecarecarecarecarecare', 'did:plc:annaannaannaannaannaanna']
const rest = { listensToAll: false, overhears: false, stream: 'wss://jetstream2.us-east.bsky.network/subscribe' }
const signedIn = { handle: 'care.example', password: 'abcd-efgh', grantToken: '' }
export const settings: Settings = { ...signedIn, server: 'https://pds.example', did: care, ...rest }
export const messages = (heard: Heard[]) => heard.filter((each): each is HeardMessage => each.is === 'message')
