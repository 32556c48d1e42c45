/** What is said about the shop of the demonstration elsewhere: three monitors, and half a year of posts in four languages, with a noise that the name brings along. */
import { make, take } from '#areas/monitors/actions.ts'
import type { Heard } from '#areas/monitors/words.ts'
import type { Actor, Ctx } from '#kernel/context.ts'
import { inOrg } from '#kernel/db.ts'
import type { Language } from '#kernel/messages.ts'
import { dice } from './world.ts'

const day = 86_400_000

interface Saying {
  of: 'us' | 'them' | 'both' | 'noise'
  texts: Record<Language, string[]>
}

const said: Saying[] = [
  {
    of: 'us',
    texts: {
      en: [
        'The Nordlicht lamp on my desk is the best thing I bought this year. Warm light, no flicker.',
        'My Nordlicht lantern arrived broken, and nobody has answered for a week. Disappointed.',
        'Does anyone know whether the Nordlicht shelf fits above a radiator?',
        'Nordlicht sent a new shade within two days, no questions asked. That is service!',
        'Reading by my Nordlicht lamp while it snows outside. Perfect evening.',
        'Nordlicht raised the price of the shelves again, not amused.',
        'Which bulb does the small Nordlicht lantern take, E14 or E27?',
        'Ordered wool from Nordlicht on Monday, it was here on Wednesday.',
        'The Nordlicht app logs me out every single time.',
        'Saw the Nordlicht shop in Kiel today, so many lanterns in one window.',
      ],
      de: [
        'Die Lampe von Nordlicht macht wunderbares Licht, ich bin begeistert.',
        'Seit drei Wochen warte ich auf meine Bestellung bei Nordlicht. Das ist ärgerlich.',
        'Hat jemand die Wolldecke von Nordlicht? Wie wäscht man die?',
        'Der Kundendienst von Nordlicht war schnell und freundlich, danke!',
        'Meine Oma hat sich eine Leselampe von Nordlicht gewünscht, sie strahlt.',
        'Bei Nordlicht geht seit Stunden niemand ans Telefon, unmöglich.',
        'Passt das Regal von Nordlicht auch in eine Nische von 80 Zentimetern?',
        'Nordlicht hat mir den Schirm einfach ersetzt, großartig.',
        'Die Rechnung von Nordlicht stimmt schon wieder nicht.',
        'Wolle von Nordlicht ist angekommen, das Grün ist herrlich.',
      ],
      nl: [
        'De lamp van Nordlicht is prachtig, echt een aanrader.',
        'Mijn bestelling bij Nordlicht is te laat en kapot aangekomen. Slechte ervaring.',
        'Weet iemand of de lantaarn van Nordlicht buiten kan staan?',
        'Heel blij met de plank van Nordlicht, snel geleverd en mooi gemaakt.',
        'Net mijn bureau opgeruimd, de lamp van Nordlicht maakt het af.',
        'Nordlicht rekent nu verzendkosten, jammer.',
        'Is er een korting bij Nordlicht voor scholen?',
        'Kapje van de lantaarn gebroken, Nordlicht stuurde gratis een nieuw.',
        'De website van Nordlicht doet het weer niet.',
        'Wat is de wol van Nordlicht zacht, ik brei er een sjaal van.',
      ],
      sv: [
        'Lampan från Nordlicht är underbar, jag älskar ljuset.',
        'Nordlicht skickade fel lampa två gånger. Jag är besviken.',
        'Vet någon om lyktan från Nordlicht tål regn?',
        'Tack Nordlicht för snabb och trevlig hjälp med min trasiga lampa!',
        'Kvällens läsning under lampan från Nordlicht, så mysigt.',
        'Nordlicht svarar inte på mina mejl, väldigt dåligt.',
        'Hur lång är kabeln på golvlampan från Nordlicht?',
        'Hyllan från Nordlicht var lätt att sätta upp, bra jobbat.',
        'Garnet från Nordlicht hade fel färg, får skicka tillbaka.',
        'Nordlicht öppnar en butik i Malmö, äntligen!',
      ],
    },
  },
  {
    of: 'them',
    texts: {
      en: [
        'Solveig lamps look good, but mine broke after a month.',
        'The new Solveig lantern is lovely.',
        'Waited for Solveig to call back about the lamp, they never did.',
        'Solveig has free returns for every lamp, nice touch.',
        'Is the Solveig lantern dimmable?',
      ],
      de: [
        'Die Lampe von Solveig ist hübsch, aber viel zu teuer.',
        'Solveig hat wieder nicht geantwortet. Schlecht.',
        'Die neue Lampe von Solveig flackert, geht zurück.',
        'Solveig hat mir nach einer Stunde geantwortet, stark.',
        'Kennt jemand die Laterne und die Lampe von Solveig im Vergleich?',
      ],
      nl: [
        'De lampen van Solveig zijn mooi en goedkoop.',
        'Solveig levert veel te laat, wat een ellende.',
        'De lampen van Solveig zijn uitverkocht, helaas.',
        'Solveig levert de lampen nu ook op zaterdag.',
        'Iemand ervaring met de lampen van Solveig in de tuin?',
      ],
      sv: [
        'Solveig har fina lampor till bra pris.',
        'Min lampa från Solveig slutade lysa, dålig kvalitet.',
        'Solveig visade nya lampor på mässan, spännande.',
        'Mina lampor från Solveig kom i dag, mycket nöjd.',
        'Två lampor från Solveig, en var trasig.',
      ],
    },
  },
  {
    of: 'both',
    texts: {
      en: ['Nordlicht or Solveig for a reading lamp? Both look nice.'],
      de: ['Nordlicht oder Solveig? Für die Leselampe nehme ich die erste, das Licht ist besser.'],
      nl: ['Nordlicht of Solveig voor een leeslamp? Ik twijfel.'],
      sv: ['Nordlicht eller Solveig för en läslampa? Båda är fina.'],
    },
  },
  {
    of: 'noise',
    texts: {
      en: ['Nordlicht means aurora in German, and the aurora tonight was amazing.'],
      de: [
        'Heute Nacht wieder Nordlicht am Himmel, die Aurora war bis zur Küste zu sehen.',
        'Polarlicht, Nordlicht, Aurora: wir fahren nach Tromsø!',
      ],
      nl: ['Nordlicht, zo heet de aurora in het Duits. Prachtig gezien vannacht.'],
      sv: ['Nordlicht är tyska för aurora, sa guiden. Vi såg en i natt.'],
    },
  },
]

