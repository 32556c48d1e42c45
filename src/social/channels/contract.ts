/** What every channel must prove, whatever its network: called by each `channel.test.ts`, with recordings, without a network. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { newId } from '#kernel/ids.ts'
import { languages } from '#kernel/messages.ts'
import type { Account, Channel, Draft, Heard, HeardMessage, HeardReport, Memory, Poll, Truth } from './words.ts'

export interface Proof {
  /** The channel's folder: `import.meta.dirname`. */
  folder: string
  /** Complete settings of an account that could be. */
  settings: Record<string, unknown>
  /** Addresses as people write them. */
  addresses: string[]
  /** What the network sends → what was heard; must never throw. Called with each file of `recordings/`, and with thousands of damaged ones. */
  hear?(bytes: Uint8Array): Promise<Heard[]>
  /** Flaws that mean a fault of our own reader; no damaged recording may bring one about. */
  faults?: string[]
}

/**
 * An account as a channel is given it, without a house behind it: its memory ends with the test, what is to be done later is in `tasks`, what goes on by
 * another way in `passed`.
 */
export function accountOf<S>(
  settings: S,
  more: { id?: string; org?: string } = {},
): Account<S> & { tasks: unknown[]; passed: [remoteId: string, address: string][] } {
  const tasks: unknown[] = []
  const passed: [string, string][] = []
  const later = async (more: unknown[]) => void tasks.push(...more)
  const passOn = async (remoteId: string, address: string) => void passed.push([remoteId, address])
  return { id: 'account', org: 'org', settings, memory: memoryOf(new Map()), tasks, later, passed, passOn, ...awakeOf(), ...more }
}

/** Words as they leave the house: to nobody in particular, and nothing beside them, but for what is said otherwise. */
export const draftOf = (text: string, more: Partial<Draft> = {}): Draft => ({
  id: newId(),
  to: [],
  copied: [],
  blindCopied: [],
  text,
  attachments: [],
  answers: [],
  ...more,
})

function awakeOf(): Pick<Account, 'wake' | 'awake'> {
  const listeners = new Set<[topic: string, listener: () => void]>()
  return {
    async wake(topic) {
      for (const [wanted, listener] of listeners) if (wanted === topic) listener()
    },
    awake(...entry) {
      listeners.add(entry)
      return () => void listeners.delete(entry)
    },
  }
}

function memoryOf(kept: Map<string, unknown>): Memory {
  return {
    get: async name => kept.get(name),
    async set(name, value, { fresh } = {}) {
      if (fresh && kept.has(name)) return false
      if (value === undefined) kept.delete(name)
      else kept.set(name, structuredClone(value))
      return true
    },
    async list(prefix, { after = '', limit = 1000 } = {}) {
      const names = [...kept.keys()].filter(name => name.startsWith(prefix) && name > after).sort()
      return names.slice(0, limit).map(name => ({ name, value: kept.get(name) }))
    },
  }
}

const runs = process.env.FULL ? 20_000 : 100

export function provesContract<S>(channel: Channel<S>, proof: Proof): void {
  describe(`the channel contract, kept by ${channel.name}`, () => {
    provesSettings(channel, proof)
    provesFolder(channel, proof)
    provesTruth(channel)
    provesAddresses(channel, proof)
    if (channel.can.listen ?? channel.can.read) provesHearing(channel, proof)
    provesDoors(channel)
  })
}

type Described = {
  label?: string
  help?: string
  secret?: boolean
  type?: string
  maxLength?: number
  maxItems?: number
  enum?: unknown[]
  format?: string
  pattern?: string
}
const fieldsOf = (schema: z.ZodType) =>
  (z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }).properties ?? {}) as Record<string, Described>

