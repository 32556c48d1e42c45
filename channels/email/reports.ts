/** What other servers say became of a mail of ours: bounces, delays, receipts (RFC 3464, RFC 8098, and the older habits). Pure. */
import { cleanName } from '#kernel/plain.ts'
import type { HeardReport } from '#social/channels/words.ts'
import { contentOf, contentType, header, type Mail, messageIds } from './mime.ts'

type Outcome = HeardReport['outcome']
type Fields = Map<string, string>

/** One report for each recipient the mail speaks of; none when it is not a report, or does not tell about which mail. */
export function reportsIn(mail: Mail, remoteId: string, at: Date): HeardReport[] {
  const about = aboutWhich(mail)
  if (!about) return []
  return findings(mail).map((finding, index) => ({
    is: 'report',
    remoteId: index ? `${remoteId}#${index + 1}` : remoteId,
    at,
    about,
    ...finding,
  }))
}

type Finding = Pick<HeardReport, 'outcome' | 'says' | 'recipient'>

function findings(mail: Mail): Finding[] {
  const kind = contentType(mail)
  const status = part(mail, 'message/delivery-status') ?? part(mail, 'message/global-delivery-status')
  if (status) return delivery(status)
  const receipt = part(mail, 'message/disposition-notification')
  if (receipt && kind.type === 'multipart/report') return disposition(receipt)
  return oldStyle(mail)
}

/** RFC 3464: a group of fields about the message, then one for each recipient. */
function delivery(status: string): Finding[] {
  const groups = status
    .split(/\n[ \t]*\n/)
    .slice(0, 200)
    .map(fieldsOf)
  return groups.flatMap(fields => {
    const outcome = outcomeOf(fields)
    if (!outcome) return []
    const recipient = addressIn(fields.get('original-recipient') ?? fields.get('final-recipient') ?? '')
    const says = fields.get('diagnostic-code')?.replace(/^[\w-]{1,20};\s?/, '') || fields.get('status') || fields.get('action') || ''
    return [{ outcome, says: cleanName(says, 1000), ...(recipient && { recipient }) }]
  })
}

const actions: Record<string, Outcome> = {
  failed: 'failed',
  delayed: 'delayed',
  delivered: 'delivered',
  relayed: 'delivered',
  expanded: 'delivered',
}
const classes: Record<string, Outcome> = { 2: 'delivered', 4: 'delayed', 5: 'failed' }

function outcomeOf(fields: Fields): Outcome | undefined {
  const action = fields
    .get('action')
    ?.toLowerCase()
    .match(/^[a-z]{1,20}/)?.[0]
  const status = fields.get('status')?.trim()[0]
  if (!fields.has('final-recipient') && !fields.has('original-recipient') && !action) return undefined
  return (action && actions[action]) || (status && classes[status]) || undefined
}

function disposition(receipt: string): Finding[] {
  const fields = fieldsOf(receipt)
  const recipient = addressIn(fields.get('original-recipient') ?? fields.get('final-recipient') ?? '')
  const said = cleanName(fields.get('disposition') ?? '', 1000)
  return said ? [{ outcome: 'delivered', says: said, ...(recipient && { recipient }) }] : []
}

const undelivered =
  /undeliver|delivery (status|fail)|delivery has failed|returned mail|failure notice|mail delivery|nicht zustellbar|unzustellbar|zustellung|onbestelbaar|bezorg|kan inte levereras|leverans|could not send|delayed/i
const delayed = /delayed|will (be )?(keep|continue|re)?try|not yet been delivered|warning|verzögert|vertraagd|fördröj/i
const machine = /^(mailer-daemon|postmaster|mailerdaemon)@|^<>$/i

/** Before RFC 3464, and servers that never learned it: the words of the subject, the sender, Exim's header. */
function oldStyle(mail: Mail): Finding[] {
  const failed = header(mail, 'x-failed-recipients')
  const sender = mail.from?.address ?? ''
  const nobody = machine.test(sender) || header(mail, 'return-path')?.trim() === '<>'
  if (!failed && !(nobody && undelivered.test((mail.subject ?? '').slice(0, 500)))) return []
  const text = (mail.text ?? '').slice(0, 20_000)
  const outcome: Outcome = !failed && delayed.test(`${mail.subject ?? ''}`.slice(0, 500)) ? 'delayed' : 'failed'
  const recipient = addressIn(failed ?? text)
  return [{ outcome, says: wordsOf(text), ...(recipient && { recipient }) }]
}

/** The line with the other server's code, such as `550 5.1.1 …`; else the beginning. */
function wordsOf(text: string): string {
  const line = text.split('\n').find(each => /\b[45]\d\d[ -]|\b[45]\.\d{1,3}\.\d{1,3}\b/.test(each.slice(0, 500)))
  return cleanName(line ?? text.slice(0, 300), 1000)
}

/** Our own mail's id: in the copy that came back, in the receipt's field, in the headers, or else somewhere in the text. */
function aboutWhich(mail: Mail): string | undefined {
  const copy =
    part(mail, 'message/rfc822') ??
    part(mail, 'text/rfc822-headers') ??
    part(mail, 'message/rfc822-headers') ??
    part(mail, 'message/global')
  const receipt = part(mail, 'message/disposition-notification')
  const found = [
    copy && fieldsOf(headOf(copy)).get('message-id'),
    receipt && fieldsOf(receipt).get('original-message-id'),
    header(mail, 'in-reply-to'),
  ]
  const last = [...found, messageIds(header(mail, 'references')).at(-1), inText(mail.text ?? '')]
  return last.flatMap(value => messageIds(value ? bracketed(value) : ''))[0]
}

const bracketed = (value: string): string => (value.includes('<') ? value : `<${value.trim()}>`)

function inText(text: string): string | undefined {
  const line = text
    .slice(0, 50_000)
    .split('\n')
    .find(each => /^[>\s]{0,8}message-id:/i.test(each))
  return line?.slice(line.indexOf(':') + 1)
}

const headOf = (message: string): string => message.trimStart().split(/\n[ \t]*\n/, 1)[0] ?? ''

function part(mail: Mail, type: string): string | undefined {
  const found = mail.attachments.find(({ mimeType }) => mimeType === type)
  return found && Buffer.from(contentOf(found.content)).subarray(0, 256_000).toString('utf8').replaceAll('\r\n', '\n')
}

/** Header-like lines with their folds undone; the first of a name counts. */
function fieldsOf(text: string): Fields {
  const fields: Fields = new Map()
  for (const line of text
    .replace(/\n[ \t]+/g, ' ')
    .split('\n')
    .slice(0, 500)) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).trim().toLowerCase()
    if (colon > 0 && colon < 60 && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim())
  }
  return fields
}

function addressIn(text: string): string | undefined {
  const words = text.slice(0, 20_000).split(/[\s<>;:,"'()[\]]/)
  const found = words.find(word => /^[^@]{1,64}@[a-z0-9.-]{1,250}$/i.test(word))
  return found?.endsWith('.') ? found.slice(0, -1) : found
}
