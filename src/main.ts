/** `npm start`: reads the settings, starts the server, says where it is, and ends it cleanly. */
import { setTimeout as pause } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { readConfig } from '#kernel/config.ts'
import { StartError } from '#kernel/errors.ts'
import { log } from '#kernel/log.ts'
import { inLanguage, languageOfTerminal, t } from '#kernel/messages.ts'

// By itself the heap grows to four times what is in use before it is cleared up, which an import of a large file brings about; half as much again is enough.
setFlagsFromString('--heap-growing-percent=50')

// Only what is printed: what the server says to others is in their own language.
const inTerminal = (say: () => string): string => inLanguage(languageOfTerminal(process.env), say)

async function main(): Promise<void> {
  const config = readConfig(process.env)
  // Read only now: whoever made a mistake in the settings is told at once.
  const [{ startServer }, { useDemonstration }] = await Promise.all([import('./server.ts'), import('#social/access/actions.ts')])
  useDemonstration(() => demonstration(text => log.info(text.trim())))
  const running = await startServer(config)
  let ending = false
  const end = async (signal: string) => {
    if (ending) return
    ending = true
    log.info(`Stopping (${signal})`)
    await running.stop()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(signal))
  await greet(running.url, process.argv.includes('--demo'))
}

/** One link on a new installation; with `--demo` one for each role of the demonstration. */
async function greet(url: string, demo: boolean): Promise<void> {
  const { demoLinks, setupLink } = await import('#social/access/actions.ts')
  const say = (text: string) => process.stdout.write(`${text}\n`)
  say(`\n  ${inTerminal(() => t('kernel.start.answers', { url }))}\n`)
  const link = await patiently(setupLink)
  if (link) say(`  ${inTerminal(() => t('kernel.start.setUp'))}\n\n    ${url}${link}\n`)
  if (!demo) return
  await demonstration(say)
  say(`  ${inTerminal(() => t('kernel.start.demo'))}\n`)
  for (const { name, role, path } of await demoLinks()) say(`    ${`${name} (${role})`.padEnd(36)} ${url}${path}`)
  say('')
}

/** The server answers by now: a database that is away for a moment ends nothing any more, it is asked again. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  const { away } = await import('#kernel/away.ts')
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!away(error)) throw error
      log.warn({ err: error }, 'the database is away, asking again')
      await pause(500)
    }
  }
}

// Loaded only where it is wanted.
const demonstration = async (say: (text: string) => void) => (await import('../tools/demo/make.ts')).makeDemo(say)

main().catch(error => {
  if (error instanceof StartError) process.stderr.write(`\n  ${inTerminal(() => error.says())}\n\n`)
  else log.fatal({ err: error }, 'could not start')
  process.exit(1)
})
