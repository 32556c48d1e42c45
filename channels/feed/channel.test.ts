import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { ChannelError } from '#kernel/errors.ts'
import { provesContract } from '#social/channels/contract.ts'
import type { HeardMessage } from '#social/channels/words.ts'
import { normalise, typedAddress, writer } from './addresses.ts'
import { channel } from './channel.ts'
import { faultOf, freshMinutes } from './client.ts'
import { decode, mostBytes } from './decode.ts'
import { feedsNamedIn } from './discover.ts'
import { type Feed, readFeed } from './read.ts'
import { editOf, messageOf, remoteIdOf, toldTo } from './translate.ts'

const address = 'https://news.example/feed'
const now = new Date('2026-03-12T09:00:00Z')
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const recording = (name: string): Uint8Array => new Uint8Array(readFileSync(join(import.meta.dirname, 'recordings', name)))

function hear(bytes: Uint8Array): HeardMessage[] {
  try {
    const feed = readFeed(bytes)
    return feed.items.map(item => messageOf({ address, feed }, item, now))
  } catch (error) {
    if (error instanceof ChannelError) return []
    throw error
  }
}
const heardIn = (name: string): HeardMessage[] => hear(recording(name))
const says = (text: string | Uint8Array): string => {
  try {
    const feed: Feed = readFeed(typeof text === 'string' ? bytesOf(text) : text)
    return `${feed.items.length} items`
  } catch (error) {
    assert.ok(error instanceof ChannelError, String(error))
    return `${error.kind} ${error.says}`
  }
}

provesContract(channel, {
  folder: import.meta.dirname,
  settings: { url: address },
  addresses: [address, 'https://NEWS.example:443/feed#Mila%20Berg', 'http://bücher.example/a b', 'https://news.example/feed/?page=2'],
  hear: async bytes => hear(bytes),
})

describe('what a feed says', () => {
  test('RSS: words, moments, writers, addresses, and files as links', () => {
    const [lamp, moved] = heardIn('rss.xml')
    assert.equal(lamp?.subject, 'A lamp for reading late')
    assert.equal(lamp?.text, 'It is here.\n\nFrom Friday on.\n\nhttps://lamps.example/film.mp4 (video/mp4, 48.0 MB)')
    assert.match(lamp?.html ?? '', /<script>.*<a href="https:\/\/lamps\.example\/film\.mp4">/s, 'HTML is for the sanitiser')
    assert.deepEqual([lamp?.url, lamp?.at.toISOString(), lamp?.open], ['https://lamps.example/news/2', '2026-03-10T07:30:00.000Z', true])
    assert.deepEqual([lamp?.from.name, lamp?.from.address], ['Mila Berg', `${address}#Mila%20Berg`])
    assert.deepEqual([moved?.from.name, moved?.url, moved?.text], ['Jon Falk', 'https://lamps.example/news/1', 'Our new address is here.'])
    assert.deepEqual(lamp?.attachments, [])
    assert.equal(lamp?.flaws, undefined)
  })

  test('Atom: the document inside, what is answered, the feed’s author where an entry has none', () => {
    const [answer, question] = heardIn('atom.xml')
    assert.deepEqual(answer?.answers, [question?.remoteId])
    assert.equal(answer?.text, 'They come and go.\n\nhttps://news.example/tide.mp3 (audio/mpeg, 1.5 MB)')
    assert.deepEqual([answer?.from.name, answer?.from.url, question?.from.name], ['Ida Strand', 'https://ida.example/', 'Bo Wik'])
    assert.deepEqual([question?.text, question?.html], ['When do they come? 1 < 2 is certain.', undefined])
  })

  test('JSON Feed, and RDF with its own way to say how often it changes', () => {
    const [saws, note] = heardIn('feed.json')
    assert.deepEqual([saws?.subject, saws?.from.name, saws?.url], ['Saws', 'Tor', 'https://tools.example/7'])
    assert.match(saws?.text ?? '', /Sharp ones\.\n\nhttps:\/\/tools\.example\/saw\.pdf \(application\/pdf, 90 kB\)/)
    assert.deepEqual(
      [note?.subject, note?.text, note?.from],
      [undefined, 'A short note without a title 🪚', { network: 'feed', address, name: 'Tools', url: address }],
    )
    assert.equal(heardIn('rdf.xml')[0]?.text, 'After all these years.')
    assert.deepEqual([readFeed(recording('rdf.xml')).minutes, readFeed(recording('rss.xml')).minutes], [360, 90])
  })

  test('a feed says no more than its own things: ids and writers of another feed stay apart', () => {
    const feed = readFeed(recording('rss.xml'))
    const other = { address: 'https://other.example/feed', feed }
    assert.notEqual(remoteIdOf({ address, feed }, feed.items[0]!), remoteIdOf(other, feed.items[0]!))
    assert.notEqual(messageOf(other, feed.items[0]!, now).from.address, messageOf({ address, feed }, feed.items[0]!, now).from.address)
    assert.equal(writer({ address, title: '' }, { name: 'Eve', url: 'https://ida.example/' }).address, `${address}#Eve`)
    assert.equal(writer({ address, title: '' }, { name: 'Eve', url: 'javascript:alert(1)' }).url, undefined)
  })
})

