/** For tests: our account on a scripted server, which stands for as long as the tests of a file. */
import { after, before, beforeEach } from 'node:test'
import { setClock } from '#kernel/clock.ts'
import { allowHosts } from '#kernel/fetch.ts'
import { newId } from '#kernel/ids.ts'
import { accountOf, draftOf } from '#social/channels/contract.ts'
import type { Draft } from '#social/channels/words.ts'
import { channel } from './channel.ts'
import type { Settings } from './settings.ts'
import { type Scripted, scripted, settings } from './testing.ts'

export let server: Scripted
export let account: ReturnType<typeof accountOf<Settings>>
export const { publish, converse, listen, amend, react, metrics, profile } = channel.can as Required<typeof channel.can>

export function onServer(): void {
  before(async () => {
    server = await scripted()
    allowHosts(['localhost', '127.0.0.0/8'])
  })
  after(() => {
    allowHosts([])
    server.stop()
  })
  beforeEach(() => {
    server.reset()
    setClock()
    // Another token each time: allowances are kept by it.
    account = accountOf({ ...settings, server: server.origin, token: newId() }, { id: newId() })
  })
}

export const draft = (text: string, more: Partial<Draft> = {}): Draft => draftOf(text, { open: true, language: 'en', ...more })
export const said = () => [...server.posts.values()].map(({ asked }) => asked as Record<string, unknown>).filter(Boolean)
export const times = (name: string) => server.asked.filter(each => each === name).length
export const texts = () => said().map(({ status }) => status)
export const minutes = (count: number, from = Date.now()) => setClock(() => new Date(from + count * 60_000))
export const idOf = (post: Record<string, unknown>) => `${new URL(server.origin).host}/statuses/${post.id}`
export const anna = { network: 'mastodon', address: '@anna@kund.example' }
export const theirs = (more: Record<string, unknown> = {}) =>
  server.add({ account: server.accounts['2'], content: '<p>Is it?</p>', ...more })
