/** Several test files one after the other in one process: the house is loaded once for all of them, and they share a database. Each is a suite of its own, so that its hooks end with it. */
import { after, describe } from 'node:test'
import { pathToFileURL } from 'node:url'
import { shared } from '#kernel/testing-cluster.ts'

export async function together(files: string[]): Promise<void> {
  shared.atEnd = []
  for (const file of files) await ended(file)
  for (const end of shared.atEnd) await end()
}

/** Until the last hook of the file has run. */
function ended(file: string): Promise<void> {
  return new Promise(resolve => {
    describe(file, async () => {
      try {
        await import(pathToFileURL(file).href)
      } finally {
        after(() => resolve())
      }
    })
  })
}
