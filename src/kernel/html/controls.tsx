/** What one presses: buttons, links that look like buttons, menus, tabs, keys. */
import type { Child } from 'hono/jsx'
import { t } from '#kernel/messages.ts'
import { Icon, type IconName } from './icons.tsx'

/** `plain` = quiet outline; `strong` = the one main deed of a view; `talk` = goes out in public; `inside` = stays among staff; `danger` = destroys; `bare` = no outline. */
export type ButtonLook = 'plain' | 'strong' | 'talk' | 'inside' | 'danger' | 'bare'

interface Pressable {
  look?: ButtonLook
  size?: 'small' | 'medium' | 'large'
  icon?: IconName
  /** Icon after the words. */
  iconEnd?: IconName
  /** Key that presses it, e.g. `r`, `g i`, `Shift+e`; shown in the `?` list with the button's own words. */
  shortcut?: string
  /** Shows the key on the button as well. */
  showShortcut?: boolean
  /** Fills the line. */
  wide?: boolean
  title?: string
  children?: Child
}

export interface ButtonProps extends Pressable {
  type?: 'submit' | 'button' | 'reset'
  name?: string
  value?: string
  /** Id of the form it sends, when it stands outside of it. */
  form?: string
  formaction?: string
  disabled?: boolean
  busy?: boolean
  /** Id of the popover (Menu) it opens. */
  popovertarget?: string
  /** Id of the Dialog it opens. */
  opens?: string
  pressed?: boolean
  expanded?: boolean
  controls?: string
  /** Ctrl/⌘ Enter presses this one, where a form has several. */
  main?: boolean
  /** Enter presses it as soon as the page is there. */
  autofocus?: boolean
  /** Written into the text of its form, which then offers what begins so: `/` or `@`. */
  types?: string
}

const inside = (props: Pressable) => (
  <>
    {props.icon && <Icon name={props.icon} />}
    {props.children !== undefined && <span class="button-label">{props.children}</span>}
    {props.iconEnd && <Icon name={props.iconEnd} />}
    {props.showShortcut && props.shortcut && <Kbd keys={props.shortcut} />}
  </>
)

const looks = ({ look = 'plain', size = 'medium', wide }: Pressable) => `button button-${look} button-${size}${wide ? ' button-wide' : ''}`

const behaviour = (props: ButtonProps) => ({
  type: props.type ?? (props.popovertarget || props.opens ? 'button' : 'submit'),
  name: props.name,
  value: props.value,
  form: props.form,
  formaction: props.formaction,
  disabled: props.disabled || undefined,
  popovertarget: props.popovertarget,
  title: props.title,
  'data-opens': props.opens,
  'data-shortcut': props.shortcut,
  'data-main': props.main ? '' : undefined,
  autofocus: props.autofocus || undefined,
  'data-types': props.types,
  'aria-busy': props.busy ? ('true' as const) : undefined,
  'aria-pressed': props.pressed === undefined ? undefined : (`${props.pressed}` as 'true' | 'false'),
  'aria-expanded': props.expanded === undefined ? undefined : (`${props.expanded}` as 'true' | 'false'),
  'aria-controls': props.controls,
  'aria-haspopup': props.opens ? ('dialog' as const) : undefined,
})

export const Button = (props: ButtonProps) => (
  <button {...behaviour(props)} class={looks(props)}>
    {inside(props)}
  </button>
)

export interface LinkButtonProps extends Pressable {
  href: string
  /** Leaves the site: opens in a new tab and says so. */
  external?: boolean
  download?: boolean | string
  current?: boolean
  /** The browser goes there by itself, once. */
  goes?: boolean
}

const elsewhere = { target: '_blank', rel: 'noopener noreferrer' }

export const LinkButton = (props: LinkButtonProps) => (
  <a
    class={looks(props)}
    href={props.href}
    title={props.title}
    data-shortcut={props.shortcut}
    download={props.download === true ? '' : props.download || undefined}
    aria-current={props.current ? 'page' : undefined}
    data-goes={props.goes ? '' : undefined}
    {...(props.external ? elsewhere : {})}
  >
    {inside(props)}
    {props.external && <Icon name="external" size={14} label={t('kernel.kitNewTab')} />}
  </a>
)

export interface IconButtonProps extends Omit<ButtonProps, 'children' | 'icon' | 'iconEnd' | 'wide' | 'showShortcut'> {
  icon: IconName
  /** Its name: read aloud and shown on hover. */
  label: string
  /** A link instead of a button; with `opens`, it leads there for whoever has no script. */
  href?: string
  /** It leaves the house: opens in a new tab. */
  away?: boolean
}

export const IconButton = ({ icon, label, href, away, ...props }: IconButtonProps) => {
  const shared = { class: `${looks({ look: 'bare', ...props })} icon-button`, 'aria-label': label, 'data-tip': label }
  return href ? (
    <a {...shared} href={href} data-shortcut={props.shortcut} data-opens={props.opens} {...(away ? elsewhere : {})}>
      <Icon name={icon} />
    </a>
  ) : (
    <button {...behaviour(props)} {...shared}>
      <Icon name={icon} />
    </button>
  )
}

