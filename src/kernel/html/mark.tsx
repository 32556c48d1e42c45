/** The mark: three overlapping rings, amber (inside), coral (outside) and blue (how we talk); where all three meet, the green core. */

export interface MarkProps {
  size?: 'small' | 'medium' | 'large' | 'huge'
  /** Only where nothing beside the mark says the name. */
  label?: string
  /** Turns slowly while something is awaited. */
  turning?: boolean
}

// Centres lie on a circle of 6.6 around (16, 17); each ring has the radius 8.4. The core is the piece common to all three discs.
const rings = [
  { part: 'talk', cx: 16, cy: 10.4 },
  { part: 'inside', cx: 10.28, cy: 20.3 },
  { part: 'outside', cx: 21.72, cy: 20.3 },
] as const

export const Mark = ({ size = 'medium', label, turning }: MarkProps) => (
  <svg
    class={`mark mark-${size}`}
    viewBox="0 0 32 32"
    data-turning={turning ? '' : undefined}
    role={label ? 'img' : undefined}
    aria-label={label}
    aria-hidden={label ? undefined : 'true'}
  >
    {rings.map(({ part, cx, cy }) => (
      <circle class={`mark-${part}`} cx={cx} cy={cy} r="8.4" />
    ))}
    <circle class="mark-core" cx="16" cy="17" r="2.6" />
  </svg>
)

export const Wordmark = ({ size = 'medium' }: Pick<MarkProps, 'size'>) => (
  <span class={`wordmark wordmark-${size}`}>
    <Mark size={size} />
    <span translate="no">Trefoil</span>
  </span>
)
