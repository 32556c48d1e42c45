/** The mark: three overlapping rings, amber (inside), coral (outside) and blue (how we talk); where all three meet, the green core. */

export interface MarkProps {
  size?: 'small' | 'medium' | 'large' | 'huge'
  /** Only where nothing beside the mark says the name. */
  label?: string
  /** Turns slowly while something is awaited. */
  turning?: boolean
}

// The centres lie on a circle of 5 around (16, 17.2); each ring has the radius 8.6, so that all three share a middle with room for the core.
const rings = [
  { part: 'talk', cx: 16, cy: 12.2 },
  { part: 'inside', cx: 11.67, cy: 19.7 },
  { part: 'outside', cx: 20.33, cy: 19.7 },
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
      <circle class={`mark-${part}`} cx={cx} cy={cy} r="8.6" />
    ))}
    <circle class="mark-core" cx="16" cy="17.2" r="2.7" />
  </svg>
)

export const Wordmark = ({ size = 'medium' }: Pick<MarkProps, 'size'>) => (
  <span class={`wordmark wordmark-${size}`}>
    <Mark size={size} />
    <span translate="no">Trefoil</span>
  </span>
)
