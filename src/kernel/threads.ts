/** Work that would hold up everything else, in a thread of its own: a module is named, and its `does` is called there, one call after the other. */
import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'
import { parentPort, type Transferable, Worker, workerData } from 'node:worker_threads'

export interface Thread<Order, Answer> {
  /** Answers come in the order of the questions. Rejects when `does` throws, and with all that still waits when the thread ends. */
  ask(order: Order, given?: Transferable[]): Promise<Answer>
  /** How many questions wait for their answers. */
  waiting(): number
  end(): Promise<void>
}

interface Asked {
  resolve(answer: unknown): void
  reject(error: unknown): void
}

type Said = { answer: unknown } | { error: unknown }

/** `module` exports `does: (order) => answer`, or a promise of it. The thread keeps nobody from ending, and knows nothing of this one but what it is asked. */
export function startThread<Order, Answer>(module: URL): Thread<Order, Answer> {
  // It needs no flag of the program that it belongs to, least of all those of a test.
  const worker = new Worker(new URL(import.meta.url), { workerData: module.href, execArgv: [] })
  const asked: Asked[] = []
  let ended: Error | undefined
  const end = (error: Error) => {
    ended ??= error
    for (const each of asked.splice(0)) each.reject(ended)
  }
  worker.on('message', (said: Said) => {
    const first = asked.shift()
    'error' in said ? first?.reject(said.error) : first?.resolve(said.answer)
    if (asked.length === 0) worker.unref()
  })
  worker.on('error', end)
  worker.on('exit', () => end(new Error('the thread has ended')))
  worker.unref()
  return {
    ask: (order, given = []) =>
      new Promise<Answer>((resolve, reject) => {
        if (ended) return reject(ended)
        asked.push({ resolve: resolve as Asked['resolve'], reject })
        worker.ref()
        worker.postMessage(order, given)
      }),
    waiting: () => asked.length,
    end: async () => void (await worker.terminate()),
  }
}

/** Whoever waits for a page comes first: on Linux a thread has a priority of its own. */
function standBack(): void {
  try {
    setPriority(Number(readlinkSync('/proc/thread-self').split('/').at(-1)), 10)
  } catch {
    // Elsewhere it is one among equals.
  }
}

/** In the thread: calls wait for each other, so that what one changes holds for the next. */
async function work(module: string): Promise<void> {
  standBack()
  let before: Promise<unknown> = Promise.resolve()
  const { does } = (await import(module)) as { does(order: unknown): unknown }
  parentPort!.on('message', order => {
    before = before
      .then(() => does(order))
      .then(
        answer => parentPort!.postMessage({ answer } satisfies Said),
        error => parentPort!.postMessage({ error } satisfies Said),
      )
  })
}

if (parentPort && typeof workerData === 'string' && workerData.startsWith('file:')) await work(workerData)
