/** For tests: two houses that talk, care and a shop, anew for each test of a file. */
import assert from 'node:assert/strict'
import { after, before, beforeEach } from 'node:test'
import { setClock } from '#kernel/clock.ts'
import { newId } from '#kernel/ids.ts'
import { draftOf } from '#social/channels/contract.ts'
import type { Draft, HeardMessage } from '#social/channels/words.ts'
import { network } from './names.ts'
import { type Member, startWorld, type World } from './testing.ts'

export let world: World
export let care: Member
export let shop: Member

export function twoHouses(): void {
  before(async () => {
    setClock()
    world = await startWorld()
  })
  after(async () => {
    await world.stop()
    setClock()
  })
  beforeEach(() => {
    const mark = newId().slice(-6)
    care = world.join('care', `care${mark}`)
    shop = world.join('shop', `shop${mark}`, { about: 'We answer <fast>.' })
  })
}

export const messages = (member: Member) => member.heard.filter((each): each is HeardMessage => each.is === 'message')
export const json = async (url: string, headers?: Record<string, string>) =>
  (await (await world.get(url, headers)).json()) as Record<string, unknown>
export const addressed = ({ settings, id }: Member) => ({
  network,
  address: `${settings.username}@${new URL(settings.server).host}`,
  remoteId: id,
})
export const draft = (text: string, more: Partial<Draft> = {}): Draft => draftOf(text, { open: true, ...more })

export function remoteIdOf(it: { state: string; remoteId?: string }): string {
  assert.equal(it.state, 'done')
  return it.remoteId!
}
