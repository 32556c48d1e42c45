/** Mail addresses read in one way only: no quotes, no comments, one `@`, domains in their ASCII form. Pure. */
import { domainToASCII } from 'node:url'
import type { Address, Mailbox } from 'postal-mime'
import { cleanName } from '#kernel/plain.ts'
import type { Handle } from '#social/channels/words.ts'

const local = /^[^\s"(),:;<>@[\\\]\p{C}]{1,64}$/u
const domain = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/

/** The address in small letters with an ASCII domain; nothing when it is not one that a mail can be sent to. */
export function readAddress(text: string): string | undefined {
  const plain = text.trim().normalize('NFC').toLowerCase()
  const at = plain.lastIndexOf('@')
  const host = at < 1 || plain.length > 320 ? '' : domainToASCII(plain.slice(at + 1).replace(/\.$/, ''))
  return local.test(plain.slice(0, Math.max(0, at))) && domain.test(host) ? `${plain.slice(0, at)}@${host}` : undefined
}

const dotless = new Set(['gmail.com', 'googlemail.com'])

/** Two addresses that reach the same mailbox are equal after this; a text that is no address only loses its outer space and capitals. */
export function normalise(text: string): string {
  const address = readAddress(text)
  if (!address) return text.trim().toLowerCase()
  const [name = '', host = ''] = address.split('@')
  return dotless.has(host) ? `${name.replaceAll('.', '') || name}@gmail.com` : address
}

/** A mailbox as a handle; groups are opened, nonsense is left out, at most `most`. */
export function handlesIn(list: Address[] | undefined, most = 500): Handle[] {
  const boxes = (list ?? []).flatMap(each => (each.group ? each.group : [each]))
  return boxes.slice(0, most).flatMap(box => handleOf(box) ?? [])
}

export function handleOf(box: Mailbox | undefined): Handle | undefined {
  const address = box && readAddress(box.address ?? '')
  if (!box || !address) return undefined
  const name = cleanName(box.name)
  return { network: 'email', address, ...(name && name.toLowerCase() !== address && { name }) }
}
