// `node tools/lock.mjs`, after each `npm install <name>`: completes package-lock.json, or that of the folder that is named. npm leaves out packages for other platforms that its registry (often a
// mirror) does not carry, and `npm ci` then refuses the whole file. An entry with its platform says all that is needed: npm skips it everywhere else.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const file = join(process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url)), 'package-lock.json')
const systems = ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64']

/** `@oxc-parser/binding-linux-arm64-musl` → linux, arm64, musl. Undefined for a name that tells no system. */
function platformIn(name) {
  const words = name.split(/[/-]/)
  const os = systems.filter(system => words.includes(system))
  const cpu = processors.filter(processor => words.includes(processor))
  const libc = words.some(word => word.startsWith('musl')) ? ['musl'] : words.includes('gnu') ? ['glibc'] : undefined
  return os.length ? { os, cpu: cpu.length ? cpu : undefined, libc } : undefined
}

const lock = JSON.parse(readFileSync(file, 'utf8'))
const added = []
for (const { dev, optionalDependencies = {} } of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const platform = platformIn(name)
    const path = `node_modules/${name}`
    if (lock.packages[path] || !platform || !/^\d/.test(version)) continue
    const { os, cpu, libc } = platform
    lock.packages[path] = { version, ...(cpu && { cpu }), ...(dev && { dev }), ...(libc && { libc }), optional: true, os }
    added.push(name)
  }
}
const root = lock.packages['']
delete lock.packages['']
lock.packages = { '': root, ...Object.fromEntries(Object.entries(lock.packages).sort(([one], [other]) => (one < other ? -1 : 1))) }
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`${added.length} added`)
