/** Several test files one after the other in one process: the house is loaded once for all of them. Each is a suite of its own, so that its hooks end with it. */
import { after, describe } from 'node:test'
import { pathToFileURL } from 'node:url'

export async function together(files: string[]): Promise<void> {
  for (const file of files) await ended(file)
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
