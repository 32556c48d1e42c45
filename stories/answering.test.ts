/** The inbox by hand: one person's day, and two on one thread. */
import { after, before, describe } from 'node:test'
import { inbox } from './inbox.ts'
import { merging } from './merging.ts'
import { noBrowser, openPlace } from './stage.ts'
import { together } from './together.ts'

describe(`answering${noBrowser ? ` (skipped: ${noBrowser})` : ''}`, { skip: Boolean(noBrowser), timeout: 240_000 }, () => {
  let place: Awaited<ReturnType<typeof openPlace>>

  before(async () => {
    place = await openPlace()
  })
  after(() => place?.close())

  describe('in the inbox', () => inbox(() => place))
  describe('together', () => together(() => place))
  describe('who is who', () => merging(() => place))
})