function provesSettings<S>(channel: Channel<S>, { settings }: Proof): void {
  const fields = Object.entries(fieldsOf(channel.settings))
  test('settings: each field has a name in the channel’s words, a secret is marked, a text has an end', () => {
    assert.ok(fields.length > 0)
    for (const [name, field] of fields) {
      assert.ok(field.label?.startsWith(`${channel.name}.`), `${name} has a label`)
      assert.equal(
        Boolean(field.secret),
        /password|secret|token|privatekey|apikey/i.test(name),
        `${name} is ${field.secret ? 'no' : 'a'} secret by its name`,
      )
      if (field.type === 'string' && !field.enum) assert.ok(field.maxLength, `${name} has a greatest length`)
      if (field.type === 'array') assert.ok(field.maxItems, `${name} has a greatest number`)
    }
  })
  test('settings: the example is taken, an unknown field or an empty one is not', () => {
    assert.ok(channel.settings.safeParse(settings).success)
    assert.ok(!channel.settings.safeParse({ ...settings, unknownField: 1 }).success)
    assert.ok(!channel.settings.safeParse({}).success)
    assert.ok(!channel.settings.safeParse(null).success)
  })
  test('what is asked first are some of the settings, three fields at most', () => {
    const asked = Object.keys(fieldsOf(channel.asks))
    assert.ok(asked.length >= 1 && asked.length <= 3)
    for (const name of asked)
      assert.ok(
        fields.some(([known]) => known === name),
        name,
      )
  })
}

function provesFolder<S>(channel: Channel<S>, { folder }: Proof): void {
  test('the folder bears the channel’s name and holds an icon and a readme', () => {
    assert.ok(folder.endsWith(`/${channel.name}`))
    const icon = readFileSync(join(folder, 'icon.svg'), 'utf8')
    assert.match(icon, /^<svg [^>]*viewBox="0 0 24 24"/)
    assert.doesNotMatch(icon, /script|href|style=|\son/i)
    assert.match(icon, /currentColor/)
    const lines = readFileSync(join(folder, 'README.md'), 'utf8').trim().split('\n').length
    assert.ok(lines >= 5 && lines <= 15, `README.md has ${lines} lines`)
  })
  test('every word is said in every language, with the same values, and no word is there for nothing', () => {
    const [first, ...others] = languages.map(language => messagesIn(folder, language))
    const used = new Set([...usedKeys(folder, channel.name), ...choiceKeys(channel)])
    assert.deepEqual(Object.keys(first!).sort(), [...used].sort())
    for (const other of others) {
      assert.deepEqual(Object.keys(other).sort(), Object.keys(first!).sort())
      for (const [key, text] of Object.entries(other)) assert.deepEqual(valuesIn(text), valuesIn(first![key]!), key)
    }
  })
}

function messagesIn(folder: string, language: string): Record<string, string> {
  const messages: Record<string, string> = JSON.parse(readFileSync(join(folder, 'locales', `${language}.json`), 'utf8'))
  for (const [key, text] of Object.entries(messages)) assert.ok(text.trim(), `${language} ${key}`)
  return messages
}

const valuesIn = (text: string): string[] => [...new Set([...text.matchAll(/\{(\w+)[,}]/g)].map(([, name]) => name!))].sort()

/** Keys named in the channel's code, without the channel's name. */
function usedKeys(folder: string, name: string): Set<string> {
  const files = readdirSync(folder).filter(file => /\.tsx?$/.test(file) && !file.endsWith('.test.ts'))
  const code = files.map(file => readFileSync(join(folder, file), 'utf8')).join('\n')
  return new Set([...code.matchAll(new RegExp(`['"\`]${name}\\.([a-zA-Z0-9]+)['"\`]`, 'g'))].map(([, key]) => key!))
}

/** Each choice of a field has words of its own: `security.tls`. */
const choiceKeys = <S>({ settings, name }: Channel<S>): string[] =>
  Object.values(fieldsOf(settings)).flatMap(({ enum: choices = [], label = '' }) =>
    choices.map(choice => `${label.slice(name.length + 1)}.${choice}`),
  )

const abilities = ['publish', 'listen', 'converse', 'react', 'follow', 'moderate', 'profile', 'metrics'] as const

