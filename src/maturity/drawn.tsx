/** The drawings of models: a matrix, a pyramid, a table of points. Each is its own list or table as well, so that it reads without eyes. */
import { Icon, Unseen } from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { stateOf } from './engine.ts'
import { inOwn, Provenance, type State, StateSign, shownState, stateIcons, verdict } from './said.tsx'
import type { Framework, Node, Result } from './words.ts'

export interface Picture {
  framework: Framework
  results: Map<string, Result>
}

const ofType = ({ framework }: Picture, type: Node['type']): Node[] =>
  framework.nodes.filter(each => each.type === type).toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0))

/** The nodes that another one contains, in the order of the model. */
export function inside({ framework }: Picture, id: string): Node[] {
  const within = new Set(framework.edges.filter(edge => edge.kind === 'contains' && edge.from === id).map(edge => edge.to))
  return framework.nodes.filter(each => within.has(each.id))
}

export const hrefOf = (framework: Framework, node: string): string => `/models/${framework.id}/${node}`

// —— matrix ——

/** Where a cell stands: here, passed, ahead, or possible while the aspect is not decided; and what the cell itself says. */
function placeOf(picture: Picture, aspect: Node, cell: Node): State {
  const result = picture.results.get(aspect.id)
  if (result?.value === cell.id) return 'here'
  const own = stateOf(picture.results.get(cell.id) ?? { value: null })
  const order = cell.order ?? 0
  const lowest = lowestOf(picture, aspect, result)
  if (lowest !== null && order < lowest) return 'passed'
  if (own === 'met') return 'met'
  if (own === 'unknown') return result?.range && order > result.range[1] ? 'ahead' : 'unknown'
  return 'ahead'
}

function lowestOf({ framework }: Picture, _aspect: Node, result: Result | undefined): number | null {
  if (!result) return null
  if (typeof result.value === 'string') return framework.nodes.find(each => each.id === result.value)?.order ?? null
  return result.range ? result.range[0] : null
}

const Cell = ({ picture, aspect, phase, cell }: { picture: Picture; aspect: Node; phase: Node; cell: Node }) => {
  const state = placeOf(picture, aspect, cell)
  return (
    <td class="matrix-cell" data-state={state}>
      <div class="matrix-inside">
        <span class="matrix-phase" aria-hidden="true">
          {inOwn(phase.label)}
        </span>
        <a href={hrefOf(picture.framework, cell.id)}>{inOwn(cell.label)}</a>
        <span class="matrix-foot">
          <StateSign state={state} />
          <Provenance of={cell} />
        </span>
      </div>
    </td>
  )
}

const Aspect = ({ picture, aspect, phases }: { picture: Picture; aspect: Node; phases: Node[] }) => {
  const cells = inside(picture, aspect.id)
  const inPhase = (phase: Node) => inside(picture, phase.id).find(cell => cells.includes(cell))
  return (
    <tr>
      <th scope="row" class="matrix-aspect">
        <a href={hrefOf(picture.framework, aspect.id)}>{inOwn(aspect.label)}</a>
        <span class="matrix-verdict">{verdict(picture.framework, picture.results.get(aspect.id))}</span>
      </th>
      {phases.map(phase => {
        const cell = inPhase(phase)
        return cell ? <Cell picture={picture} aspect={aspect} phase={phase} cell={cell} /> : <td />
      })}
    </tr>
  )
}