test('an account that is only for monitors has no conversations: its items pass by, title and words as one text, and a change is one of what passed by', () => {
  const source = { address, feed: readFeed(recording('rss.xml')) }
  const [item] = source.feed.items
  const [said, edit] = [messageOf(source, item!, now), editOf(source, item!, remoteIdOf(source, item!), 1, now)]
  assert.deepEqual(toldTo({ onlyMonitors: false }, [said, edit]), { heard: [said, edit] })
  const { heard, overheard } = toldTo({ onlyMonitors: true }, [said, edit])
  const text = `${said.subject}\n\n${said.text}`
  const whole = { at: said.at, from: said.from, text, remoteId: said.remoteId }
  assert.deepEqual(
    [heard, overheard],
    [
      [],
      [
        { ...whole, url: said.url },
        { ...whole, at: edit.at, changed: true },
      ],
    ],
  )
})

describe('feeds as they should not be', () => {
  test('a wrong charset is read in the likelier one, and the message says so', () => {
    for (const name of ['charset-latin1.xml', 'charset-says-utf8-is-latin1.xml', 'charset-says-latin1-is-utf8.xml'])
      assert.equal(heardIn(name)[0]?.text, 'Schöne Grüße aus Köln', name)
    assert.equal(heardIn('utf-16.xml')[0]?.text, 'Schöne Äpfel')
    assert.deepEqual(
      ['charset-latin1.xml', 'charset-says-utf8-is-latin1.xml', 'charset-says-latin1-is-utf8.xml', 'utf-16.xml'].map(
        name => heardIn(name)[0]?.flaws,
      ),
      [undefined, ['feed.flawCharset'], ['feed.flawCharset'], undefined],
    )
    assert.deepEqual(decode(recording('charset-latin1.xml'), 'text/xml; charset=ISO-8859-1').doubtful, false)
    assert.deepEqual(decode(bytesOf('plain'), 'text/xml; charset=klingon'), { text: 'plain', doubtful: true })
  })

  test('a moment that cannot be is the one in which we heard it, and the message says so; one of today that is still to come is now', () => {
    const dates = Object.fromEntries(heardIn('dates.xml').map(each => [each.remoteId.split(':')[1], [each.at.toISOString(), each.flaws]]))
    const heard = [now.toISOString(), ['feed.flawDate']]
    assert.deepEqual(dates, {
      '1970': heard,
      '2999': heard,
      none: heard,
      nonsense: heard,
      soon: [now.toISOString(), undefined],
      good: ['2026-03-08T04:00:00.000Z', undefined],
    })
  })

  test('without an id the address tells an item, without both its words do', () => {
    const ids = heardIn('ids-missing-or-doubled.xml').map(each => each.remoteId.slice(13))
    assert.deepEqual(ids.slice(0, 3), ['same', 'same', 'https://careless.example/a'])
    assert.match(ids[3]!, /^sha256:[0-9a-f]{40}$/)
    assert.equal(ids[3], ids[4])
  })

  test('a document type is refused, whatever it brings; a page is not mistaken for one', () => {
    const rss = '<rss version="2.0"><channel><title>&x;</title></channel></rss>'
    assert.equal(
      says(`<?xml version="1.0"?><!-- x --><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>${rss}`),
      'rejected feed.doctype',
    )
    assert.equal(says(`\ufeff <!DOCTYPE rss SYSTEM "http://169.254.169.254/">${rss}`), 'rejected feed.doctype')
    assert.equal(readFeed(bytesOf(rss)).title, '&x;', 'an entity that nobody declared stays as it was written')
    for (const page of ['<!DOCTYPE html><title>x</title>', '<html><body>404</body></html>', '<!-- x --><HTML lang="en">'])
      assert.equal(says(page), 'down feed.notFeed')
    assert.equal(readFeed(recording('rss.xml'), 'text/html').items.length, 2, 'a feed that is called a page is one')
  })

  test('half a document is no news: nothing of it is taken', () => {
    for (const name of ['rss.xml', 'atom.xml', 'rdf.xml', 'feed.json']) {
      const whole = recording(name)
      for (const part of [0.3, 0.5, 0.9])
        assert.match(says(whole.slice(0, whole.length * part)), /^down feed\.(unreadable|notFeed)$/, `${part} of ${name}`)
    }
    for (const nothing of ['', '{}', '[]', 'null', '{"version":"https://jsonfeed.org/version/1"}', 'Not found'])
      assert.match(says(nothing), /^down /, nothing)
  })

  test('bombs end within two seconds: deep, wide, packed, endless', () => {
    const channelOf = (inside: string) => `<rss version="2.0"><channel><title>t</title>${inside}</channel></rss>`
    const many = (count: number, of: (at: number) => string) => Array.from({ length: count }, (_, at) => of(at)).join('')
    const bombs: Record<string, string | Uint8Array> = {
      deep: channelOf('<a>'.repeat(2_600_000)),
      'deep and closed': channelOf('<a>'.repeat(1_000_000) + '</a>'.repeat(1_000_000)),
      wide: channelOf('<item><guid>1</guid></item>'.repeat(300_000)),
      attributes: `<rss version="2.0" ${many(700_000, at => `a${at}="x" `)}></rss>`,
      'attributes that look like ends': `<rss version="2.0" ${many(600_000, at => `a${at}=">" `)}></rss>`,
      'attributes everywhere': channelOf(many(200, () => `<item ${many(2500, at => `a${at}="x" `)}/>`)),
      brackets: channelOf('<'.repeat(8_000_000)),
      quotes: channelOf('<"'.repeat(4_000_000)),
      sections: channelOf('<![CDATA['.repeat(800_000)),
      comments: channelOf('<!---->'.repeat(1_000_000)),
      json: `{"version":"https://jsonfeed.org/version/1.1","title":"x","items":${'['.repeat(4_000_000)}${']'.repeat(4_000_000)}}`,
      'wide json': `{"version":"https://jsonfeed.org/version/1.1","title":"x","items":[${'{"id":"1"},'.repeat(700_000)}{"id":"2"}]}`,
      instructions: '<?x?>'.repeat(1_600_000),
      packed: gzipSync(Buffer.alloc(200_000_000, 32)),
    }
    let slowest = 0
    for (const [name, bomb] of Object.entries(bombs)) {
      const start = process.threadCpuUsage() // Its own time: other tests may have the processor meanwhile.
      const outcome = says(bomb)
      const { user, system } = process.threadCpuUsage(start)
      const took = (user + system) / 1000
      if (process.env.FULL) console.log(name, Math.round(took), 'ms', outcome)
      slowest = Math.max(slowest, took)
      assert.ok(took < 2000, `${name} took ${Math.round(took)} ms`)
    }
    console.log(`${Object.keys(bombs).length} cases, 0 failed; the slowest took ${Math.round(slowest)} ms`)
    assert.equal(readFeed(bytesOf(channelOf('<item><guid>1</guid></item>'.repeat(3000)))).items.length, 1000, 'the newest thousand')
    assert.equal(decode(gzipSync(recording('rss.xml'))).text, decode(recording('rss.xml')).text)
    assert.ok(mostBytes <= 8 * 1024 * 1024)
  })
})

