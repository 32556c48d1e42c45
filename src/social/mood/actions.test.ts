import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { languageOf, moodOf, moodWithReasons } from './actions.ts'
import { bounds, learnt, type Mood, moods } from './words.ts'

/** Sentences of our own; nothing was learnt from them. */
const said: Record<(typeof learnt)[number], Record<Mood, string[]>> = {
  en: {
    negative: [
      'What a terrible service, I am really disappointed',
      'I hate this app, it crashes all the time',
      'The parcel arrived broken and nobody helps 😡',
    ],
    neutral: ['The shop opens at nine on Monday', 'The report will be published on Tuesday'],
    positive: ['I love this lamp, it is wonderful!', 'Thank you so much for the quick help 😊', 'Best evening ever, great concert'],
  },
  de: {
    negative: [
      'Ich bin total enttäuscht von eurem Service',
      'Das ist die schlechteste App, die ich kenne',
      'So ein Mist, das Paket ist kaputt 😡',
    ],
    neutral: ['Der Laden öffnet am Montag um neun Uhr', 'Der Bericht der Regierung erscheint am Dienstag'],
    positive: [
      'Ich liebe diese Lampe, sie ist wunderschön!',
      'Vielen Dank für die schnelle Hilfe 😊',
      'Ein toller Abend, ich freue mich so',
    ],
  },
  nl: {
    negative: [
      'Wat een slechte service, ik ben zo teleurgesteld',
      'Ik haat deze app, altijd problemen',
      'Wat een ellende, het pakket is kapot 😡',
    ],
    neutral: ['De winkel is maandag om negen uur open', 'Het bericht van de minister komt dinsdag'],
    positive: [
      'Ik hou van deze lamp, hij is prachtig!',
      'Heel erg bedankt voor de snelle hulp 😊',
      'Wat een geweldige avond, ik ben zo blij',
    ],
  },
  sv: {
    negative: ['Usel kundtjänst, jag är så besviken', 'Jag hatar den här appen', 'Paketet var trasigt, så jävla dåligt 😡'],
    neutral: ['Butiken öppnar klockan nio på måndag', 'Rapporten kommer på tisdag'],
    positive: ['Jag älskar den här lampan, så fin!', 'Tack så mycket för snabb hjälp 😊', 'Vilken underbar kväll, jag är så glad'],
  },
  fr: {
    negative: ['Service horrible, je suis très déçu', 'Je déteste cette application', 'Quelle honte, le colis est cassé 😡'],
    neutral: ['Le magasin ouvre lundi à neuf heures', 'Le rapport du ministre paraît mardi'],
    positive: [
      "J'adore cette lampe, elle est magnifique !",
      "Merci beaucoup pour l'aide rapide 😊",
      'Superbe soirée, je suis très heureux',
    ],
  },
  es: {
    negative: [
      'Qué servicio tan horrible, muy decepcionado',
      'Odio esta aplicación, es una basura',
      'El paquete llegó roto, qué vergüenza 😡',
    ],
    neutral: ['La tienda abre el lunes a las nueve', 'El informe del ministro se publica el martes'],
    positive: [
      '¡Me encanta esta lámpara, es preciosa!',
      'Muchas gracias por la ayuda tan rápida 😊',
      'Qué noche tan maravillosa, estoy muy feliz',
    ],
  },
  it: {
    negative: ['Servizio pessimo, sono molto deluso', 'Odio questa app, fa schifo', 'Il pacco è arrivato rotto, che vergogna 😡'],
    neutral: ['Il negozio apre lunedì alle nove', 'La conferenza del governo comincia martedì alle 18 http'],
    positive: ['Adoro questa lampada, è bellissima!', "Grazie mille per l'aiuto veloce 😊", 'Che serata meravigliosa, sono felice'],
  },
  pt: {
    negative: ['Que serviço horrível, estou muito triste', 'Odeio esse aplicativo, que lixo', 'O pedido chegou quebrado, que vergonha 😡'],
    neutral: ['O relatório será publicado na terça às 18h', 'O relatório do ministro sai na terça'],
    positive: ['Eu amo essa luz, é linda demais!', 'Muito obrigada pela ajuda 😊', 'Que noite maravilhosa, estou muito feliz'],
  },
}

for (const language of learnt) {
  test(`What is meant well, badly or neither in plain words is told in ${language}, and so is the language.`, () => {
    for (const mood of moods) {
      for (const text of said[language][mood]) {
        assert.equal(moodOf(text, language).mood, mood, text)
        assert.equal(languageOf(text).language, language, text)
        assert.equal(moodOf(text).mood, mood, `${text}, language found by itself`)
      }
    }
  })
}

