/** Whose key a signature names: fetched from whoever claims it, kept for a while, and asked for again when it no longer fits. */
import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import { type Claim, unproven } from './cavage.ts'
import { documentAt } from './documents.ts'
import { hour, lasting, minute } from './lasting.ts'
import { hostOf } from './names.ts'
import { type Person, personAt, readPerson } from './people.ts'
import { isProved, readKey } from './proof.ts'
import type { Settings } from './settings.ts'

interface Signer {
  key: KeyObject
  person: Person
  at: number
}

const known = lasting<Signer>(10_000)
const failed = lasting<ChannelError>(10_000)
const pending = new Map<string, Promise<Signer>>()
/** Whoever invents keys by the thousand waits, and holds nobody else up. */
const mostPending = 50

export const isKnown = (keyId: string): boolean => known.get(keyId) !== undefined

/** The one who signed. Throws ChannelError: `rejected` when that is not proved, `wait` or `down` when it cannot be found out now. */
export async function signerOf(settings: Settings, claim: Claim): Promise<Person> {
  const signer = known.get(claim.keyId) ?? (await look(settings, claim.keyId))
  if (isProved(claim, signer.key)) return signer.person
  // Keys are changed without a word: the first signature that no longer fits is why we ask again, but not more than once a minute.
  if (now().getTime() - signer.at < minute) throw unproven()
  known.delete(claim.keyId)
  const renewed = await look(settings, claim.keyId)
  if (isProved(claim, renewed.key)) return renewed.person
  throw unproven()
}

function look(settings: Settings, keyId: string): Promise<Signer> {
  const fault = failed.get(keyId)
  if (fault) throw fault
  const waiting = pending.get(keyId)
  if (waiting) return waiting
  if (pending.size >= mostPending) throw new ChannelError('wait', { says: 'activitypub.wait' })
  const asked = fetched(settings, keyId).finally(() => pending.delete(keyId))
  pending.set(keyId, asked)
  return asked
}

async function fetched(settings: Settings, keyId: string): Promise<Signer> {
  try {
    const person = await ownerOf(settings, keyId)
    const key = readKey(person.keys.find(({ id }) => id === keyId)?.pem ?? '')
    if (!key) throw unproven()
    const signer = { key, person, at: now().getTime() }
    known.set(keyId, signer, hour)
    return signer
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error
    failed.set(keyId, error, error.kind === 'rejected' ? 10 * minute : minute)
    throw error
  }
}

const keyAlone = z.object({ id: z.string().max(500), owner: z.string().max(500) })

/** The actor that names this very key as its own; the key's word alone is not enough. */
async function ownerOf(settings: Settings, keyId: string): Promise<Person> {
  const document = await documentAt(settings, keyId)
  const person = readPerson(document, settings)
  if (person) return person
  const { data } = keyAlone.safeParse(document)
  if (data?.id !== keyId || hostOf(data.owner) !== hostOf(keyId)) throw unproven()
  return personAt(settings, data.owner, { fresh: true })
}
