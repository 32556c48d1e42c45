/** Who moved whom: people are numbers from 0 on, whoever asks keeps which is who. */

/** A list of ties: `from` acted because `to` spoke; the weights of one person's ties count against each other only. */
export interface Ties {
  from: Int32Array
  to: Int32Array
  /** 1 each without. */
  weight?: Float32Array | undefined
}

export interface Options {
  /** How much of what somebody has goes on to those who moved them; the rest is everybody's own. As Brin and Page chose it. */
  damping?: number
  /** How far a score may be from the true one, as a share of it. */
  precision?: number
}

export const usual = { damping: 0.85, precision: 1e-5 } as const
