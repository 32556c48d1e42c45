/** From a name to an actor of this house: its address is made, and its key. Nothing is asked of the network: it comes to us. */
import { createPrivateKey, generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import { ChannelError } from '#kernel/errors.ts'
import { houseOrigin } from '#kernel/origin.ts'
import type { Step } from '#social/channels/words.ts'
import { addressOf } from './names.ts'
import { asked as askedForm, type Settings, settings as settingsForm } from './settings.ts'

/** Throws ChannelError `rejected` with a message key that says what to do. */
export async function discover(given: unknown, tell: (step: Step) => void): Promise<{ settings: Settings; name: string; address: string }> {
  const form = askedForm.safeParse(given)
  if (!form.success) throw new ChannelError('rejected', { says: 'activitypub.adviceFields' })
  const server = serverFor(form.data.server ?? houseOrigin(), tell)
  const settings = settingsForm.parse({ ...form.data, server, privateKey: await keyFrom(form.data.privateKey, tell) })
  return { settings, name: settings.name, address: addressOf(settings) }
}

/** Other servers come only to an address with encryption; without it, this is a trial on one machine. */
function serverFor(server: string, tell: (step: Step) => void): string {
  const says = 'activitypub.stepAddress'
  const [{ protocol, hostname, host }, values] = [new URL(server), { server: new URL(server).host }]
  const isOpen = protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  if (isOpen && host) tell({ says, values, state: 'done' })
  else {
    tell({ says, values, state: 'failed', advice: 'activitypub.adviceEncryption' })
    throw new ChannelError('rejected', { says: 'activitypub.adviceEncryption' })
  }
  return server
}

/** The one that is there; a new one when there is none, or when a person asks for it by the word. */
async function keyFrom(given: string | undefined, tell: (step: Step) => void): Promise<string> {
  if (!given || given.trim() === 'new') return newKey(tell)
  try {
    if (createPrivateKey(given).asymmetricKeyType === 'rsa') return given
  } catch {
    // Said below, with what is no RSA key.
  }
  throw new ChannelError('rejected', { says: 'activitypub.adviceFields' })
}

const make = promisify(generateKeyPair)

async function newKey(tell: (step: Step) => void): Promise<string> {
  tell({ says: 'activitypub.stepKey', state: 'running' })
  const { privateKey } = await make('rsa', { modulusLength: 2048 })
  tell({ says: 'activitypub.stepKey', state: 'done' })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}
