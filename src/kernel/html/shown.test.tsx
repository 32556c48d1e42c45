import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import sharp from 'sharp'
import { useMasterKey } from '../crypto.ts'
import { useResolver, useWire } from '../fetch.ts'
import { pictureAt, proxied } from '../image-proxy.ts'
import { markdown } from '../markdown.ts'
import { loadMessages } from '../messages.ts'
import { foldedAt, Linked, Shown, type ShownProps } from './shown.tsx'

before(() => {
  useMasterKey(Buffer.alloc(32, 7))
  loadMessages(new URL('..', import.meta.url).pathname, 'kernel')
})

const content = (more: Partial<ShownProps['content']>) => ({
  text: '',
  html: null,
  quoted: null,
  side: 'outside' as const,
  deletedAt: null,
  ...more,
})
const shown = async (more: Partial<ShownProps['content']>, props: Partial<ShownProps> = {}) =>
  String(await (<Shown content={content(more)} {...props} />))

test('text of others is text, with links that say where they lead', async () => {
  const html = await shown({ text: 'see <b>https://x.example/a?b=1&c=2.</b> **bold** javascript:alert(1)' })
  assert.ok(html.includes('&lt;b&gt;<a href="https://x.example/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer nofollow ugc">'))
  assert.ok(html.includes('**bold** javascript:alert(1)'))
  const started = performance.now()
  String(<Linked text={'https://'.repeat(50_000) + '.'.repeat(100_000)} />)
  assert.ok(performance.now() - started < 1000)
})

