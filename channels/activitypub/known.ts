/** Where the network begins to look: WebFinger (RFC 7033), host-meta (RFC 6415) and NodeInfo 2.1. */
import type { Call } from '#social/channels/words.ts'
import { activityType } from './documents.ts'
import { accountNamed, bare, hasLeft } from './inbox.ts'
import { actorOf, addressOf, nameIn, partsOf } from './names.ts'
import { json } from './serve.ts'
import type { Settings } from './settings.ts'

type At = Call<Settings>

/** Who is called so, here. */
export async function webfinger(call: At): Promise<Response> {
  const resource = new URL(call.request.url).searchParams.get('resource') ?? ''
  if (!resource || resource.length > 500) return bare(400)
  const parts = resource.startsWith('acct:') ? partsOf(resource) : undefined
  const name = parts?.host === new URL(call.origin).host ? parts.name : nameIn(call.origin, resource)
  const whom = name ? await accountNamed(call, name) : null
  if (whom) return json(descriptor(whom.account.settings), { type: 'application/jrd+json' })
  return bare(name && (await hasLeft(call, name)) ? 410 : 404)
}

const descriptor = (settings: Settings) => ({
  subject: `acct:${addressOf(settings)}`,
  aliases: [actorOf(settings)],
  links: [
    { rel: 'self', type: activityType, href: actorOf(settings) },
    { rel: 'http://webfinger.net/rel/profile-page', type: 'text/html', href: actorOf(settings) },
  ],
})

export function hostMeta({ origin }: At): Promise<Response> {
  const template = `${origin}/.well-known/webfinger?resource={uri}`
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0"><Link rel="lrdd" template="${template}"/></XRD>\n`
  return Promise.resolve(new Response(xml, { headers: { 'content-type': 'application/xrd+xml; charset=utf-8' } }))
}

const version = 'http://nodeinfo.diaspora.software/ns/schema/2.1'

export const nodeInfoAt = ({ origin }: At): Promise<Response> =>
  Promise.resolve(json({ links: [{ rel: version, href: `${origin}/activitypub/nodeinfo/2.1` }] }, { type: 'application/json' }))

/** How many people and posts there are is nobody's affair, and which version runs helps only those who look for holes. */
export const nodeInfo = (): Promise<Response> =>
  Promise.resolve(
    json(
      {
        version: '2.1',
        software: { name: 'trefoil', version: '0' },
        protocols: ['activitypub'],
        services: { inbound: [], outbound: [] },
        openRegistrations: false,
        usage: { users: {} },
        metadata: {},
      },
      { type: `application/json; profile="${version}#"` },
    ),
  )
