/** Signing in at the network: from the handle to the server that lets us in, there and back, and nobody else’s word is taken for who came. */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { now } from '#kernel/clock.ts'
import { ChannelError } from '#kernel/errors.ts'
import type { SignIn } from '#social/channels/words.ts'
import { adviceFor } from './discover.ts'
import { writeGrant } from './grant.ts'
import { documented, identityOf } from './identity.ts'
import { exchangeCode, issuerFor, push, pushed } from './oauth.ts'
import { clientOf } from './ourselves.ts'
import { asked as askedForm } from './settings.ts'

const kept = pushed.extend({ back: z.string(), did: z.string().optional() })

export const signIn: SignIn = {
  async begin(asked, way) {
    const form = askedForm.safeParse(asked)
    if (!form.success) throw new ChannelError('rejected', { says: 'bluesky.adviceFields' })
    const { handle, password, grantToken, server } = form.data
    if (password || grantToken) return null
    return advised(async () => {
      const client = clientOf(way.url)
      const found = await identityOf(handle).catch(() => undefined)
      const home = server ? new URL(server).origin : found?.server
      if (!home) throw new ChannelError('rejected', { says: 'bluesky.adviceHandle' })
      const { url, it } = await push(await issuerFor(home), client, { state: way.state, hint: handle })
      return { url, keep: { ...it, back: way.url, did: found?.did } }
    })
  },
  finish: (asked, query, keep) =>
    advised(async () => {
      const it = kept.parse(keep)
      if (query.get('iss') !== it.issuer.issuer) throw new ChannelError('rejected', { says: 'bluesky.adviceSignIn' })
      const { did, tokens } = await exchangeCode(it, clientOf(it.back), query.get('code') ?? '')
      const server = await homeOf(did, it.issuer.issuer)
      if (it.did && did !== it.did) throw new ChannelError('rejected', { says: 'bluesky.adviceOther' })
      const made = { id: randomBytes(12).toString('base64url'), at: now().toISOString() }
      const grant = writeGrant({ ...made, back: it.back, issuer: it.issuer, key: it.key, tokens })
      return { ...asked, did, server, password: '', grantToken: grant }
    }),
}

/** Who came is only believed of the server to which their own document leads: any other could name anybody. */
async function homeOf(did: string, issuer: string): Promise<string> {
  const identity = await documented(did)
  if (!identity || (await issuerFor(identity.server)).issuer !== issuer)
    throw new ChannelError('rejected', { says: 'bluesky.adviceServer' })
  return identity.server
}

async function advised<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw new ChannelError('rejected', { says: adviceFor(error), cause: error })
  }
}
