/** What is asked, and what stands first. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setClock } from '#kernel/clock.ts'
import { newId } from '#kernel/ids.ts'
import { draftOf } from '#social/channels/contract.ts'
import { channel } from './channel.ts'
import type { Stranger } from './testing.ts'
import { addressed, care, draft, json, remoteIdOf, shop, twoHouses, world } from './testing-houses.ts'

describe('polls and pins', () => {
  twoHouses()

  test('a poll of ours takes one vote of each, in private and until its end; how it stands is told once a minute, and at the end to all who voted', async () => {
    const fan = world.stranger('social', `f${newId().slice(-6)}`)
    await fan.post(`${care.id}/inbox`, { id: `${fan.id}#follow`, type: 'Follow', actor: fan.id, object: care.id })
    const start = new Date('2026-03-12T10:00:00Z')
    const at = (minutes: number) => setClock(() => new Date(start.getTime() + minutes * 60_000))
    at(0)
    const ask = async (many?: true) => {
      const it = draft('Which?', { poll: { choices: ['Red', 'Blue'], minutes: 60, ...(many && { many }) } })
      const id = remoteIdOf(await channel.can.publish!.send(care.account, it, it.id))
      // What is due at the end is brought about by hand.
      const tally = care.account.tasks.pop()
      await world.settle()
      world.brought.length = 0
      return { id, tally: () => care.account.later([tally]).then(() => world.settle()) }
    }
    const voters = [1, 2].map(mark => world.stranger('social', `v${mark}${newId().slice(-6)}`))
    const [one, two] = voters as [Stranger, Stranger]
    const vote = (who: Stranger, inReplyTo: string, name: string, more: Record<string, unknown> = {}) => {
      const id = `${who.id}/${newId()}`
      const object = { id, type: 'Note', attributedTo: who.id, to: [care.id], inReplyTo, name, ...more }
      return who.post(`${care.id}/inbox`, { id: `${id}#vote`, type: 'Create', actor: who.id, to: [care.id], object })
    }
    const standing = async (id: string) =>
      (await channel.can.metrics!.read(care.account, [id, `${care.id}/none`])).map(({ value }) => value)
    const heard = () => care.heard.filter(each => each.is === 'message').length

    const single = await ask()
    const { type, oneOf, endTime } = await json(single.id)
    assert.deepEqual([type, (oneOf as unknown[]).length, endTime], ['Question', 2, '2026-03-12T11:00:00.000Z'])
    for (const [who, name] of [[one, 'Blue'], [one, 'Red'], [one, 'Blue'], [two, 'Green']] as const) assert.equal(await vote(who, single.id, name), 202) // biome-ignore format: one line
    assert.equal(care.account.tasks.length, 1, 'told once a minute')
    await world.settle()
    assert.deepEqual([await standing(single.id), heard()], [[0, 1], 0])
    assert.deepEqual(world.brought.map(({ path, body }) => [path, body.type, (body.object as { votersCount: number }).votersCount]), [['/activitypub/inbox', 'Update', 1]]) // biome-ignore format: one line
    await vote(two, single.id, 'Red', { content: '<p>Red, of course</p>' })
    assert.equal(heard(), 1, 'an answer in words is no vote')
    await channel.can.amend!.edit!(care.account, single.id, draft('Which one?', { poll: { choices: ['Red', 'Blue'], minutes: 60 } }))
    assert.deepEqual(await standing(single.id), [0, 1], 'votes outlast a change of words')
    await world.settle()
    at(61)
    await vote(two, single.id, 'Red')
    world.brought.length = 0
    await single.tally()
    assert.deepEqual([await standing(single.id), (await json(single.id)).closed], [[0, 1], endTime])
    const told = world.brought.filter(({ body }) => body.type === 'Update').map(({ path }) => path)
    assert.deepEqual(told.sort(), [new URL(`${one.id}/inbox`).pathname, '/activitypub/inbox'].sort())

    at(120)
    const several = await ask(true)
    for (const name of ['Red', 'Blue', 'Red']) await vote(one, several.id, name)
    await world.settle()
    assert.deepEqual([await standing(several.id), (await json(several.id)).votersCount], [[1, 1], 1])
    assert.match(await (await world.get(several.id, { accept: 'text/html' })).text(), /<li>Red: 1<\/li><li>Blue: 1<\/li>/)
    setClock()
  })

  test('what is pinned is featured, the latest first, and followers hear of it; what is taken back or not for everybody is not', async () => {
    const who = world.stranger('social', `p${newId().slice(-6)}`)
    await who.post(`${care.id}/inbox`, { id: `${who.id}#follow`, type: 'Follow', actor: who.id, object: care.id })
    await world.settle()
    const say = async (text: string) => remoteIdOf(await channel.can.publish!.send(care.account, draft(text), newId()))
    const [one, two] = [await say('One'), await say('Two')]
    const alone = remoteIdOf(await channel.can.converse!.reply(care.account, draftOf('Alone', { to: [addressed(shop)] }), newId()))
    await world.settle()
    world.brought.length = 0
    const { pin } = channel.can.amend!
    for (const [at, id, undone] of [
      [0, one, false],
      [1, one, false],
      [2, two, false],
      [3, two, true],
      [4, two, false],
    ] as const) {
      // biome-ignore format: one line
      setClock(() => new Date(Date.now() + at * 1000))
      await pin!(care.account, id, undone)
    }
    setClock()
    const featured = async () => ((await json(`${care.id}/featured`)).orderedItems as { id: string }[]).map(({ id }) => id)
    assert.deepEqual(await featured(), [two, one])
    await world.settle()
    const told = world.brought.map(({ body }) => [body.type, body.object, body.target === `${care.id}/featured`].join(' ')).sort()
    assert.deepEqual(told, [`Add ${one} true`, `Add ${two} true`, `Add ${two} true`, `Remove ${two} true`].sort())
    await channel.can.amend!.remove!(care.account, two)
    assert.deepEqual(await featured(), [one])
    for (const none of [alone, `${care.id}/notes/${'A'.repeat(22)}`, `${shop.id}/notes/${'A'.repeat(22)}`])
      await assert.rejects(pin!(care.account, none, false), { kind: 'rejected', says: 'activitypub.notOurs' })
  })
})
