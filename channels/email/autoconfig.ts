/** Where a domain's mail servers are, from what the domain itself says and from habit. Nothing here connects to a mail server. */
import { promises as names } from 'node:dns'
import { Parser } from 'htmlparser2'
import { guardedFetch } from '#kernel/fetch.ts'
import { domainOf, type Security } from './settings.ts'

export interface Server {
  kind: 'imap' | 'smtp'
  host: string
  port: number
  security: Exclude<Security, 'none'>
  /** With what name to sign in; the address and its first part are tried where nothing is said. */
  user?: string
  /** The domain itself named it; otherwise it is a guess. */
  named: boolean
}

const patience = 4000

/** Servers named by the domain first, then by whoever receives its mail, then the usual names; each at most once. Never throws. */
export async function serversFor(address: string): Promise<Server[]> {
  const domain = domainOf(address)
  const [own, wellKnown, services, receivers] = await Promise.all([
    configAt(`https://autoconfig.${domain}/mail/config-v1.1.xml?emailaddress=${encodeURIComponent(address)}`, address),
    configAt(`https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`, address),
    servicesOf(domain),
    receiversOf(domain),
  ])
  const found = [...own, ...wellKnown, ...services]
  return unique(hasBoth(found) ? found : [...found, ...(await byReceiver(receivers, address)), ...guesses(domain)])
}

const hasBoth = (found: Server[]): boolean => found.some(({ kind }) => kind === 'imap') && found.some(({ kind }) => kind === 'smtp')

function unique(all: Server[]): Server[] {
  const seen = new Map(all.toReversed().map(each => [`${each.kind} ${each.host} ${each.port}`, each]))
  return all.filter(each => seen.get(`${each.kind} ${each.host} ${each.port}`) === each)
}

async function configAt(url: string, address: string): Promise<Server[]> {
  try {
    const answer = await guardedFetch(url, { maxBytes: 200_000, timeoutMs: patience })
    return answer.status === 200 ? readConfig(Buffer.from(answer.bytes).toString('utf8'), address) : []
  } catch {
    return []
  }
}

/** Servers in an autoconfig document (`clientConfig` 1.1), in its order; those that want no password or no encryption are left out. */
export function readConfig(xml: string, address: string): Server[] {
  const servers: Server[] = []
  let fields: Record<string, string> | undefined
  let open = ''
  const reader = new Parser(
    {
      onopentag(name, attributes) {
        if (name === 'incomingServer' || name === 'outgoingServer') fields = { type: attributes.type ?? '' }
        open = name
      },
      ontext(text) {
        if (fields && ['hostname', 'port', 'socketType', 'username', 'authentication'].includes(open))
          fields[open] = `${fields[open] ?? ''}${text}`.slice(0, 500)
      },
      onclosetag(name) {
        const server = fields && name.endsWith('Server') ? serverFrom(fields, address) : undefined
        if (server) servers.push(server)
        if (name.endsWith('Server')) fields = undefined
        open = ''
      },
    },
    { xmlMode: true, decodeEntities: true },
  )
  reader.end(xml.slice(0, 200_000))
  return servers.slice(0, 20)
}

function serverFrom(fields: Record<string, string>, address: string): Server | undefined {
  const at = (name: string) => (fields[name] ?? '').trim()
  const security = { SSL: 'tls', STARTTLS: 'starttls' }[at('socketType').toUpperCase()] as Server['security'] | undefined
  const host = filled(at('hostname'), address).toLowerCase()
  const port = Number(at('port'))
  const kind = at('type')
  if ((kind !== 'imap' && kind !== 'smtp') || !security || !isHost(host) || !(port > 0 && port < 65536)) return undefined
  const user = filled(at('username'), address)
  return { kind, host, port, security, named: true, ...(user && { user }) }
}

const filled = (text: string, address: string): string =>
  text
    .replaceAll('%EMAILADDRESS%', address)
    .replaceAll('%EMAILLOCALPART%', address.slice(0, address.lastIndexOf('@')))
    .replaceAll('%EMAILDOMAIN%', domainOf(address))

