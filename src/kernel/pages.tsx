/** Doors for those who operate the server. */
import { databaseAnswers } from './db.ts'
import { refuse } from './errors.ts'
import { addressOf } from './http.tsx'
import { jobCounts } from './jobs.ts'
import { whenNeeded } from './needed.ts'
import { raw } from './page.tsx'
import { openStreams } from './streams.ts'

export { live } from './streams.ts'

/** For load balancers and supervisors: does this process, and its database, answer? */
export const health = raw('GET', '/healthz', 'nobody', async c => {
  const database = await databaseAnswers()
  return c.json({ status: database ? 'ok' : 'down', database }, database ? 200 : 503)
})

/** From the first time that somebody asks: a server that nobody watches measures nothing. */
const watched = whenNeeded(async () => {
  const { collectDefaultMetrics, Gauge, Registry } = await import('prom-client')
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const gauge = (name: string, help: string) => new Gauge({ name: `trefoil_${name}`, help, registers: [registry] })
  return {
    registry,
    streams: gauge('open_streams', 'Pages that follow live'),
    waiting: gauge('jobs_waiting', 'Jobs that wait to run'),
    dead: gauge('jobs_dead', 'Jobs that failed for good and wait for a person'),
  }
})

/** Prometheus text, for this machine only: put the collector beside the server. */
export const metrics = raw('GET', '/metrics', 'nobody', async c => {
  if (!/^(127\.|::1$|::ffff:127\.)/.test(addressOf(c)) || c.req.header('x-forwarded-for')) refuse('notFound', 'kernel.notFound')
  const [{ registry, streams, waiting, dead }, jobs] = await Promise.all([watched(), jobCounts()])
  streams.set(openStreams())
  waiting.set(jobs.waiting)
  dead.set(jobs.dead)
  return c.text(await registry.metrics(), 200, { 'content-type': registry.contentType })
})
