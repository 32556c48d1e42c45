/** Whether a push comes from who knows the secret: by Standard Webhooks 1.0.0, or by the secret itself in a header. */
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import { proven, sameText } from '#kernel/signed.ts'
import type { Settings } from './settings.ts'

export interface Genuine {
  /** What the sender calls this push; it calls it the same when it sends it again. */
  id?: string | undefined
  at?: Date | undefined
}

/** Throws ChannelError `rejected` for whatever does not prove itself, always with the same words. */
export const prove = (settings: Settings, headers: Headers, body: Uint8Array): Genuine =>
  settings.proof === 'signature' ? (proven(settings.secret, headers, body, now()) ?? forged()) : withSecret(settings, headers)

function forged(): never {
  throw new ChannelError('rejected', { says: 'webhook.notGenuine' })
}

function withSecret({ secret, header }: Settings, headers: Headers): Genuine {
  const given = (headers.get(header) ?? '').replace(/^Bearer /i, '').trim()
  if (!sameText(given, secret)) forged()
  return { id: headers.get('webhook-id')?.slice(0, 300) || headers.get('idempotency-key')?.slice(0, 300) || undefined }
}
