import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Actor } from '#kernel/context.ts'
import { hashPassword } from '#kernel/identity/passwords.ts'
import { accountChanged, openSession } from '#kernel/identity/sessions.ts'
import { codeOf } from '#kernel/identity/totp.ts'
import { newId } from '#kernel/ids.ts'
import { limits } from '#kernel/limits.ts'
import { usePost } from '#kernel/mail.ts'
import { found, signIn } from '#social/access/actions.ts'
import { beginSecondFactor, changePassword, confirmSecondFactor } from '#social/credentials/actions.ts'
import { doors, filled, full, origin, verdict } from './doors.ts'

const house = await doors()
for (const limit of [limits.signInByAddress, limits.signInByAccount, limits.resetByAddress, limits.secondFactor]) limit.points = 10_000_000
const password = 'a green boat in May'

async function founder(name: string): Promise<{ email: string; org: string; actor: Actor }> {
  const email = `${name}@test.invalid`
  const it = await found({ organisation: name, name, email, password: await hashPassword(password), zone: 'UTC' })
  return { email, org: it.org, actor: { kind: 'person', account: it.account, person: it.person, role: 'owner', via: 'test' } }
}

/** What differs in every answer: the number of the request, the nonce, and what the asker wrote. */
const plain = (text: string, ...typed: string[]) =>
  typed
    .reduce((all, each) => all.replaceAll(each, '#'), text)
    .replace(/nonce="[^"]*"/g, '')
    .replace(/(name="live-since" content=)"\d+"/, '$1')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '#')

interface Tried {
  status: number
  body: string
  ms: number
}

async function tries(path: string, fields: Record<string, string>): Promise<Tried> {
  const began = performance.now()
  const answer = await house.post(path, fields)
  const body = plain(await answer.text(), ...Object.values(fields))
  return { status: answer.status, body, ms: performance.now() - began }
}

const median = (list: number[]) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]!

interface Compared {
  /** Of the medians, in milliseconds. */
  difference: number
  /** By how much the same request differs from itself on this machine at this time. */
  noise: number
}

async function compared(pairs: number, one: () => Promise<Tried>, other: () => Promise<Tried>): Promise<Compared> {
  const [first, second, control]: [number[], number[], number[]] = [[], [], []]
  for (let at = 0; at < pairs; at++) {
    first.push((await one()).ms)
    second.push((await other()).ms)
    if (!full) control.push((await one()).ms)
  }
  return { difference: Math.abs(median(first) - median(second)), noise: full ? 0 : Math.abs(median(first) - median(control)) }
}

test('S14: an unknown address and a wrong password are answered alike, word for word and in the same time', async () => {
  const { email } = await founder('anna')
  const known = () => tries('/sign-in', { email, password: 'not this one at all' })
  const unknown = () => tries('/sign-in', { email: 'zora@test.invalid', password: 'not this one at all' })
  const [one, other] = [await known(), await unknown()]
  assert.equal(one.status, other.status)
  assert.ok(one.body === other.body, 'the bodies differ')
  assert.ok(one.status >= 400)
  const pairs = full ? 1000 : 15
  // On a busy machine one round may be off by chance; a difference that is there is there each time.
  const rounds: Compared[] = []
  const holds = () => rounds.some(({ difference, noise }) => difference <= 5 + noise)
  while (rounds.length < (full ? 1 : 4) && !holds()) rounds.push(await compared(pairs, known, unknown))
  const figures = rounds.map(({ difference, noise }) => `${difference.toFixed(2)} ms (noise ${noise.toFixed(2)} ms)`).join(', ')
  console.log(`S14 sign-in: medians of ${pairs} pairs differ by ${figures}`)
  verdict('S14', pairs, holds() ? [] : [figures])
})

test('S14: whoever asks for a new password learns nothing of who has an account', async () => {
  const { email } = await founder('ben')
  const mails: string[] = []
  usePost(async mail => void mails.push(mail.to))
  try {
    const [one, other] = [await tries('/forgot', { email }), await tries('/forgot', { email: 'yara@test.invalid' })]
    assert.equal(one.status, other.status)
    assert.ok(one.body === other.body, 'the bodies differ')
    assert.ok(one.status < 400)
    for (let wait = 0; wait < 100 && mails.length === 0; wait++) await new Promise(resolve => setTimeout(resolve, 20))
    assert.deepEqual(mails, [email])
  } finally {
    usePost(undefined)
  }
})

