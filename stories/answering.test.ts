/** The day at the desk: without scripts, by hand, two on one thread, with an order beside the chat, and all of it from the palette. */
import { after, before, describe } from 'node:test'
import { inbox } from './inbox.ts'
import { merging } from './merging.ts'
import { palette } from './palette.ts'
import { plain } from './plain.ts'
import { records } from './records.ts'
import { noBrowser, openPlace } from './stage.ts'
import { together } from './together.ts'

describe(`answering${noBrowser ? ` (skipped: ${noBrowser})` : ''}`, { skip: Boolean(noBrowser), timeout: 480_000 }, () => {
  let place: Awaited<ReturnType<typeof openPlace>>

  before(async () => {
    place = await openPlace()
  })
  after(() => place?.close())

  describe('without scripts', () => plain(() => place))
  describe('in the inbox', () => inbox(() => place))
  describe('together', () => together(() => place))
  describe('who is who', () => merging(() => place))
  describe('an order from an outside system beside the chat', () => records(() => place))
  describe('the palette', () => palette(() => place))
})
