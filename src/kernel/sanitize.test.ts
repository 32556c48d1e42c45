import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type DefaultTreeAdapterMap, parseFragment, serialize } from 'parse5'
import { cleanName, cleanText, textOf } from './plain.ts'
import { clean } from './sanitize.ts'
import { vectors } from './testing-vectors.ts'

const runs = process.env.FULL ? 100_000 : 1500
const images = (address: string): string | undefined =>
  address.startsWith('cid:') ? '/files/0' : `/proxy/image?u=${encodeURIComponent(address)}`

type Node = DefaultTreeAdapterMap['childNode']

/** Everything in the tree that a browser builds of this HTML, as `tag` and `tag[attribute=value]`. */
function* found(html: string): Generator<{ tag: string; name?: string; value?: string }> {
  const waiting: Node[] = [...parseFragment(html).childNodes]
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (!('tagName' in node)) continue
    yield { tag: node.tagName }
    for (const { name, value } of node.attrs) yield { tag: node.tagName, name, value }
    waiting.push(...node.childNodes)
  }
}

const mayBe = new Set(
  'a abbr address b bdi blockquote br caption cite code col colgroup dd del dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strike strong sub sup table tbody td tfoot th thead time tr tt u ul var wbr'.split(
    ' ',
  ),
)
const mayHave = new Set(
  'href rel target data-host src alt width height loading colspan rowspan scope start datetime dir lang class'.split(' '),
)

/** What would run, fetch or deceive; nothing when the HTML is harmless. */
function dangers(html: string): string[] {
  return [...found(html)].flatMap(({ tag, name, value = '' }) => {
    if (!mayBe.has(tag)) return [`<${tag}>`]
    if (name === undefined) return []
    if (!mayHave.has(name)) return [`<${tag} ${name}>`]
    if (name === 'href' && !/^(https?:\/\/[^@\\]+$|mailto:|tel:|\/(?![/\\]))/.test(value)) return [`href=${value}`]
    if (name === 'src' && !/^(\/(files|proxy)\/|data:image\/(png|gif|jpeg|webp);base64,[\w+/=]+$)/.test(value)) return [`src=${value}`]
    return []
  })
}

/** The same after a browser wrote its tree out and another read it. */
const mutated = (html: string): string => serialize(parseFragment(html))

function provesClean(html: string, options: Parameters<typeof clean>[1]): void {
  const once = clean(html, options)
  assert.deepEqual(dangers(once), [], `${html}\n→ ${once}`)
  assert.deepEqual(dangers(mutated(once)), [], `written out again: ${html}\n→ ${once}`)
  assert.equal(clean(once, options), once, `not stable: ${html}`)
}