test('S15: between the first and the second factor nothing opens but the second and the way out', async () => {
  const { email, org, actor } = await founder('cora')
  const { secret } = await house.as(org, actor, ctx => beginSecondFactor(ctx, {}))
  await house.as(org, actor, ctx => confirmSecondFactor(ctx, { code: codeOf(secret, Math.floor(Date.now() / 30_000)) }))
  const { token, second } = await signIn({ email, password }, { agent: '', address: '' })
  assert.equal(second, true)
  const cookie = `trefoil=${token}`
  const { modules } = house.house
  const api = modules.flatMap(module => module.actions).filter(action => action.info.published !== false)
  const all = [
    ...modules.flatMap(module => module.pages).map(each => ({ method: 'GET', path: each.path })),
    ...modules.flatMap(module => module.forms).map(each => ({ method: 'POST', path: each.path })),
    ...modules.flatMap(module => module.raws).map(each => ({ method: each.method as string, path: each.path })),
    ...api.map(({ info }) => ({ method: info.reads ? 'GET' : 'POST', path: `/api/v1/${info.name.replace('.', '/')}` })),
  ].filter(each => !['/sign-in/second', '/sign-out', '/sign-in'].includes(each.path))
  const failed: string[] = []
  for (const { method, path } of all) {
    const json = path.startsWith('/api/v1/')
    const knock = async (more: Record<string, string>) =>
      house.app.request(origin + filled(path), {
        method,
        headers: { accept: json ? 'application/json' : 'text/html', origin, ...more },
        ...(method !== 'GET' && { body: json ? '{}' : '' }),
      })
    const type = { 'content-type': json ? 'application/json' : 'application/x-www-form-urlencoded' }
    const [half, nobody] = [await knock({ cookie, ...type }), await knock(type)]
    const refused = [401, 403].includes(half.status) || half.headers.get('location')?.startsWith('/sign-in')
    // What is open to everybody shows nothing more to somebody half signed in.
    const [text, theirs] = [plain(await half.text()), plain(await nobody.text())]
    const public_ = half.status === nobody.status && (text === theirs || method !== 'GET')
    if (!refused && !public_) failed.push(`${method} ${path}: ${half.status}, and ${nobody.status} for nobody`)
  }
  verdict('S15', all.length, failed)
})

test('S12: a session is another after each factor, and none is left after a new password, a sign-out or a suspension', async () => {
  const { email, org, actor } = await founder('dora')
  const failed: string[] = []
  const opens = async (cookie: string) => (await house.get('/settings/profile', cookie)).status
  const fresh = async () => `trefoil=${(await signIn({ email, password }, { agent: '', address: '' })).token}`
  const [one, other] = [await fresh(), await fresh()]
  if (one === other) failed.push('the same session twice')
  const path = house.house.modules
    .flatMap(module => module.pages)
    .find(each => each.who === 'self.manage' && !each.path.includes(':'))!.path
  const sees = async (cookie: string) => (await house.get(path, cookie)).status === 200
  if (!(await sees(one)) || !(await sees(other))) failed.push('not open to begin with')
  await house.post('/sign-out', {}, one)
  if (await sees(one)) failed.push('after a sign-out')
  if (!(await sees(other))) failed.push('a sign-out ended another session')
  await house.as(org, actor, ctx => changePassword(ctx, { current: password, password: 'another boat in June', session: newId() }))
  if (await sees(other)) failed.push('after a new password')
  const fixed = 'chosen-by-somebody-else-chosen-by-somebody-else'
  const answer = await house.post('/sign-in', { email, password: 'another boat in June' }, `trefoil=${fixed}`)
  const set = answer.headers.get('set-cookie') ?? ''
  if (!set.startsWith('trefoil=') || set.includes(fixed) || !/HttpOnly/.test(set) || !/SameSite=Lax/.test(set))
    failed.push(`cookie: ${set}`)
  const half = await openSession(actor.account!, { complete: false, org, agent: '', address: '' })
  if (await sees(`trefoil=${half}`)) failed.push('half signed in')
  await accountChanged(actor.account!)
  if (await sees(`trefoil=${half}`)) failed.push('half signed in, asked again')
  assert.equal(await opens(`trefoil=${fixed}`), 303)
  verdict('S12', 8, failed)
})
