/** How those are called whom a stream names by their lasting ids only. */
import { z } from 'zod'
import { ChannelError } from '#kernel/errors.ts'
import type { Handle, Passing } from '#social/channels/words.ts'
import { isDid } from './names.ts'
import { ask, type On } from './session.ts'
import { handleOf, type Read } from './translate.ts'

/** `followers`: how many they had when they were asked for. */
interface Called {
  handle: Handle
  followers: number | undefined
}

const known = new Map<string, Called>()
const [mostKnown, atOnce, mostAsked] = [20_000, 25, 4]

/** They are called otherwise from now on, or nobody knows how. */
export const forgetName = (did: string): boolean => known.delete(did)

interface Told {
  read: Read[]
  passing: Passing[]
}

/** With names and handles as far as they are known or can be had in few requests; who stays unnamed is named when heard again. Never throws ChannelError. */
export async function named(account: On, { read, passing }: Told): Promise<Told> {
  const dids = [...read.map(({ heard }) => didIn(heard)), ...passing.map(didPassing)]
  const unknown = [...new Set(dids)].filter(did => did !== undefined && !known.has(did)) as string[]
  const parts = Array.from({ length: Math.min(mostAsked, Math.ceil(unknown.length / atOnce)) }, (_, at) => unknown.slice(at * atOnce, (at + 1) * atOnce)) // biome-ignore format: one list
  await Promise.all(parts.map(dids => learn(account, dids)))
  return { read: read.map(withName), passing: passing.map(introduced) }
}

function withName(each: Read): Read {
  const from = known.get(didIn(each.heard) ?? '')?.handle
  return from ? { ...each, heard: { ...each.heard, from } as Read['heard'] } : each
}

function introduced(each: Passing): Passing {
  const it = known.get(didPassing(each) ?? '')
  return it && !('gone' in each) ? { ...each, from: it.handle, ...(it.followers !== undefined && { followers: it.followers }) } : each
}

const didPassing = (it: Passing): string | undefined => ('gone' in it ? undefined : it.from.remoteId)

/** Of whoever is called by it alone. */
function didIn(heard: Read['heard']): string | undefined {
  const from = 'from' in heard ? heard.from : undefined
  return from && from.address === from.remoteId && isDid(from.address) ? from.address : undefined
}

const author = z.object({ did: z.string().max(300), handle: z.string().max(300).catch(''), displayName: z.string().catch('') })
const counted = author.extend({ followersCount: z.int().min(0).optional().catch(undefined) })
const profiles = z.object({ profiles: z.array(counted.nullable().catch(null)).max(100) })

async function learn(account: On, actors: string[]): Promise<void> {
  try {
    const answer = await ask(account, { name: 'app.bsky.actor.getProfiles', query: { actors } }, profiles)
    for (const each of answer.profiles) if (each && actors.includes(each.did)) remember(each)
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error
  }
}

function remember({ followersCount: followers, ...it }: z.output<typeof counted>): void {
  known.set(it.did, { handle: handleOf(it), followers })
  if (known.size > mostKnown) known.delete(known.keys().next().value!)
}
