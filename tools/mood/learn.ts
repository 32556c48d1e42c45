/** Multinomial logistic regression with quadratic regularisation, solved by L-BFGS (Nocedal 1980; 12 pairs), which finds the one best answer without chance. */

export interface Example {
  index: Int32Array
  value: Float32Array
  label: number
  weight: number
}

const pairs = 8

/** Weights of three moods for each feature, from the loss over all examples; `soft` is what a label leaves to the other moods. */
export function learn(
  examples: readonly Example[],
  size: number,
  { strength, soft, steps }: { strength: number; soft: number; steps: number },
): Float32Array {
  const length = size * 3
  let at = new Float32Array(length)
  let gradient = new Float32Array(length)
  let loss = lossOf(examples, at, gradient, strength, soft)
  const [moved, turned, rho]: [Float32Array[], Float32Array[], number[]] = [[], [], []]
  for (let step = 0; step < steps; step++) {
    const direction = towards(gradient, moved, turned, rho)
    let [length, next, slope, found] = [step === 0 ? 1 / norm(gradient) : 1, at, gradient, loss]
    const decline = dot(direction, gradient)
    for (let tries = 0; tries < 20; tries++, length /= 2) {
      next = at.slice()
      add(next, direction, length)
      slope = new Float32Array(gradient.length)
      found = lossOf(examples, next, slope, strength, soft)
      if (found <= loss + 1e-4 * length * decline) break
    }
    const [s, y] = [less(next, at), less(slope, gradient)]
    const sy = dot(s, y)
    if (sy > 1e-12) {
      moved.push(s)
      turned.push(y)
      rho.push(1 / sy)
      if (moved.length > pairs) for (const each of [moved, turned, rho]) each.shift()
    }
    const better = loss - found
    ;[at, gradient, loss] = [next, slope, found]
    if (better < 1e-5 * Math.abs(loss)) break
  }
  return at
}

function lossOf(examples: readonly Example[], weights: Float32Array, gradient: Float32Array, strength: number, soft: number): number {
  let loss = 0
  for (const { index, value, label, weight } of examples) {
    let [a, b, c] = [0, 0, 0]
    for (let i = 0; i < index.length; i++) {
      const at = 3 * index[i]!
      const v = value[i]!
      a += weights[at]! * v
      b += weights[at + 1]! * v
      c += weights[at + 2]! * v
    }
    const most = Math.max(a, b, c)
    const [ea, eb, ec] = [Math.exp(a - most), Math.exp(b - most), Math.exp(c - most)]
    const sum = ea + eb + ec
    const aim = [0, 1, 2].map(each => (each === label ? 1 - soft : soft / 2))
    const all = Math.log(sum) + most
    loss += weight * (all - aim[0]! * a - aim[1]! * b - aim[2]! * c)
    const [ga, gb, gc] = [weight * (ea / sum - aim[0]!), weight * (eb / sum - aim[1]!), weight * (ec / sum - aim[2]!)]
    for (let i = 0; i < index.length; i++) {
      const at = 3 * index[i]!
      const v = value[i]!
      gradient[at]! += ga * v
      gradient[at + 1]! += gb * v
      gradient[at + 2]! += gc * v
    }
  }
  for (let at = 0; at < weights.length; at++) {
    loss += (strength / 2) * weights[at]! * weights[at]!
    gradient[at]! += strength * weights[at]!
  }
  return loss
}

function towards(gradient: Float32Array, moved: Float32Array[], turned: Float32Array[], rho: number[]): Float32Array {
  const q = gradient.map(each => -each)
  const alpha: number[] = []
  for (let i = moved.length - 1; i >= 0; i--) {
    alpha[i] = rho[i]! * dot(moved[i]!, q)
    add(q, turned[i]!, -alpha[i]!)
  }
  const last = moved.length - 1
  if (last >= 0) {
    const scale = 1 / (rho[last]! * dot(turned[last]!, turned[last]!))
    for (let i = 0; i < q.length; i++) q[i]! *= scale
  }
  for (let i = 0; i < moved.length; i++) add(q, moved[i]!, alpha[i]! - rho[i]! * dot(turned[i]!, q))
  return q
}

function add(to: Float32Array, from: Float32Array, times: number): void {
  for (let i = 0; i < to.length; i++) to[i]! += times * from[i]!
}

function less(one: Float32Array, other: Float32Array): Float32Array {
  const made = one.slice()
  add(made, other, -1)
  return made
}

function dot(one: Float32Array, other: Float32Array): number {
  let sum = 0
  for (let i = 0; i < one.length; i++) sum += one[i]! * other[i]!
  return sum
}

const norm = (all: Float32Array): number => Math.sqrt(dot(all, all))