function provesTruth<S>(channel: Channel<S>): void {
  test('the truth table says what the channel does: no more and no less', () => {
    const rows = new Map(channel.truth.map(row => [row.what, row]))
    assert.equal(rows.size, channel.truth.length, 'no row twice')
    for (const what of abilities) assert.equal(Boolean(rows.get(what)?.done), Boolean(channel.can[what]), what)
    for (const row of channel.truth) provesRow(row, channel.name)
  })
  test('limits are given and allow something', () => {
    for (const limits of [channel.can.publish?.limits, channel.can.converse?.limits]) {
      if (!limits) continue
      assert.ok(Number.isInteger(limits.text) && limits.text > 0)
      assert.ok(Number.isInteger(limits.attachments) && limits.attachments >= 0)
      assert.ok(Number.isInteger(limits.attachmentBytes) && limits.attachments > 0 === limits.attachmentBytes > 0)
    }
  })
  test('what may have been sent can be found out, or repeated without harm', () => {
    for (const sending of [channel.can.publish, channel.can.converse]) assert.ok(!sending || sending.lookUp || sending.repeatable)
  })
}

function provesRow({ what, allowed, done, provedBy, note }: Truth, name: string): void {
  if (done) assert.ok(allowed !== 'no' && provedBy !== 'nothing yet', `${what} is done, so it is allowed and proved`)
  else assert.ok(note?.startsWith(`${name}.`), `${what} says why it is not done`)
}

function provesAddresses<S>(channel: Channel<S>, { addresses }: Proof): void {
  test('making addresses equal twice is making them equal once, and nothing makes it fail', () => {
    for (const address of addresses) assert.ok(channel.normalise(address))
    const any = fc.oneof(fc.constantFrom(...addresses), fc.string({ unit: 'binary' }), fc.emailAddress(), fc.webUrl())
    fc.assert(
      fc.property(any, address => {
        const once = channel.normalise(address)
        assert.equal(channel.normalise(once), once)
      }),
      { numRuns: runs },
    )
  })
  test('its own kind of address is recognised', () => {
    if (channel.recognises) for (const address of addresses) assert.ok(channel.recognises(address), address)
  })
}

function provesHearing<S>(channel: Channel<S>, { folder, hear = unheard, faults = [] }: Proof): void {
  const place = join(folder, 'recordings')
  const recordings = existsSync(place)
    ? readdirSync(place).map(name => ({ name, bytes: new Uint8Array(readFileSync(join(place, name))) }))
    : []
  const known = new Set(Object.keys(messagesIn(folder, 'en')).map(key => `${channel.name}.${key}`))
  test(`each of ${recordings.length} recordings is heard, the same way each time`, async () => {
    assert.ok(recordings.length > 0)
    for (const { name, bytes } of recordings) {
      const heard = await hear(bytes)
      assert.ok(heard.length > 0, name)
      for (const each of heard) provesHeard(each, channel, known)
      assert.deepEqual(await hear(bytes), heard, name)
    }
  })
  test('damaged recordings are heard too, without a fault of ours', async () => {
    const kinds = fc.constantFrom<Damage>('cut', 'flip', 'repeat', 'insert', 'remove')
    const damage = fc.record({ kind: kinds, at: fc.double({ min: 0, max: 1, noNaN: true }), length: fc.nat(200), byte: fc.nat(255) })
    const damaged = fc.tuple(fc.constantFrom(...recordings), fc.array(damage, { minLength: 1, maxLength: 6 }))
    await fc.assert(
      fc.asyncProperty(damaged, async ([{ bytes }, damages]) => {
        for (const each of await hear(damages.reduce(harm, bytes))) {
          provesHeard(each, channel, known)
          if (each.is === 'message') assert.ok(!each.flaws?.some(flaw => faults.includes(flaw)), each.flaws?.join())
        }
      }),
      { numRuns: runs },
    )
  })
  test('anything at all is heard as something', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), async bytes => {
        for (const each of await hear(bytes)) provesHeard(each, channel, known)
      }),
      { numRuns: runs },
    )
  })
}

const unheard = async (): Promise<Heard[]> => assert.fail('a channel that hears says how')

function provesDoors<S>(channel: Channel<S>): void {
  test('its doors lie below its own name or among the well-known ones, each once', () => {
    const doors = channel.doors ?? []
    for (const { path } of doors) assert.ok(path.startsWith('/.well-known/') || path.startsWith(`/${channel.name}/`), path)
    assert.equal(new Set(doors.map(({ method, path }) => `${method} ${path}`)).size, doors.length)
  })
}

type Damage = 'cut' | 'flip' | 'repeat' | 'insert' | 'remove'

