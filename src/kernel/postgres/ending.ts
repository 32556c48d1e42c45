/** What has to end with this process, however it ends. */
import { constants } from 'node:os'

export interface Ending {
  /** Ends it in order. */
  stop(): Promise<void>
  /** Ends it without waiting, as the process is already going. */
  kill(): void
}

const endings = new Set<Ending>()
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** From now on this ends with the process: at once when it exits, in order when a signal comes that nobody else handles. Returns how to undo it. */
export function atEnd(ending: Ending): () => void {
  if (endings.size === 0) listen()
  endings.add(ending)
  return () => {
    endings.delete(ending)
    if (endings.size === 0) unlisten()
  }
}

const onExit = () => {
  for (const ending of endings) ending.kill()
}

function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return
  void Promise.allSettled([...endings].map(ending => ending.stop())).then(() => process.exit(128 + constants.signals[signal]))
}

function listen(): void {
  process.on('exit', onExit)
  for (const signal of signals) process.on(signal, onSignal)
}

function unlisten(): void {
  process.off('exit', onExit)
  for (const signal of signals) process.off(signal, onSignal)
}
