/** `npm start`: reads the settings, starts the server, says where it is, and ends it cleanly. */
import { readConfig } from '#kernel/config.ts'
import { StartError } from '#kernel/errors.ts'
import { log } from '#kernel/log.ts'
import { demoLinks, setupLink } from '#social/access/actions.ts'
import { startServer } from './server.ts'

async function main(): Promise<void> {
  const config = readConfig(process.env)
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
  const say = (text: string) => process.stdout.write(`${text}\n`)
  say(`\n  Trefoil answers at ${url}\n`)
  const link = await setupLink()
  if (link) say(`  Open this link within 30 minutes to set it up; it works once:\n\n    ${url}${link}\n`)
  if (!demo) return
  const { makeDemo } = await import('../tools/demo/make.ts')
  await makeDemo(say)
  say('  This is a demonstration. Sign in as:\n')
  for (const { name, role, path } of await demoLinks()) say(`    ${`${name} (${role})`.padEnd(36)} ${url}${path}`)
  say('')
}

main().catch(error => {
  if (error instanceof StartError) process.stderr.write(`\n  ${error.message}\n\n`)
  else log.fatal({ err: error }, 'could not start')
  process.exit(1)
})