describe('clean', () => {
  const count = Object.values(vectors).flat().length
  test(`lets none of ${count} scripts through`, () => {
    assert.ok(count >= 300)
    for (const vector of Object.values(vectors).flat()) for (const options of [{}, { images }]) provesClean(vector, options)
  })

  test('lets none of them through inside a table, a list, a quotation, an attribute', () => {
    const places = [
      '<table><tr><td>%</td></tr></table>',
      '<ul><li>%',
      '<blockquote><p>%</blockquote>',
      '<p title="%">x</p>',
      '<b><i>%</b></i>',
      '<svg>%</svg>',
      '<select>%',
    ]
    for (const place of places)
      for (const vector of Object.values(vectors).flat())
        provesClean(
          place.replace('%', () => vector),
          { images },
        )
  })

  test('is stable and safe on any soup of pieces', () => {
    const pieces = fc.constantFrom(
      ...[
        '<p',
        '<svg',
        '<math',
        '<style',
        '</style',
        '<table',
        '<td',
        '<a href=',
        '<img src=',
        '<template',
        '<noscript',
        '</noscript>',
        '<mtext',
        '<select',
        '<title',
        '</p',
        '<!--',
        '-->',
      ],
      ...[
        '<![CDATA[',
        ']]>',
        '>',
        '/>',
        ' ',
        '"',
        "'",
        '=',
        '&lt;',
        '&#x3c;',
        '&amp;',
        ' onerror=hit() ',
        ' x ',
        'javascript:hit()',
        'https://x.example/',
        'cid:1',
        '\0',
        '\n',
        'text',
        '<br',
        '<b',
        '<plaintext',
        '<iframe',
        '<form',
        '<textarea',
      ],
    )
    const soup = fc
      .array(fc.oneof({ weight: 8, arbitrary: pieces }, fc.string({ maxLength: 6, unit: 'binary' })), { maxLength: 30 })
      .map(parts => parts.join(''))
    fc.assert(
      fc.property(soup, html => provesClean(html, { images })),
      { numRuns: runs },
    )
  })

  test('keeps what mails and posts are made of', () => {
    const html =
      '<h2>Hej</h2><p>Look at <b>this</b> &amp; <a href="https://x.example/?a=1&amp;b=2">that</a>:</p><table><tbody><tr><td colspan="2">1</td></tr></tbody></table><ul><li>one</li></ul><blockquote>old</blockquote>'
    assert.equal(
      clean(html),
      html.replace(
        '<a href="https://x.example/?a=1&amp;b=2">',
        '<a href="https://x.example/?a=1&amp;b=2" rel="noopener noreferrer nofollow ugc" target="_blank" data-host="x.example">',
      ),
    )
  })

  test('a link names the host it leads to, without the name that pretends to be one', () => {
    assert.match(
      clean('<a href="https://bank.example@evil.example/x">bank.example</a>'),
      /href="https:\/\/evil\.example\/x".* data-host="evil\.example"/,
    )
    assert.match(clean('<a href="https://bänk.example">bank</a>'), /data-host="xn--bnk-qla\.example"/)
  })

  test('a picture is shown only under an address of ours', () => {
    assert.equal(clean('<img src="https://x.example/a.png" alt="lamp">'), '<span class="image-blocked">lamp</span>')
    assert.equal(
      clean('<img src="cid:A@b" alt="">', { images: address => (address === 'cid:A@b' ? '/files/7' : undefined) }),
      '<img src="/files/7" alt="" loading="lazy" />',
    )
    assert.equal(
      clean('<img src="https://x.example/a.png">', { images: () => 'https://evil.example/' }),
      '<span class="image-blocked"></span>',
    )
    assert.equal(clean('a<img src="https://x.example/p.gif" width=1 height=1>b'), 'ab')
  })

  test('what is nested too deep is shown as text, in little time', () => {
    const begin = process.threadCpuUsage() // Its own time: other tests may have the processor meanwhile.
    assert.equal(clean(`${'<div>'.repeat(600)}deep &lt;b&gt;`), '<div>deep &lt;b&gt;</div>')
    clean('<b>'.repeat(500_000) + '</i>'.repeat(500_000))
    clean('<'.repeat(1_000_000))
    clean('<a b="'.repeat(300_000))
    const { user, system } = process.threadCpuUsage(begin)
    assert.ok(user + system < 5_000_000, `${user + system} µs`)
  })
})

describe('textOf', () => {
  test('reads as a person would', () => {
    const html =
      '<head><title>no</title></head><p>Hello <b>you</b>,</p><div style="display: none">no</div><p>line<br>line</p><ul><li>one<li>two</ul><table><tr><td>a<td>b</table><blockquote>old<blockquote>older</blockquote></blockquote><script>no</script>end'
    assert.equal(textOf(html), 'Hello you,\n\nline\nline\n\n- one\n- two\na b\n\n> old\n>\n> > older\n\nend')
  })

  test('never throws and stays short, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400, unit: 'binary' }), html => {
        assert.ok(textOf(html, 100).length <= 100)
      }),
      { numRuns: runs },
    )
    assert.equal(textOf(`${'<div>'.repeat(600)}deep`), 'deep')
  })
})

describe('cleanName and cleanText', () => {
  test('a name keeps its letters, emoji and joiners, and loses what hides or turns', () => {
    assert.equal(cleanName('Annagpj.exe\u202e\u2066 \u200b \u0000Ek\r\nBcc: x'), 'Annagpj.exe Ek Bcc: x')
    assert.equal(cleanName('👩‍👩‍👧 می‌خواهم Åsa 🏳️‍🌈'), '👩‍👩‍👧 می‌خواهم Åsa 🏳️‍🌈')
    assert.equal(cleanName('a\u200db\u00adc\ufeff'), 'abc')
  })

  test('a text cannot turn its surroundings around', () => {
    assert.equal(cleanText('a\u202eb\nc\u2067d\u202c\u2069'), 'a\u202eb\u202c\nc\u2067d\u2069')
    assert.equal(cleanText('tab\tline\r\nend\u0007\u0000'), 'tab\tline\nend')
  })

  test('cleaning twice is cleaning once', () => {
    const soup = fc.array(
      fc.oneof(
        fc.constantFrom(
          '\u202e',
          '\u2067',
          '\u2069',
          '\u202c',
          '\u200d',
          '\u200b',
          ' ',
          '👩',
          'ا',
          'a',
          '\n',
          '\r',
          '\u0000',
          '\ud800',
          '\u00ad',
        ),
        fc.string({ unit: 'binary', maxLength: 3 }),
      ),
      { maxLength: 20 },
    )
    fc.assert(
      fc.property(soup, parts => {
        const text = parts.join('')
        assert.equal(cleanText(cleanText(text)), cleanText(text))
        assert.equal(cleanName(cleanName(text, 12), 12), cleanName(text, 12))
        assert.ok(cleanName(text, 12).length <= 12)
      }),
      { numRuns: runs },
    )
  })
})