test('The words that decided are shown with their places, and point to where the answer went.', () => {
  const text = 'Hello, the service was terrible 😡'
  const { mood, because } = moodWithReasons(text, 'en')
  assert.equal(mood, 'negative')
  const heaviest = because.slice(0, 2).map(({ from, to }) => text.slice(from, to))
  assert.deepEqual(heaviest.sort(), ['terrible', '😡'])
  assert.ok(because[0]!.weight < 0 && because[1]!.weight < 0)
})

test('A "not" turns what stands behind it.', () => {
  for (const [language, good, turned] of [
    ['en', 'this is good', 'this is not good'],
    ['de', 'das ist gut', 'das ist nicht gut'],
    ['nl', 'dit is goed', 'dit is niet goed'],
    ['sv', 'det är bra', 'det är inte bra'],
  ] as const) {
    const weighed = (text: string) => moodWithReasons(text, language)
    assert.equal(weighed(good).mood, 'positive', good)
    assert.notEqual(weighed(turned).mood, 'positive', turned)
  }
})

test('Of a language that was not learnt only emoji are read, and where nothing can be read nothing is said.', () => {
  assert.equal(moodOf('это ужасно', 'ru').mood, null)
  assert.equal(moodOf('これは素晴らしい 😍', 'ja').mood, 'positive')
  assert.equal(moodOf('😍😍', null).mood, 'positive')
  for (const nothing of ['', '   ', '12:30', '...', 'https://example.org/good', '\u0000\u0001\u0002', '@good'])
    assert.deepEqual(moodOf(nothing, 'en'), { mood: null, sure: 0 }, JSON.stringify(nothing))
})

test('Whatever is written, an answer is one, its places lie in the text, and what was read before changes nothing.', () => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ unit: 'grapheme', maxLength: 300 }))
  const language = fc.constantFrom(...learnt, 'ru', 'xx', null, undefined)
  fc.assert(
    fc.property(text, language, text, (some, spoken, other) => {
      const { mood, sure, because } = moodWithReasons(some, spoken)
      moodOf(other, 'en')
      languageOf(other)
      assert.deepEqual(moodWithReasons(some, spoken), { mood, sure, because })
      assert.deepEqual(moodOf(some, spoken), { mood, sure })
      assert.ok(mood === null ? sure === 0 && because.length === 0 : moods.includes(mood) && sure >= 1 / 3 && sure <= 1)
      for (const { from, to, weight } of because) assert.ok(from >= 0 && to > from && to <= some.length && Number.isFinite(weight))
      const found = languageOf(some)
      assert.ok(found.language === null ? found.sure === 0 : found.sure > 0 && found.sure < 1)
    }),
    { numRuns: 500 },
  )
})

test('Posts of a megabyte, of one emoji, of mixed directions and of control characters are answered at once.', () => {
  moodOf('good', 'en')
  languageOf('good')
  const long = 1_000_000
  const hostile = {
    letters: 'a'.repeat(long),
    words: 'good bad '.repeat(long / 9),
    emoji: '😡'.repeat(100_000),
    smileys: ':('.repeat(long / 2),
    escapes: '&'.repeat(long),
    dots: '.!?'.repeat(long / 3),
    quotes: "'".repeat(long),
    apostrophes: "a'".repeat(long / 2),
    tags: '#'.repeat(long),
    links: 'http'.repeat(long / 4),
    halves: '\ud83d'.repeat(long),
    directions: 'سلام hello \u202e\u2066'.repeat(50_000),
    controls: '\u0000\u0007\u001b'.repeat(long / 3),
    joined: 'e\u0301'.repeat(long / 2),
    capitals: 'İ'.repeat(long),
    chinese: '漢字'.repeat(long / 2),
  }
  for (const [name, text] of Object.entries(hostile)) {
    const start = performance.now()
    moodWithReasons(text)
    moodOf(text, 'en')
    // Some 2 ms each on a quiet machine; without bounds it would be seconds.
    assert.ok(performance.now() - start < 500, `${name} took ${performance.now() - start} ms`)
  }
  assert.equal(moodOf(hostile.emoji).mood, 'negative')
})

test('Of a long text the beginning is read and no more.', () => {
  const text = 'It was good. '.repeat(bounds.mood / 13 + 1).slice(0, bounds.mood)
  assert.deepEqual(moodWithReasons(`${text}hate hate hate`, 'en'), moodWithReasons(text, 'en'))
})
