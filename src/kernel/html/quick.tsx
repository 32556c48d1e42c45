/** One answer of the quick lists: `/search/quick`, `/people/quick`, `/answers/quick` each answer a bare fragment of these. */
import type { Child } from 'hono/jsx'
import { Kbd } from './controls.tsx'
import { Icon, type IconName } from './icons.tsx'

export interface QuickOptionProps {
  title: string
  /** Quieter, after or below the title. */
  detail?: string
  icon?: IconName
  /** Instead of an icon, such as an Avatar of size `tiny`. */
  face?: Child
  /** Goes there. */
  href?: string
  /** Posts there. */
  action?: string
  /** What is written into the text: the name after an @, or the whole ready answer. */
  value?: string
  /** Told when it is written into the text. */
  taken?: string
  shortcut?: string
  /** Further words it is found by. */
  words?: string
}

export const QuickOption = (props: QuickOptionProps) => (
  // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the option by aria-activedescendant.
  <div
    class="palette-item"
    role="option"
    tabindex={-1}
    aria-selected="false"
    data-href={props.href}
    data-action={props.action}
    data-value={props.value}
    data-taken={props.taken}
    data-words={props.words}
  >
    {props.face ?? (props.icon && <Icon name={props.icon} />)}
    <span class="palette-words">
      <span>{props.title}</span>
      {props.detail && <small>{props.detail}</small>}
    </span>
    {props.shortcut && <Kbd keys={props.shortcut} />}
  </div>
)