/** A key or chord as printed on the key: `Mod+Enter`, `g i`. `Mod` is ⌘ on a Mac, Ctrl elsewhere. */
export const Kbd = ({ keys }: { keys: string }) => (
  <kbd class="keys" data-keys={keys}>
    {keys.split(' ').map(chord => (
      <span class="key">{chord.replace('Mod', 'Ctrl').replace('Shift', '⇧').replace('Enter', '↵').replaceAll('+', ' ')}</span>
    ))}
  </kbd>
)

export interface MenuProps {
  /** Id of the popover; unique on the page. */
  id: string
  /** Words on the button; with `icon` alone they are its accessible name. */
  label: string
  icon?: IconName
  /** Only the icon is seen. */
  iconOnly?: boolean
  look?: ButtonLook
  size?: 'small' | 'medium' | 'large'
  shortcut?: string
  /** Another thing to press than a button with words, e.g. an avatar; `label` is read before it. */
  face?: Child
  /** The face has words enough: `label` is not read. */
  faceNamed?: boolean
  align?: 'start' | 'end'
  children: Child
}

/** A button with a popover of MenuItem, MenuGroup, MenuDivider (or any small content). */
export const Menu = ({ id, label, icon, iconOnly, look, size, shortcut, face, faceNamed, align = 'start', children }: MenuProps) => (
  <span class="menu" data-align={align}>
    {face !== undefined ? (
      <button type="button" class="menu-face" popovertarget={id} data-shortcut={shortcut}>
        {!faceNamed && <span class="unseen">{label}</span>}
        {face}
      </button>
    ) : iconOnly && icon ? (
      <IconButton icon={icon} label={label} look={look ?? 'bare'} size={size} popovertarget={id} shortcut={shortcut} />
    ) : (
      <Button icon={icon} iconEnd="chevronDown" look={look} size={size} popovertarget={id} shortcut={shortcut}>
        {label}
      </Button>
    )}
    <div id={id} class="menu-popover" popover="auto" data-menu>
      {children}
    </div>
  </span>
)

export interface MenuItemProps {
  icon?: IconName
  href?: string
  /** A form is sent by POST to this path; `fields` go with it. */
  action?: string
  fields?: Record<string, string>
  /** Id of the Dialog it opens. */
  opens?: string
  /** Name and value when the menu stands inside a form, and where that form goes then. */
  name?: string
  value?: string
  formaction?: string
  /** Id of the form that it sends, where that stands elsewhere on the page. */
  form?: string
  shortcut?: string
  danger?: boolean
  checked?: boolean
  disabled?: boolean
  /** A second, quieter line. */
  hint?: string
  children: Child
}

const itemBody = (props: MenuItemProps) => (
  <>
    {props.checked !== undefined ? (
      <span class="menu-check">{props.checked && <Icon name="check" label={t('kernel.kitChosen')} />}</span>
    ) : (
      props.icon && <Icon name={props.icon} />
    )}
    <span class="menu-words">
      {props.children}
      {props.hint && <small>{props.hint}</small>}
    </span>
    {props.shortcut && <Kbd keys={props.shortcut} />}
  </>
)

export const MenuItem = (props: MenuItemProps) => {
  const shared = { class: `menu-item${props.danger ? ' menu-item-danger' : ''}`, 'data-shortcut': props.shortcut }
  if (props.href)
    return (
      <a {...shared} href={props.href}>
        {itemBody(props)}
      </a>
    )
  const press = (
    <button
      {...shared}
      type={props.opens ? 'button' : 'submit'}
      name={props.name}
      value={props.value}
      form={props.form}
      formaction={props.formaction}
      data-opens={props.opens}
      disabled={props.disabled || undefined}
    >
      {itemBody(props)}
    </button>
  )
  return props.action ? (
    <ActionForm action={props.action} fields={props.fields}>
      {press}
    </ActionForm>
  ) : (
    press
  )
}

export const MenuGroup = ({ title, children }: { title: string; children: Child }) => (
  <div class="menu-group">
    <p class="menu-title">{title}</p>
    {children}
  </div>
)

export const MenuDivider = () => <hr class="menu-divider" />

/** A form around one button: a deed without questions. */
export const ActionForm = ({
  action,
  fields = {},
  id,
  children,
}: {
  action: string
  fields?: Record<string, string>
  id?: string
  children: Child
}) => (
  <form class="action-form" method="post" action={action} id={id}>
    {Object.entries(fields).map(([name, value]) => (
      <input type="hidden" name={name} value={value} />
    ))}
    {children}
  </form>
)

/** A button that does its deed by itself, without a form around it. */
export const ActionButton = ({
  action,
  fields,
  ...button
}: Omit<ButtonProps, 'form' | 'formaction'> & { action: string; fields?: Record<string, string> }) => (
  <ActionForm action={action} fields={fields}>
    <Button {...button} />
  </ActionForm>
)

export interface Tab {
  href: string
  label: string
  current?: boolean
  count?: number
  icon?: IconName
  shortcut?: string
}

/** Tabs are links: each view has its address. */
export const Tabs = ({ label, tabs }: { label: string; tabs: Tab[] }) => (
  <nav class="tabs" aria-label={label}>
    {tabs.map(tab => (
      <a href={tab.href} aria-current={tab.current ? 'page' : undefined} data-shortcut={tab.shortcut}>
        {tab.icon && <Icon name={tab.icon} />}
        <span>{tab.label}</span>
        {tab.count !== undefined && <span class="count">{tab.count}</span>}
      </a>
    ))}
  </nav>
)
