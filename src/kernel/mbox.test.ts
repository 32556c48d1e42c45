import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type MboxFault, splitMbox } from './mbox.ts'

/** The text in pieces of that many bytes, as a file is read. */
async function* inPieces(text: string | Buffer, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text as string)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function split(text: string | Buffer, size?: number, most?: number): Promise<{ mails: string[]; faults: MboxFault[] }> {
  const faults: MboxFault[] = []
  const mails: string[] = []
  for await (const mail of splitMbox(inPieces(text, size), { most, broken: fault => faults.push(fault) }))
    mails.push(Buffer.from(mail).toString())
  return { mails, faults }
}

const begin = 'From anna@kund.example Thu Mar 12 09:41:07 2026\n'
const mail = (number: number, body = 'Hello.\n') => `Subject: ${number}\n\n${body}`

describe('a mailbox file', () => {
  test('is split at the lines that begin a mail, whatever pieces it is read in', async () => {
    const file = `${begin}${mail(1)}\n${begin}${mail(2)}\n${begin}${mail(3)}`
    for (const size of [1, 2, 3, 7, 64, 10_000])
      assert.deepEqual(await split(file, size), { mails: [mail(1), mail(2), mail(3)], faults: [] })
  })

  test('with CR LF is split as well', async () => {
    const file = `${begin}${mail(1)}\n${begin}${mail(2)}`.replaceAll('\n', '\r\n')
    assert.deepEqual(
      (await split(file)).mails,
      [mail(1), mail(2)].map(each => each.replaceAll('\n', '\r\n')),
    )
  })

  test('gives lines that were escaped back as they were', async () => {
    const { mails } = await split(`${begin}Subject: 1\n\n>From me\n>>From you\n> From afar\n>Fromage\nx>From\n`)
    assert.deepEqual(mails, ['Subject: 1\n\nFrom me\n>From you\n> From afar\n>Fromage\nx>From\n'])
  })

  test('is not split at a sentence that begins with From', async () => {
    const body = 'Dear all,\n\nFrom the beginning it was broken.\n\nFrom 9:30 on we are open.\nFrom x 09:41:07 2026\n'
    assert.deepEqual(await split(`${begin}${mail(1, body)}`), { mails: [mail(1, body)], faults: [] })
  })

  test('that is damaged loses only what is damaged, and says where', async () => {
    const file = `junk\nmore junk\n\n${begin}${mail(1)}\n${begin}\n${begin}no headers at all\n\n${begin}${mail(2)}`
    const { mails, faults } = await split(file)
    assert.deepEqual(mails, [mail(1), mail(2)])
    assert.deepEqual(faults, [
      { line: 1, reason: 'noStart' },
      { line: 9, reason: 'empty' },
      { line: 11, reason: 'noHeader' },
    ])
  })

  test('of another kind holds no mail', async () => {
    assert.deepEqual(await split('name;address\nAnna;anna@kund.example\n'), { mails: [], faults: [{ line: 1, reason: 'noStart' }] })
    assert.deepEqual(await split(''), { mails: [], faults: [] })
    assert.deepEqual(await split(Buffer.alloc(5000, 0)), { mails: [], faults: [{ line: 1, reason: 'noStart' }] })
  })

  test('a mail that is too large is cut off, and the next is whole', async () => {
    const { mails, faults } = await split(`${begin}${mail(1, 'x'.repeat(5000))}\n\n${begin}${mail(2)}`, 64, 100)
    assert.deepEqual([mails[0]?.length, mails[1]], [100, mail(2)])
    assert.deepEqual(faults, [{ line: 1, reason: 'tooLarge' }])
  })

  test('of any content comes out again as it went in', async () => {
    const line = fc.oneof(
      fc.constantFrom('', 'From ', 'From the', '>From x', '>>From ', begin.trim(), 'text', '>'),
      fc.string({ maxLength: 10 }).map(text => text.replace(/[\r\n]/g, '')),
    )
    const bodies = fc.array(fc.array(line, { maxLength: 6 }), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(bodies, fc.integer({ min: 1, max: 40 }), async (all, size) => {
        const mails = all.map((lines, number) => mail(number, lines.map(each => `${each}\n`).join('')))
        const file = mails.map(each => `${begin}${each.replace(/^(>*From )/gm, '>$1')}\n`).join('')
        assert.deepEqual(await split(file, size), { mails, faults: [] })
      }),
      { numRuns: process.env.FULL ? 20_000 : 300 },
    )
  })

  test('larger than memory should be is read with little of it', async () => {
    const body = `${'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5'}\n`.repeat(1500)
    const one = Buffer.from(`${begin}${mail(1, body)}\n`)
    const wanted = process.env.FULL ? 20_000 : 2000
    async function* file() {
      for (let count = 0; count < wanted; count++) yield one
    }
    const before = process.memoryUsage().rss
    let count = 0
    for await (const found of splitMbox(file())) count += found.length > 100_000 ? 1 : 0
    assert.equal(count, wanted)
    assert.ok(process.memoryUsage().rss - before < 200_000_000)
  })

  test('that is one endless line is read in bounded memory', async () => {
    async function* file() {
      yield Buffer.from(`${begin}Subject: x\n\n`)
      for (let count = 0; count < 300; count++) yield Buffer.alloc(500_000, 'a')
    }
    const faults: MboxFault[] = []
    const sizes: number[] = []
    for await (const found of splitMbox(file(), { most: 1_000_000, broken: fault => faults.push(fault) })) sizes.push(found.length)
    assert.deepEqual([sizes, faults], [[1_000_000], [{ line: 1, reason: 'tooLarge' }]])
  })
})