function harm(bytes: Uint8Array, { kind, at, length, byte }: { kind: Damage; at: number; length: number; byte: number }): Uint8Array {
  const place = Math.floor(at * bytes.length)
  const [before, some, after] = [bytes.slice(0, place), bytes.slice(place, place + length), bytes.slice(place + length)]
  if (kind === 'cut') return before
  if (kind === 'flip') return Uint8Array.from([...before, ...some.map(each => each ^ byte), ...after])
  if (kind === 'repeat') return Uint8Array.from([...before, ...some, ...some, ...after])
  return Uint8Array.from(kind === 'insert' ? [...before, byte, ...some, ...after] : [...before, ...after])
}

const whole = (text: string): boolean => text.isWellFormed() && !text.includes('\0')

/** What anything heard must be, so that it can be kept: texts that the database takes, handles of this network, moments, known flaws. */
export function provesHeard<S>(heard: Heard, channel: Channel<S>, known: Set<string>): void {
  assert.ok(heard.remoteId.length > 0 && heard.remoteId.length <= 600 && whole(heard.remoteId), 'remoteId')
  assert.ok(heard.at instanceof Date && !Number.isNaN(heard.at.getTime()), 'at')
  if (heard.is === 'report') assert.ok(heard.about && whole(heard.says) && heard.says.length <= 2000, 'report')
  else if (heard.is === 'message') provesMessage(heard, channel, known)
  else provesChange(heard, channel)
}

function provesChange<S>(heard: Exclude<Heard, HeardMessage | HeardReport>, channel: Channel<S>): void {
  assert.equal(heard.from.network, channel.name)
  assert.ok(heard.from.address && heard.from.address.length <= 500 && whole(heard.from.address), 'from')
  if (heard.is === 'move')
    assert.ok(
      heard.to.network === channel.name &&
        heard.to.address &&
        channel.normalise(heard.to.address) !== channel.normalise(heard.from.address),
      'to',
    )
  else if (heard.is !== 'follow' && heard.is !== 'consent') assert.ok(heard.about && whole(heard.about), 'about')
  if (heard.is === 'reaction') assert.ok(heard.kind && heard.kind.length <= 40 && whole(heard.kind), 'kind')
  if (heard.is === 'tally') provesPoll(heard.poll)
  if (heard.is === 'edit')
    for (const text of [heard.text, heard.subject ?? '', heard.html ?? '']) assert.ok(whole(text) && text.length <= 8_000_000, 'text')
}

function provesPoll({ choices, endsAt }: Poll): void {
  assert.ok(choices.length > 0 && !Number.isNaN(endsAt?.getTime() ?? 0), 'poll')
  for (const { name } of choices) assert.ok(whole(name) && name.length <= 2000, 'choice')
}

function provesMessage<S>(heard: HeardMessage, channel: Channel<S>, known: Set<string>): void {
  for (const handle of [heard.from, ...heard.to, ...heard.copied, ...(heard.replyTo ?? [])]) {
    assert.equal(handle.network, channel.name)
    assert.ok(handle.address && handle.address.length <= 500 && whole(handle.address) && whole(handle.name ?? ''), 'handle')
  }
  const { also } = heard.from
  if (also) assert.ok(also.address && also.address.length <= 500 && whole(also.address), 'also')
  for (const text of [heard.text, heard.subject ?? '', heard.html ?? '', heard.quoted ?? '']) assert.ok(whole(text), 'text')
  assert.ok(heard.text.length <= 1_000_000 && (heard.subject ?? '').length <= 1000 && heard.answers.length <= 200)
  for (const { name, type, content } of heard.attachments) {
    assert.ok(name && name.length <= 255 && whole(name) && !/[/\\]/.test(name), `file name ${JSON.stringify(name)}`)
    assert.match(type, /^[\w.+-]+\/[\w.+-]+$/)
    assert.ok(content instanceof Uint8Array)
  }
  for (const text of [heard.warning ?? '', heard.quotes ?? ''])
    assert.ok(whole(text) && text.length <= 2000, 'what stands beside the words')
  if (heard.poll) provesPoll(heard.poll)
  if (heard.waits) assert.ok(heard.open && channel.can.moderate, 'only what can be shown to everybody waits for that')
  for (const flaw of heard.flaws ?? []) assert.ok(known.has(flaw), flaw)
}
