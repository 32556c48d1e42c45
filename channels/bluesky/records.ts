/** What our own server says of records and of names. */
import { z } from 'zod'
import { ChannelError } from '#kernel/errors.ts'
import { isMissing } from './client.ts'
import { isDid, normalise, placeOf } from './names.ts'
import { ask, type On } from './session.ts'

const recordFound = z.object({ uri: z.string().max(600), cid: z.string().max(200).optional(), value: z.unknown().optional() })

/** Null when it is not there. */
export async function recordAt(account: On, uri: string): Promise<z.output<typeof recordFound> | null> {
  const place = placeOf(uri)
  if (!place) return null
  const query = { repo: place.did, collection: place.collection, rkey: place.key }
  try {
    return await ask(account, { name: 'com.atproto.repo.getRecord', query }, recordFound)
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

const resolved = z.object({ did: z.string().max(300) })

/** As our own server finds it; undefined when nobody is called so. */
export async function didFor(account: On, address: string): Promise<string | undefined> {
  const handle = normalise(address)
  if (isDid(handle)) return handle
  try {
    const { did } = await ask(account, { name: 'com.atproto.identity.resolveHandle', query: { handle } }, resolved)
    return isDid(did) ? did : undefined
  } catch (error) {
    if (error instanceof ChannelError && error.kind === 'rejected') return undefined
    throw error
  }
}
