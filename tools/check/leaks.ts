/** Nothing that belongs to one machine or one person is committed: paths, hosts of a registry, secrets; and no half-done merge. */
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { excuses, type Fault, type Part, type Tree } from './tree.ts'

export const leaks: Part = {
  name: 'leaks',
  async run(tree) {
    const excuse = excuses(tree, 'leaks')
    const signs = [...always, ...ofThisMachine(tree.root), ...foreignRegistries(tree.root)]
    const faults = tree.files.filter(isText).flatMap(path => signsIn(tree, path, signs).filter(({ what }) => !excuse.cover(path, what)))
    return [...faults.map(({ at, says }) => ({ at, says })), ...excuse.idle()]
  },
}

interface Sign {
  what: string
  pattern: RegExp
}

const always: Sign[] = [
  { what: 'a path of one machine', pattern: /(?:^|[\s"'`(=])\/(?:home|Users)\/[a-z][\w.-]{0,40}\//m },
  { what: 'a private key', pattern: /-----BEGIN (?:[A-Z]{1,10} )?PRIVATE KEY-----\s+[A-Za-z0-9+/]{20}/ },
  {
    what: 'an access token',
    pattern: /\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|npm_[A-Za-z0-9]{36}|xox[abprs]-[0-9]{8}|glpat-[\w-]{20})/,
  },
  { what: 'a half-done merge', pattern: /^(?:<{7}|>{7}) \S/m },
]

const common = ['/', '/app', '/data', '/home', '/mnt', '/opt', '/root', '/srv', '/tmp', '/usr', '/usr/src', '/var', '/workspace']

/** Where this checkout lies, and the folder around it, unless that is a folder which every machine has. */
function ofThisMachine(root: string): Sign[] {
  const around = dirname(root)
  const path = common.includes(around) ? root : around
  return [{ what: 'a path of this machine', pattern: new RegExp(`(?<![\\w.-])${escaped(path)}(?:/|\\b)`) }]
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** The registry that this machine installs from, when it is not the public one. */
function foreignRegistries(root: string): Sign[] {
  const files = [join(root, '.npmrc'), join(homedir(), '.npmrc')].filter(path => existsSync(path)).map(path => readFileSync(path, 'utf8'))
  const named = files.flatMap(text => text.split('\n')).filter(line => line.split('=')[0]!.trim().endsWith('registry'))
  return [process.env.npm_config_registry ?? '', ...named.map(line => line.slice(line.indexOf('=') + 1).trim())]
    .map(hostOf)
    .filter(host => host && host !== 'registry.npmjs.org')
    .map(host => ({ what: 'the registry of this machine', pattern: new RegExp(escaped(host)) }))
}

const hostOf = (address: string): string => (URL.canParse(address) ? new URL(address).host : '')

const isText = (path: string): boolean => !/\.(png|jpe?g|gif|webp|avif|ico|woff2?|ttf|zip|gz|pdf|mp4|sqlite)$/i.test(path)

function signsIn(tree: Tree, path: string, signs: Sign[]): (Fault & { what: string })[] {
  const text = tree.read(path)
  return [...signs, ...(path === 'package-lock.json' ? [otherHost] : [])].flatMap(({ what, pattern }) => {
    const found = pattern.exec(text)
    return found ? [{ at: `${path}:${text.slice(0, found.index).split('\n').length}`, says: `names ${what}`, what }] : []
  })
}

const otherHost: Sign = { what: 'another registry', pattern: /"resolved": "(?!https:\/\/registry\.npmjs\.org\/)/ }