test('what colleagues write is Markdown without HTML, and mentions lead to the person', async () => {
  const id = '0198aaaa-0000-7000-8000-00000000000a'
  const html = await shown({
    side: 'inside',
    text: `**bold** <script>alert(1)</script> @[Anna](person:${id}) [x](javascript:alert(1)) ![p](https://t.example/p.png) [y](//evil.example) www.no.example`,
  })
  assert.ok(html.includes('<strong>bold</strong> &lt;script&gt;'))
  assert.match(html, new RegExp(`@<a href="/people/${id}"[^>]*>Anna</a>`))
  assert.doesNotMatch(html, /<script|<img|href="(javascript|\/\/)/)
  assert.equal(markdown('x'.repeat(200_000)), null)
})

test('HTML is cleaned, its remote pictures wait for a wish, its own are shown', async () => {
  const mail = { html: '<p onclick="x()">Hi<script>alert(1)</script> <img src="https://t.example/pixel.gif"> <img src="cid:logo"></p>' }
  const files = [{ file: '0198aaaa-0000-7000-8000-00000000000f', cid: 'logo' }]
  const blocked = await shown(mail, { files, imagesHref: '?images=1' })
  assert.doesNotMatch(blocked, /t\.example|onclick|<script/)
  assert.ok(blocked.includes('src="/files/0198aaaa-0000-7000-8000-00000000000f"'))
  assert.ok(blocked.includes('href="?images=1"') && blocked.includes('Show pictures'))
  const open = await shown(mail, { files, images: true })
  assert.match(open, /src="\/proxy\/image\?u=https%3A%2F%2Ft\.example%2Fpixel\.gif&amp;s=[\w-]{43}"/)
  assert.doesNotMatch(open, /Show pictures/)
})

test('what was removed says so, and nothing else of it', async () => {
  const html = await shown({ text: 'secret', html: '<p>secret</p>', quoted: 'secret', deletedAt: new Date() })
  assert.ok(!html.includes('secret') && html.includes('removed'))
})

test('the quotation at the end is folded, one that is answered between its lines is not', () => {
  assert.deepEqual(foldedAt('<p>yes</p><blockquote>a<blockquote>b</blockquote></blockquote></div>'), {
    shown: '<p>yes</p></div>',
    quoted: '<blockquote>a<blockquote>b</blockquote></blockquote>',
  })
  for (const whole of [
    '<p>x</p>',
    '<blockquote>a</blockquote><p>my answer</p>',
    '<blockquote>only this</blockquote>',
    '</blockquote>',
    '<p>a</p></blockquote>',
  ])
    assert.deepEqual(foldedAt(whole), { shown: whole, quoted: null })
})

const programs = {
  outlook: {
    html: '<div class="WordSection1"><p class="MsoNormal">Thursday suits me.</p><p>Anna</p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal"><b>From:</b> Ben &lt;ben@example.org&gt; <br><b>Sent:</b> Monday<br><b>To:</b> Anna<br><b>Subject:</b> When?</p></div></div><p>Which day?</p></div>',
    text: 'Thursday suits me.\n\nAnna',
    quoted: 'From: Ben <ben@example.org>\nSent: Monday\nTo: Anna\nSubject: When?\n\nWhich day?',
  },
  'outlook on the web': {
    html: '<div dir="ltr">Thursday suits me.<br>Anna</div><hr style="display:inline-block"><div id="divRplyFwdMsg"><b>Von:</b> Ben <br><b>Gesendet:</b> Montag<br><b>An:</b> Anna<br><b>Betreff:</b> Wann?</div><div>Which day?</div>',
    text: 'Thursday suits me.\nAnna',
    quoted: '________________________________\nVon: Ben <ben@example.org>\nGesendet: Montag\nAn: Anna\nBetreff: Wann?\n\nWhich day?',
  },
  gmail: {
    html: '<div dir="ltr">Thursday suits me.<div>Anna</div></div><br><div class="gmail_quote"><div class="gmail_attr">On Mon, 5 Jan 2026 at 10:00, Ben &lt;<a href="mailto:ben@example.org">ben@example.org</a>&gt; wrote:<br></div><blockquote class="gmail_quote">Which day?</blockquote></div>',
    text: 'Thursday suits me.\nAnna',
    quoted: 'On Mon, 5 Jan 2026 at 10:00, Ben <ben@example.org> wrote:\n\n> Which day?',
  },
  'apple mail': {
    html: '<div>Thursday suits me.</div><div>Anna<br><div><br><blockquote type="cite"><div>On 5. Jan 2026, at 10:00, Ben wrote:</div><br><div>Which day?</div></blockquote></div><br></div>',
    text: 'Thursday suits me.\nAnna',
    quoted: 'On 5. Jan 2026, at 10:00, Ben wrote:\n> \n> Which day?',
  },
}

for (const [program, message] of Object.entries(programs))
  test(`history is folded as ${program} marks it, with the line that says whose it is`, async () => {
    const html = await shown(message)
    const [own, folded] = html.split('<details')
    assert.match(own!, /Thursday suits me/)
    assert.match(own!, /Anna/)
    assert.doesNotMatch(own!, /Which day|Ben/)
    assert.match(folded!, /Ben[\s\S]*Which day/)
    for (const part of [own!, folded!]) assert.equal(part.match(/<div\b/g)?.length, part.match(/<\/div>/g)?.length, part)
  })

test('what is said behind the history, or forwarded, stays in sight', async () => {
  const below = '<blockquote>On 5. Jan 2026, at 10:00, Ben wrote: Which day?</blockquote><p>Thursday suits me.</p>'
  assert.doesNotMatch(
    await shown({ html: below, text: 'Thursday suits me.', quoted: 'On 5. Jan 2026, at 10:00, Ben wrote:\n> Which day?' }),
    /<details/,
  )
  const forwarded = { ...programs.outlook, text: `${programs.outlook.text}\n${programs.outlook.quoted}`, quoted: null }
  assert.doesNotMatch(await shown(forwarded), /<details/)
})

test('the proxy fetches what we signed and nothing else, and only pictures, written anew', async t => {
  const picture = await sharp({ create: { width: 30, height: 10, channels: 3, background: '#08f' } }).withExif({ IFD0: { Copyright: 'x' } }).png().toBuffer() // biome-ignore format: one chain
  const answers: Record<string, { body: Buffer; type: string }> = { '/p.png': { body: picture, type: 'text/html' }, '/x.svg': { body: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), type: 'image/svg+xml' }, '/page': { body: Buffer.from('<html>'), type: 'image/png' } } // biome-ignore format: a list
  const { createServer } = await import('node:http')
  const { connect } = await import('node:net')
  const server = createServer((request, response) => {
    const answer = answers[request.url!]
    response.writeHead(answer ? 200 : 404, { 'content-type': answer?.type ?? 'text/plain' }).end(answer?.body)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const { port } = server.address() as { port: number }
  useResolver(async () => [
    { address: '203.0.113.7', family: 4 },
    { address: '93.184.216.34', family: 4 },
  ])
  useWire((_options, done) => {
    const socket = connect(port, '127.0.0.1', () => done(null, socket))
  })
  t.after(() => useResolver())
  t.after(() => useWire())
  const ask = (address: string) => {
    const query = new URL(proxied(address)!, 'http://here.invalid').searchParams
    return pictureAt(query.get('u')!, query.get('s')!)
  }
  const got = await ask('http://pictures.example/p.png')
  assert.deepEqual([got.type, got.width, got.height, (await sharp(got.bytes).metadata()).exif], ['image/webp', 30, 10, undefined])
  for (const path of ['/x.svg', '/page'])
    await assert.rejects(ask(`http://pictures.example${path}`), { code: 'invalid', key: 'kernel.pictureBroken' })
  await assert.rejects(ask('http://pictures.example/away'), { code: 'notFound' })
  await assert.rejects(pictureAt('http://pictures.example/p.png', 'A'.repeat(43)), { code: 'notFound', key: 'kernel.notFound' })
  for (const none of ['file:///etc/passwd', 'data:image/png;base64,AA==', 'nonsense', `https://x.example/${'x'.repeat(5000)}`])
    assert.equal(proxied(none), undefined)
})
