/** Whom an account neither hears nor writes to: hosts with all below them, and single addresses, as they stand in lists that people share. */
import { hour, lasting } from './lasting.ts'
import { hashOf, hostOf, normalise } from './names.ts'
import type { Settings } from './settings.ts'

type List = Pick<Settings, 'blocked'>

const read = lasting<Set<string>>(50)

/** One of each line: what stands before the first comma, so that lists exported by other servers can be pasted as they are. */
function namesIn({ blocked }: List): Set<string> {
  const name = hashOf(blocked)
  const known = read.get(name)
  if (known) return known
  const names = new Set(blocked.split('\n').map(line => normalise(line.split(',', 1)[0]!)))
  names.delete('')
  read.set(name, names, hour)
  return names
}

/** `id` is that of an actor or of anything on its host. */
export function isBlocked(list: List, id: string, address?: string): boolean {
  if (!list.blocked) return false
  const names = namesIn(list)
  if (names.has(id.toLowerCase()) || (address && names.has(normalise(address)))) return true
  const labels = hostOf(id).split(':', 1)[0]!.split('.')
  return names.has(hostOf(id)) || labels.some((_, index) => names.has(labels.slice(index).join('.')))
}
