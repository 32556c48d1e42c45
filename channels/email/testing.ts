/** For tests: recorded mails, and how they are heard. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Heard, HeardMessage } from '#social/channels/words.ts'
import { heardIn } from './translate.ts'

export const own = ['care@firma.example']
export const received = new Date('2026-03-12T09:00:00Z')
export const hear = (bytes: Uint8Array): Promise<Heard[]> => heardIn(bytes, { own, received, folder: 'INBOX' })
export const recording = (name: string): Uint8Array => readFileSync(join(import.meta.dirname, 'recordings', `${name}.eml`))
export const message = async (name: string): Promise<HeardMessage> => (await hear(recording(name)))[0] as HeardMessage

export const account = {
  address: 'care@firma.example',
  password: 'secret',
  user: 'care@firma.example',
  imapHost: 'imap.firma.example',
  smtpHost: 'smtp.firma.example',
}