describe('asking', () => {
  test('an address as people write it', () => {
    assert.equal(typedAddress(' news.example/feed '), address)
    assert.equal(typedAddress('feed://news.example/feed'), address)
    assert.equal(typedAddress('feed:https://news.example/feed'), address)
    for (const text of ['', 'https://', 'two words here/', `https://${'x'.repeat(3000)}`])
      assert.equal(typedAddress(text), undefined, text.slice(0, 20))
    assert.equal(normalise('HTTPS://News.Example:443/feed'), address)
  })

  test('the feeds that a page names, those of comments last; scripts and other kinds count for nothing', () => {
    const page = `<base href="/deep/"><head><link rel="stylesheet alternate" type="text/css" href="x.css">
      <link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">
      <LINK REL='Alternate' TYPE=application/atom+xml HREF=atom.xml><script>'<link rel="alternate" type="application/rss+xml" href="/no">'</script>
      <link rel="alternate" type="application/rss+xml" href="javascript:alert(1)"></head>
      <body><link rel="alternate" type="application/rss+xml" href="/of-a-visitor"></body>`
    assert.deepEqual(feedsNamedIn(page, 'https://news.example/a/b'), [
      'https://news.example/deep/atom.xml',
      'https://news.example/comments/feed',
    ])
    assert.deepEqual(feedsNamedIn('<link rel="alternate" '.repeat(100_000), address), [])
  })

  test('a refusal carries its consequence', () => {
    const kinds = [400, 401, 403, 404, 410, 429, 500, 503].map(status => faultOf(status, new Headers()).kind)
    assert.deepEqual(kinds, ['down', 'reconnect', 'reconnect', 'down', 'reconnect', 'wait', 'down', 'down'])
    assert.equal(faultOf(429, new Headers()).until, undefined)
    const until = faultOf(503, new Headers({ 'retry-after': '120' })).until!
    assert.ok(Math.abs(until.getTime() - Date.now() - 120_000) < 1000)
    const far = faultOf(429, new Headers({ 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' })).until!
    assert.ok(far.getTime() - Date.now() <= 86_400_000, 'a day at most')
    assert.equal(faultOf(429, new Headers({ 'retry-after': 'soon' })).until, undefined)
  })

  test('how long an answer is good', () => {
    const minutes = (headers: Record<string, string>) => Math.round(freshMinutes(new Headers(headers)))
    assert.equal(minutes({ 'cache-control': 'public, max-age=7200' }), 120)
    assert.equal(minutes({ 'cache-control': 'no-cache' }), 0)
    assert.equal(minutes({ 'cache-control': 'max-age=99999999' }), 1440)
    assert.equal(minutes({ expires: new Date(Date.now() + 3_600_000).toUTCString() }), 60)
    assert.equal(minutes({ expires: '0' }), 0)
    assert.equal(minutes({}), 0)
  })
})