const isHost = (host: string): boolean => /^[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?$/.test(host)

/** Service records (RFC 6186, RFC 8314): encrypted from the start is preferred. */
async function servicesOf(domain: string): Promise<Server[]> {
  const kinds = [
    { name: '_imaps._tcp', kind: 'imap', security: 'tls' },
    { name: '_imap._tcp', kind: 'imap', security: 'starttls' },
    { name: '_submissions._tcp', kind: 'smtp', security: 'tls' },
    { name: '_submission._tcp', kind: 'smtp', security: 'starttls' },
  ] as const
  const found = await Promise.all(
    kinds.map(async each => (await inTime(names.resolveSrv(`${each.name}.${domain}`))).map(record => ({ ...each, record }))),
  )
  return found
    .flatMap(records => records.sort((a, b) => a.record.priority - b.record.priority || b.record.weight - a.record.weight))
    .map(({ kind, security, record }) => ({
      kind,
      security,
      host: record.name.toLowerCase().replace(/\.$/, ''),
      port: record.port,
      named: true,
    }))
    .filter(({ host, port }) => isHost(host) && port > 0)
}

async function inTime<T>(question: Promise<T[]>): Promise<T[]> {
  const late = new Promise<T[]>(resolve => setTimeout(resolve, patience, []).unref())
  return Promise.race([question.catch(() => []), late])
}

const receiversOf = async (domain: string): Promise<string[]> =>
  (await inTime(names.resolveMx(domain)))
    .sort((a, b) => a.priority - b.priority)
    .map(({ exchange }) => exchange.toLowerCase().replace(/\.$/, ''))

/** Large providers receive mail under other names than they hand it out: the end of the receiver's name, then the servers for reading and sending. */
const providers: [string, string, string, Server['security'], number][] = [
  ['google.com', 'imap.gmail.com', 'smtp.gmail.com', 'tls', 465],
  ['googlemail.com', 'imap.gmail.com', 'smtp.gmail.com', 'tls', 465],
  ['outlook.com', 'outlook.office365.com', 'smtp.office365.com', 'starttls', 587],
  ['mail.icloud.com', 'imap.mail.me.com', 'smtp.mail.me.com', 'starttls', 587],
  ['yahoodns.net', 'imap.mail.yahoo.com', 'smtp.mail.yahoo.com', 'tls', 465],
  ['messagingengine.com', 'imap.fastmail.com', 'smtp.fastmail.com', 'tls', 465],
  ['kundenserver.de', 'imap.ionos.de', 'smtp.ionos.de', 'tls', 465],
  ['one.com', 'imap.one.com', 'send.one.com', 'tls', 465],
  ['zoho.eu', 'imap.zoho.eu', 'smtp.zoho.eu', 'tls', 465],
  ['zoho.com', 'imap.zoho.com', 'smtp.zoho.com', 'tls', 465],
  ['loopia.se', 'mailcluster.loopia.se', 'mailcluster.loopia.se', 'starttls', 587],
  ['transip.email', 'imap.transip.email', 'smtp.transip.email', 'tls', 465],
  ['strato.de', 'imap.strato.de', 'smtp.strato.de', 'tls', 465],
]

async function byReceiver(receivers: string[], address: string): Promise<Server[]> {
  const [first] = receivers
  if (!first) return []
  const provider = providers.find(([ending]) => first === ending || first.endsWith(`.${ending}`))
  if (provider) return pair(provider[1], { host: provider[2], port: provider[4], security: provider[3] })
  const parent = first.split('.').slice(-2).join('.')
  if (!isHost(parent) || parent === domainOf(address)) return []
  return [...(await configAt(`https://autoconfig.${parent}/mail/config-v1.1.xml`, address)), ...guesses(parent)]
}

const pair = (imap: string, smtp: Pick<Server, 'host' | 'port' | 'security'>): Server[] => [
  { kind: 'imap', host: imap, port: 993, security: 'tls', named: false },
  { kind: 'smtp', ...smtp, named: false },
]

/** What nearly everybody calls their mail servers. */
export function guesses(domain: string): Server[] {
  const imap = ['imap', 'mail'].map(name => `${name}.${domain}`).concat(domain)
  const smtp = ['smtp', 'mail'].map(name => `${name}.${domain}`).concat(domain)
  const server = (kind: Server['kind'], port: number, security: Server['security']) => (host: string) => ({
    kind,
    host,
    port,
    security,
    named: false,
  })
  return [
    ...imap.map(server('imap', 993, 'tls')),
    ...imap.map(server('imap', 143, 'starttls')),
    ...smtp.map(server('smtp', 465, 'tls')),
    ...smtp.map(server('smtp', 587, 'starttls')),
  ]
}