/** Aspects as rows, phases as columns; on a narrow screen each aspect becomes a list of its phases. */
export const Matrix = (picture: Picture) => {
  const phases = ofType(picture, 'phase')
  return (
    <div class="matrix-box">
      <table class="matrix">
        <caption class="unseen">{t('maturity.matrixOf', { name: inOwn(picture.framework.name) })}</caption>
        <thead>
          <tr>
            <th scope="col">
              <Unseen>{t('maturity.aspect')}</Unseen>
            </th>
            {phases.map(phase => (
              <th scope="col">{inOwn(phase.label)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ofType(picture, 'aspect').map(aspect => (
            <Aspect picture={picture} aspect={aspect} phases={phases} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

// —— pyramid ——

/** One slice of the pyramid, as wide as its place asks for, filled as far as its claims are met; it grows with its row, so the slope goes on. */
const Slice = ({ id, place, count, state, filled }: { id: string; place: number; count: number; state: State; filled: number }) => {
  const half = (above: number) => (above / count) * 50
  const [wide, narrow] = [half(count - place), half(count - place - 1)]
  const upTo = (share: number) => {
    const top = wide + (narrow - wide) * share
    return `M${50 - wide} 100 L${50 - top} ${100 - 100 * share} L${50 + top} ${100 - 100 * share} L${50 + wide} 100 Z`
  }
  const shape = upTo(1)
  return (
    <svg class="pyramid-slice" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true" data-state={state}>
      <defs>
        <pattern id={`${id}-${place}`} width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path d="M0 0V7" />
        </pattern>
      </defs>
      <path class="pyramid-ground" d={shape} vector-effect="non-scaling-stroke" />
      {state === 'unknown' && <path class="pyramid-hatch" d={shape} fill={`url(#${id}-${place})`} />}
      {filled > 0 && filled < 1 && <path class="pyramid-filled" d={upTo(filled)} vector-effect="non-scaling-stroke" />}
    </svg>
  )
}

const shareMet = (picture: Picture, nodes: Node[]): number =>
  nodes.filter(node => stateOf(picture.results.get(node.id) ?? { value: null }) === 'met').length / Math.max(1, nodes.length)

const counted = (picture: Picture, nodes: Node[]): string => {
  const states = nodes.map(node => stateOf(picture.results.get(node.id) ?? { value: null }))
  const count = (state: string) => states.filter(each => each === state).length
  const values = { met: count('met'), all: nodes.length, unknown: count('unknown') }
  return t(values.unknown ? 'maturity.metOfUnknown' : 'maturity.metOf', values)
}

const Claim = ({ picture, node }: { picture: Picture; node: Node }) => {
  const state = shownState(picture.results.get(node.id))
  return (
    <li class="claim" data-state={state}>
      <Icon name={stateIcons[state]} size={14} />
      <a href={hrefOf(picture.framework, node.id)}>{inOwn(node.label)}</a>
      <Unseen>{t(`maturity.state.${state}`)}</Unseen>
      {node.provenance !== 'sourced' && <Provenance of={node} />}
    </li>
  )
}

const Level = ({ picture, level, place, count }: { picture: Picture; level: Node; place: number; count: number }) => {
  const state = shownState(picture.results.get(level.id))
  const requirements = inside(picture, level.id)
  return (
    <li class="pyramid-level" data-state={state} value={place + 1}>
      <div class="pyramid-side">
        <Slice id="hatch" place={place} count={count} state={state} filled={shareMet(picture, requirements)} />
        <span class="pyramid-number" aria-hidden="true">
          {place + 1}
        </span>
      </div>
      <div class="pyramid-words">
        <h3>
          <a href={hrefOf(picture.framework, level.id)}>{inOwn(level.label)}</a>
          <StateSign state={state} />
        </h3>
        {level.text && <p>{inOwn(level.text)}</p>}
        <ul class="claims" aria-label={counted(picture, requirements)}>
          {requirements.map(node => (
            <Claim picture={picture} node={node} />
          ))}
        </ul>
      </div>
    </li>
  )
}

/** On a narrow screen the pyramid stands as a whole above the list, in the shape that it should have. */
const Small = ({ picture, levels }: { picture: Picture; levels: Node[] }) => (
  <div class="pyramid-small" aria-hidden="true">
    {levels.toReversed().map(level => {
      const place = levels.indexOf(level)
      const state = shownState(picture.results.get(level.id))
      return (
        <div class="pyramid-side">
          <Slice id="small" place={place} count={levels.length} state={state} filled={shareMet(picture, inside(picture, level.id))} />
          <span class="pyramid-number">{place + 1}</span>
        </div>
      )
    })}
  </div>
)

/** Levels from the top down as a numbered list, each with its slice of the pyramid beside it. */
export const Pyramid = (picture: Picture) => {
  const levels = ofType(picture, 'level')
  return (
    <div>
      <Small picture={picture} levels={levels} />
      <ol class="pyramid" reversed aria-label={t('maturity.ladderOf', { name: inOwn(picture.framework.name) })}>
        {levels.toReversed().map(level => (
          <Level picture={picture} level={level} place={levels.indexOf(level)} count={levels.length} />
        ))}
      </ol>
    </div>
  )
}

// —— points ——

/** Sections with one to so many points, such as a quiz. */
export const Points = ({ picture, root }: { picture: Picture; root: Node }) => {
  const sections = inside(picture, root.id)
  const most = Math.max(...sections.map(section => inside(picture, section.id).length))
  const columns = Array.from({ length: most }, (_, at) => at)
  return (
    <div class="matrix-box">
      <table class="matrix matrix-points">
        <caption class="unseen">{inOwn(root.label)}</caption>
        <thead>
          <tr>
            <th scope="col">
              <Unseen>{t('maturity.aspect')}</Unseen>
            </th>
            {columns.map(at => (
              <th scope="col">{t('maturity.points', { points: at + 1 })}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sections.map(section => (
            <tr>
              <th scope="row" class="matrix-aspect">
                <a href={hrefOf(picture.framework, section.id)}>{inOwn(section.label)}</a>
                <span class="matrix-verdict">{pointsOf(picture, section)}</span>
              </th>
              {inside(picture, section.id).map((cell, at) => (
                <Cell picture={picture} aspect={section} phase={{ ...cell, label: pointLabel(at) }} cell={cell} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const pointLabel = (at: number): Node['label'] => ({ en: t('maturity.points', { points: at + 1 }), original: 'en' })

/** The points of a section, or that they are not known; the answer itself stands in the table. */
function pointsOf({ framework, results }: Picture, section: Node): string {
  const { value, range } = results.get(section.id) ?? { value: null }
  const order = framework.nodes.find(each => each.id === value)?.order
  if (order !== undefined) return t('maturity.points', { points: order })
  return range && range[0] > 1 ? t('maturity.atLeast', { what: t('maturity.points', { points: range[0] }) }) : t('maturity.unknown')
}

// —— small ——

const Dots = ({ states }: { states: State[] }) => (
  <span class="mini-line">
    {states.map(state => (
      <span class="mini-dot" data-state={state} />
    ))}
  </span>
)

/** What can be said already, in a line. */
export function gist(picture: Picture): string {
  if (picture.framework.kind !== 'matrix') return counted(picture, ofType(picture, 'requirement'))
  const known = ofType(picture, 'aspect').filter(each => verdict(picture.framework, picture.results.get(each.id)) !== t('maturity.unknown'))
  return (
    known.map(each => `${inOwn(each.label)}: ${verdict(picture.framework, picture.results.get(each.id))}`).join(' · ') ||
    t('maturity.unknown')
  )
}

/** The same picture in the size of a thumb: one dot for each claim, line by line as in the drawing. */
export const Mini = (picture: Picture) => {
  const { kind } = picture.framework
  const states = (line: Node): State[] =>
    inside(picture, line.id).map(each => (kind === 'matrix' ? placeOf(picture, line, each) : shownState(picture.results.get(each.id))))
  const lines = ofType(picture, kind === 'ladder' ? 'level' : 'aspect')
  return (
    <figure class="mini">
      <div aria-hidden="true" data-kind={kind}>
        {(kind === 'ladder' ? lines.toReversed() : lines).map(line => (
          <Dots states={states(line)} />
        ))}
      </div>
      <figcaption>{gist(picture)}</figcaption>
    </figure>
  )
}

// —— everything else ——

/** For kinds without a drawing of their own yet: what contains what, as nested lists. */
export const Tree = ({ picture, roots }: { picture: Picture; roots: Node[] }) => (
  <ul class="claims claims-tree">
    {roots.map(node => (
      <>
        <Claim picture={picture} node={node} />
        {inside(picture, node.id).length > 0 && (
          <li>
            <Tree picture={picture} roots={inside(picture, node.id)} />
          </li>
        )}
      </>
    ))}
  </ul>
)

/** Nodes that no other contains. */
export const rootsOf = (picture: Picture): Node[] => {
  const within = new Set(picture.framework.edges.filter(edge => edge.kind === 'contains').map(edge => edge.to))
  return picture.framework.nodes.filter(each => !within.has(each.id))
}
