import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { useOrigin } from '#kernel/origin.ts'
import { draftOf, provesContract } from '#social/channels/contract.ts'
import type { Draft } from '#social/channels/words.ts'
import { channel } from './channel.ts'
import { type Leaf, writtenIn } from './documents.ts'
import { entryOf } from './entry.ts'
import { dressed } from './look.ts'
import { settings as form } from './settings.ts'
import { escaped } from './xml.ts'

const settings = form.parse({ title: 'Acme <news>', path: 'acme' })
useOrigin('https://house.example')

provesContract(channel, { folder: import.meta.dirname, settings: { title: 'Acme', path: 'acme' }, addresses: ['acme', 'two-words'] })

const draft = (more: Partial<Draft>) => draftOf('', { id: 'p', ...more })
const at = new Date('2026-03-12T09:00:00Z')
const entry = (more: Partial<Draft>) => entryOf('acme', { remoteId: 'urn:uuid:p', at, draft: draft(more) })
const file = (name: string, type: string, more: object = {}) => ({ name, type, content: new Uint8Array(3), ...more })

describe('a post as it stands in a feed', () => {
  test('words are paragraphs, addresses can be followed, nothing in them is a tag', () => {
    assert.equal(
      entry({ text: 'See https://a.example/?x=1&y=2.\nNow <b>\n\n\n 2 > 1 "so"' }).html,
      '<p>See <a href="https://a.example/?x=1&amp;y=2">https://a.example/?x=1&amp;y=2</a>.<br>Now &lt;b&gt;</p><p>2 &gt; 1 &quot;so&quot;</p>',
    )
    const start = performance.now()
    for (const bomb of ['http://', 'https://a', '\n', ' ', 'http://a.b,'])
      assert.ok(entry({ text: bomb.repeat(100_000 / bomb.length) }).html.length < 5_000_000)
    assert.ok(performance.now() - start < 2000)
  })

  test('HTML passes the sanitiser; pictures are shown below it with what they show, other files are only named', () => {
    const { html, files } = entry({
      html: '<p onclick="x()">Hi<script>x</script> <img src="http://spy.example/"></p>',
      attachments: [file('a.png', 'image/png', { alt: 'two "lamps"' }), file('c.pdf', 'application/pdf')],
    })
    assert.doesNotMatch(html, /script|onclick|spy/)
    assert.ok(html.endsWith('<p><img src="https://house.example/syndication/acme/posts/p/files/0" alt="two &quot;lamps&quot;"></p>'))
    assert.deepEqual(
      files.map(each => [each.name, each.bytes]),
      [
        ['a.png', 3],
        ['c.pdf', 3],
      ],
    )
  })

  test('a warning stands first, parts follow, their files count on', () => {
    const it = entry({
      text: 'one',
      warning: 'Loud <3',
      attachments: [file('a.mp3', 'audio/mpeg')],
      parts: [{ text: 'two', attachments: [file('b.mp3', 'audio/mpeg')] }],
    })
    assert.equal(it.html, '<p><strong>Loud &lt;3</strong></p><p>one</p><p>two</p>')
    assert.deepEqual(
      it.files.map(({ url }) => url.slice(-7)),
      ['files/0', 'files/1'],
    )
  })
})

describe('documents', () => {
  const leaf = (entries: Leaf['entries']): Leaf => ({
    settings,
    entries,
    changedAt: at,
    self: 'https://house.example/syndication/acme/rss.xml?a=1&b=2',
  })

  test('what XML cannot hold is left out, everything else is only disguised', () => {
    assert.equal(escaped('a\u0000\u000b\ud800\uffff<&>"🪚\t'), 'a\ufffd&lt;&amp;&gt;&quot;🪚\t')
    const evil = ']]> </description> <!ENTITY x> &amp; \u0001 𝒳'
    for (const format of ['rss', 'atom'] as const) {
      const text = writtenIn(format, leaf([entry({ subject: evil, text: evil })]))
      assert.equal(text.match(/<\/(item|entry)>/g)?.length, 1)
      assert.ok(!text.includes('<!') && !text.includes('\u0001'))
      assert.match(text, /a=1&amp;b=2/)
    }
    assert.equal(JSON.parse(writtenIn('json', leaf([entry({ subject: evil })]))).items[0].title.includes(']]>'), true)
  })

  test('a feed wears the brand of its account, and what it says itself goes before', () => {
    const look = { name: 'Nord & Licht', website: 'https://nord.example', logo: 'https://us.example/brands/o/l' }
    const worn = { ...leaf([]), settings: dressed({ settings: form.parse({ path: 'nord' }), look }) }
    const rss = writtenIn('rss', worn)
    assert.match(rss, /<title>Nord &amp; Licht<\/title><link>https:\/\/nord\.example<\/link>/)
    assert.match(
      rss,
      /<image><url>https:\/\/us\.example\/brands\/o\/l<\/url><title>Nord &amp; Licht<\/title><link>https:\/\/nord\.example<\/link><\/image>/,
    )
    assert.match(writtenIn('atom', worn), /<icon>https:\/\/us\.example\/brands\/o\/l<\/icon>/)
    const { title, icon, home_page_url: home } = JSON.parse(writtenIn('json', worn))
    assert.deepEqual([title, icon, home], [look.name, look.logo, look.website])
    const own = dressed({ settings: form.parse({ path: 'nord', title: 'Us', site: 'https://own.example' }), look })
    assert.deepEqual(
      [own.title, own.site, dressed({ settings: form.parse({ path: 'nord' }) }).title],
      ['Us', 'https://own.example', 'nord'],
    )
  })

  test('a title is made where there must be one, and only there', () => {
    const entries = [entry({ text: 'A short note without a title' })]
    assert.match(writtenIn('atom', leaf(entries)), /<title>A short note without a title<\/title>/)
    assert.doesNotMatch(writtenIn('rss', leaf(entries)).split('<item>')[1]!, /<title>/)
    assert.equal(JSON.parse(writtenIn('json', leaf(entries))).items[0].title, undefined)
    assert.match(writtenIn('atom', leaf([entry({})])), /<title>–<\/title>/)
  })
})

test('an address is small letters, digits and hyphens; a website is an address', async () => {
  const says = (given: object) =>
    channel
      .discover(given, () => {})
      .then(
        found => found.address,
        error => error.says,
      )
  assert.equal(await says({ title: 'Acme', path: ' ACME-news ' }), 'acme-news')
  for (const path of ['', 'a', '-a', 'a--b', 'a/b', '../x', 'ä', 'a b', 'x'.repeat(61)])
    assert.equal(await says({ title: 'Acme', path }), 'syndication.adviceFields', path)
  assert.equal(await says({ title: 'Acme', path: 'acme', site: 'javascript:alert(1)' }), 'syndication.adviceSite')
})
