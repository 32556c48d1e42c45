import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { proven, secretOf, signedHeaders } from './signed.ts'

test('what is signed with several secrets is read by another implementation, and what that signs is proven here; the least difference is not', () => {
  const secrets = [1, 2].map(each => secretOf(Buffer.alloc(32, each)))
  const body = '{"type":"x","snow":"☃"}'
  const at = new Date(Math.floor(Date.now() / 1000) * 1000)
  const headers = signedHeaders(secrets, 'msg_1', at, body)
  for (const secret of secrets) {
    assert.deepEqual(new Webhook(secret).verify(body, headers), JSON.parse(body))
    assert.deepEqual(proven(secret, new Headers(headers), Buffer.from(body), at), { id: 'msg_1', at })
    const theirs = { ...headers, 'webhook-signature': new Webhook(secret).sign('msg_1', at, body) }
    assert.ok(proven(secret, new Headers(theirs), Buffer.from(body), at))
  }
  assert.equal(headers['webhook-signature'], secrets.map(each => new Webhook(each).sign('msg_1', at, body)).join(' '))
  const other = secretOf(Buffer.alloc(32, 3))
  const late = new Date(at.getTime() + 301_000)
  assert.equal(proven(other, new Headers(headers), Buffer.from(body), at), undefined)
  assert.equal(proven(secrets[0]!, new Headers(headers), Buffer.from(`${body} `), at), undefined)
  assert.equal(proven(secrets[0]!, new Headers(headers), Buffer.from(body), late), undefined)
  for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature'])
    for (const value of ['', '1'])
      assert.equal(proven(secrets[0]!, new Headers({ ...headers, [name]: value }), Buffer.from(body), at), undefined, name)
})
