/** Signing in at the network itself. */
import assert from 'node:assert/strict'
import { createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import { describe, test } from 'node:test'
import { useMasterKey } from '#kernel/crypto.ts'
import { channel } from './channel.ts'
import { newKey } from './dpop.ts'
import { grantOf, writeGrant } from './grant.ts'
import { clientOf, proofOf } from './ourselves.ts'
import { settings } from './testing.ts'

describe('signing in at the network', () => {
  const back = 'https://house.example/settings/channels/connect/bluesky/back'
  const ids = (jwt: string) =>
    jwt
      .split('.')
      .slice(0, 2)
      .map(each => JSON.parse(Buffer.from(each, 'base64url').toString()) as Record<string, unknown>)

  test('on the open web a document says who we are, and a key of the house proves it', async () => {
    useMasterKey(Buffer.alloc(32, 7))
    const call = { origin: 'https://house.example' } as Parameters<NonNullable<typeof channel.doors>[number]['answer']>[0]
    const said = (await (await channel.doors![0]!.answer(call)).json()) as Record<string, unknown> & { jwks: { keys: JsonWebKey[] } }
    assert.deepEqual([said.client_id, said.redirect_uris], ['https://house.example/bluesky/client-metadata.json', [back]])
    assert.equal(said.jwks.keys[0]!.d, undefined, 'nothing secret is told')
    const client = clientOf(back)
    const { client_id, client_assertion: jwt } = proofOf(client, 'https://issuer.example')
    const [header, claims] = ids(jwt!)
    assert.deepEqual([client_id, claims!.iss, claims!.sub, claims!.aud], [said.client_id, client_id, client_id, 'https://issuer.example'])
    assert.equal(header!.kid, (said.jwks.keys[0] as { kid?: string }).kid)
    const [body, signature] = [jwt!.split('.').slice(0, 2).join('.'), Buffer.from(jwt!.split('.')[2]!, 'base64url')]
    const key = { key: createPublicKey({ key: said.jwks.keys[0]!, format: 'jwk' }), dsaEncoding: 'ieee-p1363' as const }
    assert.ok(verify('sha256', Buffer.from(body), key, signature))
  })

  test('in development the network knows this machine by its number; where nobody can be sent back to, that is said', () => {
    const client = clientOf('http://localhost:3000/settings/back')
    const id = new URL(client.id)
    assert.deepEqual([id.origin, id.searchParams.get('redirect_uri')], ['http://localhost', 'http://127.0.0.1:3000/settings/back'])
    assert.deepEqual(Object.keys(proofOf(client, 'https://issuer.example')), ['client_id'])
    assert.throws(() => clientOf('http://192.168.1.5:3000/back'), { says: 'bluesky.adviceHttps' })
  })

  test('who has a password needs no sign-in; a sign-in that cannot be read asks for a new one', async () => {
    assert.equal(await channel.signIn!.begin({ handle: 'care.example', password: 'x' }, { url: back, state: 's' }), null)
    await assert.rejects(channel.signIn!.begin({ handle: 'no handle' }, { url: back, state: 's' }), { says: 'bluesky.adviceFields' })
    assert.throws(() => grantOf({ grantToken: '{"id":1}', password: '' }), { kind: 'reconnect', says: 'bluesky.grantOver' })
    assert.equal(grantOf({ grantToken: '{"id":1}', password: 'x' }), undefined)
    const issuer = 'https://issuer.example'
    const places = { authorization_endpoint: issuer, token_endpoint: issuer, pushed_authorization_request_endpoint: issuer }
    const grant = {
      id: 'x',
      at: '2026-03-01T00:00:00Z',
      back,
      issuer: { issuer, ...places },
      key: newKey(),
      tokens: { access: 'a', refresh: 'b' },
    }
    const until = (back: string) => channel.goodUntil!({ ...settings, password: '', grantToken: writeGrant({ ...grant, back }) })
    assert.equal(until(back), null, 'a house that proves itself is let in for as long as it comes')
    assert.deepEqual(until('http://127.0.0.1:3000/back'), new Date('2026-03-15T00:00:00Z'))
  })
})
