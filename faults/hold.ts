/** Starts the embedded database on the folder of its first argument, says its address in one line, and holds it until a signal comes. */
import { StartError } from '#kernel/errors.ts'
import { startPostgres } from '#kernel/postgres.ts'

const quiet = { debug: () => {}, info: (text: string) => console.error(text), warn: (text: string) => console.error(text) }

try {
  const postgres = await startPostgres({ dataDir: process.argv[2]!, log: quiet })
  console.log(JSON.stringify({ ownerUrl: postgres.ownerUrl }))
  setInterval(() => {}, 60_000) // The database alone does not keep the process.
} catch (error) {
  if (!(error instanceof StartError)) throw error
  console.error(error.message)
  process.exit(1)
}