const names = [
  'Mira',
  'Jonas K.',
  'Elin',
  'Sanne',
  'Oskar',
  'Lotte',
  'Ben H.',
  'Freja',
  'Tomas',
  'Ida',
  'Wim',
  'Greta',
  'Pelle',
  'Nora',
  'Kees',
  'Ulla',
]
const countries: Record<Language, string> = { en: 'gb', de: 'de', nl: 'nl', sv: 'se' }
const tails = ['', '', '', ' 🙂', ' #lamp', ' What do you think?', ' (again)', ' Just saying.']

/** Of the last half year, more of them lately, and a wave of complaints nine days ago. */
function posts(now: Date): Heard[] {
  const roll = dice(1891)
  const pick = <T>(all: readonly T[]): T => all[Math.floor(roll() * all.length)]!
  return Array.from({ length: 700 }, (_, nth): Heard => {
    const isWave = nth % 14 === 0
    const ago = isWave ? 9 + roll() * 0.6 : 182 * roll() * roll()
    const language = pick(['en', 'de', 'de', 'nl', 'sv'] as const)
    const { texts } = isWave ? said[0]! : pick([said[0]!, said[0]!, said[0]!, said[1]!, said[1]!, said[2]!, said[3]!])
    const text = isWave ? texts[language][1]! : pick(texts[language])
    const name = pick(names)
    return {
      remoteId: `demo-${nth}`,
      at: new Date(now.getTime() - ago * day),
      text: text + pick(tails),
      author: `@${name.toLowerCase().replace(/[^a-z]/g, '')}@social.example`,
      authorName: name,
      followers: Math.floor(10 ** (1 + 3 * roll())),
      url: `https://social.example/posts/${nth}`,
      language,
      ...(roll() < 0.4 && { country: countries[language] }),
      kind: roll() < 0.2 ? 'reply' : 'post',
    }
  }).sort((a, b) => a.at.getTime() - b.at.getTime())
}

export async function writeMonitors(org: string, boss: string): Promise<void> {
  const actor: Actor = { kind: 'person', account: null, person: boss, role: 'manager', via: 'job' }
  await inOrg(org, actor, async ctx => {
    const about = { lookBack: 0, market: 'Lamps' }
    await make(ctx, { ...about, name: 'Nordlicht', kind: 'brand', ours: true, query: 'nordlicht' })
    await make(ctx, {
      ...about,
      name: 'Solveig',
      kind: 'competitor',
      query: 'solveig (lamp* OR lampa* OR lampe* OR lampor OR lantern OR levert OR geantwortet)',
    })
    await make(ctx, {
      lookBack: 0,
      name: 'Broken or late',
      kind: 'topic',
      query: '(nordlicht OR solveig) (broken OR broke OR kapot OR fel OR trasig* OR warte OR laat OR besviken)',
    })
  })
  await inOrg(org, actor, ctx => hear(ctx))
}

async function hear(ctx: Ctx): Promise<void> {
  const all = posts(ctx.now)
  const [networks, feeds] = [all.filter((_, at) => at % 5 !== 0), all.filter((_, at) => at % 5 === 0)]
  await take(ctx, 'mastodon', networks)
  await take(ctx, 'feed', feeds)
}
