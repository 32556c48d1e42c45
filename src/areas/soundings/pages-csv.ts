/** Every picture as a list for spreadsheets: the same numbers, in one row for each thing. */
import { type Cell, csvLine, csvStart } from '#kernel/csv.ts'
import { refuse } from '#kernel/errors.ts'
import { raw, type See } from '#kernel/page.tsx'
import * as soundings from './actions.ts'
import { askedOf, type Place, placeOf } from './pages-place.tsx'
import { sides } from './words.ts'

type Lines = (see: See, place: Place) => Promise<Cell[][]>

const moods = ['positive', 'neutral', 'negative', 'unknown'] as const

const lists: Record<string, Lines> = {
  days: async (see, place) => {
    const { monitors, trend } = await soundings.look(see.ctx, { ...askedOf(place), against: place.against })
    const head = ['from', 'mentions', ...moods, 'sentiment.net', ...monitors.map(each => each.name)]
    return [head, ...trend.map(each => [each.from, each.n, ...moods.map(mood => each[mood]), each.net, ...each.by])]
  },
  parts: async (see, place) => {
    const { sources, languages, countries } = await soundings.look(see.ctx, { ...askedOf(place), against: place.against })
    const all = { source: sources, language: languages, country: countries }
    const rows = Object.entries(all).flatMap(([what, parts]) =>
      parts.map(each => [what, each.part, each.n, ...moods.map(mood => each[mood]), each.net]),
    )
    return [['what', 'part', 'mentions', ...moods, 'sentiment.net'], ...rows]
  },
  terms: async (see, place) => {
    const { rising, common } = await soundings.topics(see.ctx, askedOf(place))
    const surprise = new Map(rising.map(each => [each.term, each.surprise]))
    const rows = [...new Map([...rising, ...common, ...common.flatMap(each => each.phrases)].map(each => [each.term, each])).values()]
    const line = (each: (typeof rows)[number]) => [
      each.term,
      each.n,
      each.before,
      surprise.get(each.term) ?? null,
      each.positive,
      each.negative,
    ]
    return [['term', 'mentions', 'before', 'log-likelihood ratio', 'positive', 'negative'], ...rows.map(line)]
  },
  term: async (see, place) => {
    const term = (see.query.get('term') ?? '').slice(0, 100)
    const { trend } = await soundings.oneTerm(see.ctx, { ...askedOf(place), term })
    return [['from', 'mentions', 'positive', 'negative'], ...trend.map(each => [each.from, each.n, each.positive, each.negative])]
  },
  changes: async (see, place) => {
    const rows: Cell[][] = [['by', 'part', 'before', 'now', 'difference']]
    for (const by of sides) {
      const { items } = await soundings.drivers(see.ctx, { ...askedOf(place), against: place.against, by })
      rows.push(...items.map(each => [by, each.part, each.before, each.now, each.difference]))
    }
    return rows
  },
  voices: async (see, place) => {
    const by = see.query.get('by') === 'reach' ? ('reach' as const) : ('n' as const)
    const { items } = await soundings.voices(see.ctx, { ...askedOf(place), by })
    const head = ['source', 'author', 'name', 'mentions', 'followers (potential reach)', 'positive', 'negative']
    return [head, ...items.map(each => [each.source, each.author, each.name, each.n, each.followers, each.positive, each.negative])]
  },
  hours: async (see, place) => {
    const { hours } = await soundings.hours(see.ctx, askedOf(place))
    return [['weekday (1 is Monday)', 'hour', 'mentions'], ...hours.map((n, at) => [Math.floor(at / 24) + 1, at % 24, n])]
  },
}

export const csv = raw('GET', '/soundings/csv/:list', 'soundings.read', async (c, see) => {
  const list = lists[see!.params.list ?? ''] ?? refuse('notFound', 'soundings.gone')
  const place = await placeOf(see!)
  if (!place?.monitors) refuse('notFound', 'soundings.gone')
  const lines = await list(see!, place!)
  return new Response(csvStart + lines.map(csvLine).join(''), {
    headers: {
      ...Object.fromEntries(c.res.headers),
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${see!.params.list}.csv"`,
      'cache-control': 'no-store',
    },
  })
})
