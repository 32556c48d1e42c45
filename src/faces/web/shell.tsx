/** The frame around every page of someone who is signed in: rail with the places, search, bell, person; the page as a sheet beside it. */
import type { Child } from 'hono/jsx'
import { drawingAgain } from '#kernel/html/again.tsx'
import type { Density, Theme } from '#kernel/html/document.tsx'
import {
  Icon,
  type IconName,
  iconNames,
  Kbd,
  Mark,
  Menu,
  MenuDivider,
  MenuGroup,
  MenuItem,
  PersonChip,
  SearchBox,
} from '#kernel/html/kit.tsx'
import { language, languageNames, languages, t } from '#kernel/messages.ts'

export interface NavItem {
  section: string
  /** Already translated. */
  title: string
  href: string
  /** Name of an icon of the kit; an unknown one becomes the plain grid. */
  icon: string
  shortcut?: string
  /** What waits there. */
  count?: number
  /** Stands apart below (settings, administration). */
  apart?: boolean
}

export interface ShellProps {
  items: NavItem[]
  /** Section of the present page. */
  section?: string
  organisation: string
  /** Other organisations of this person. */
  organisations?: { name: string; href: string }[]
  person: { name: string; detail?: string; picture?: string; href?: string }
  unread: number
  /** May search: the box stands in the rail. */
  searches: boolean
  demo?: boolean
  /** Where the demonstration is removed, for those who may. */
  demoRemove?: string
  theme?: Theme
  density?: Density
  /** Beside each other: list, detail, side. The page does not scroll, its panes do. */
  wide?: boolean
  paths?: Partial<typeof usual>
  children: Child
}

const usual = {
  home: '/',
  search: '/search',
  notifications: '/notifications',
  settings: '/settings/me',
  language: '/language',
  signOut: '/sign-out',
  kit: '/kit',
}

/** The icon of that name; an unknown one becomes the plain grid. */
export const known = (icon: string | undefined): IconName => iconNames.find(name => name === icon) ?? 'grid'

const Place = ({ item, current }: { item: NavItem; current: boolean }) => (
  <a class="rail-item" href={item.href} aria-current={current ? 'page' : undefined} data-shortcut={item.shortcut}>
    <Icon name={known(item.icon)} size={18} />
    <span class="rail-title">{item.title}</span>
    {item.count ? <span class="count">{item.count}</span> : item.shortcut && <Kbd keys={item.shortcut} />}
  </a>
)

const seenOnPhones = 4

const More = ({ items, section }: { items: NavItem[]; section?: string }) => (
  <li class="rail-more">
    <Menu
      id="rail-more"
      label={t('web.more')}
      align="end"
      faceNamed
      face={
        <span class="rail-item" data-current={items.some(item => item.section === section) ? '' : undefined}>
          <Icon name="menu" size={18} />
          <span class="rail-title">{t('web.more')}</span>
        </span>
      }
    >
      {items.map(item => (
        <MenuItem icon={known(item.icon)} href={item.href}>
          {item.title}
        </MenuItem>
      ))}
    </Menu>
  </li>
)

const Places = ({ items, section }: Pick<ShellProps, 'items' | 'section'>) => (
  <nav class="rail-nav" aria-label={t('web.places')}>
    <ul>
      {items.map((item, index) => (
        <li data-beyond={index >= seenOnPhones ? '' : undefined} data-apart={item.apart ? '' : undefined}>
          <Place item={item} current={item.section === section} />
        </li>
      ))}
      {items.length > seenOnPhones && <More items={items.slice(seenOnPhones)} section={section} />}
    </ul>
  </nav>
)

const Bell = ({ href, unread }: { href: string; unread: number }) => (
  <a
    class="button button-bare button-medium icon-button bell"
    href={href}
    aria-label={t('web.notifications', { count: unread })}
    data-name={t('web.notifications', { count: 0 })}
    data-shortcut="g n"
    id="bell"
  >
    <Icon name="bell" size={18} />
    {unread > 0 && <span class="bell-count">{unread > 99 ? '99+' : unread}</span>}
  </a>
)

const Choices = ({ name, title, now, choices }: { name: 'theme' | 'density'; title: string; now: string; choices: readonly string[] }) => (
  <div class="menu-group">
    <p class="menu-title">{title}</p>
    <div class="menu-segments">
      {choices.map(choice => (
        <button type="button" class="menu-segment" data-set={name} value={choice} aria-pressed={choice === now ? 'true' : 'false'}>
          {t(`web.${name}_${choice}`)}
        </button>
      ))}
    </div>
  </div>
)

type Around = Omit<ShellProps, 'children' | 'paths'> & { paths: typeof usual }

const PersonMenu = ({ person, organisations = [], theme = 'auto', density = 'normal', paths }: Around) => (
  <Menu id="person-menu" label={t('web.you')} face={<PersonChip name={person.name} picture={person.picture} detail={person.detail} />}>
    <MenuItem icon="person" href={person.href ?? paths.settings}>
      {t('web.mySettings')}
    </MenuItem>
    <MenuItem icon="keyboard" opens="keys" shortcut="?">
      {t('web.keys')}
    </MenuItem>
    {organisations.length > 0 && (
      <MenuGroup title={t('web.organisations')}>
        {organisations.map(({ name, href }) => (
          <MenuItem icon="building" href={href}>
            {name}
          </MenuItem>
        ))}
      </MenuGroup>
    )}
    <MenuDivider />
    <Choices name="theme" title={t('web.theme')} now={theme} choices={['auto', 'light', 'dark']} />
    <Choices name="density" title={t('web.density')} now={density} choices={['normal', 'compact']} />
    <form class="action-form" method="post" action={paths.language}>
      <MenuGroup title={t('web.language')}>
        {languages.map(code => (
          <MenuItem name="language" value={code} checked={code === language()}>
            <span lang={code}>{languageNames[code]}</span>
          </MenuItem>
        ))}
      </MenuGroup>
    </form>
    <MenuDivider />
    <MenuItem icon="signOut" action={paths.signOut}>
      {t('web.signOut')}
    </MenuItem>
  </Menu>
)

const DemoStrip = ({ remove }: { remove?: string }) => (
  <div class="demo-strip">
    <Icon name="info" />
    <span>{t('web.demo')}</span>
    {remove && (
      <form class="action-form" method="post" action={remove}>
        <button type="submit">{t('web.demoRemove')}</button>
      </form>
    )}
  </div>
)

const Rail = (props: Around) => (
  <header class="rail">
    <div class="rail-head">
      <a class="rail-home" href={props.paths.home} title={props.organisation}>
        <Mark />
        <bdi>{props.organisation}</bdi>
      </a>
      <div class="rail-tools">
        {props.searches && (
          <a class="button button-bare button-medium icon-button rail-search-link" href={props.paths.search} aria-label={t('web.search')}>
            <Icon name="search" size={18} />
          </a>
        )}
        <Bell href={props.paths.notifications} unread={props.unread} />
      </div>
    </div>
    {props.searches && (
      <div class="rail-search">
        <SearchBox action={props.paths.search} label={t('web.search')} shortcut="/" />
        <button type="button" class="rail-palette" data-palette data-shortcut="Mod+k">
          <span class="unseen">{t('web.palette')}</span>
          <Kbd keys="Mod+K" />
        </button>
      </div>
    )}
    <Places items={props.items} section={props.section} />
    <div class="rail-foot">
      <PersonMenu {...props} />
    </div>
  </header>
)

/** From page to page only the sheet changes; what stands around it is drawn again only when it does. */
export const Shell = ({ children, ...around }: ShellProps) => {
  const props = { ...around, paths: { ...usual, ...around.paths } }
  return (
    <div class="shell" data-wide={props.wide ? '' : undefined} data-demo={props.demo ? '' : undefined}>
      <a class="skip" href="#main">
        {t('web.skip')}
      </a>
      {drawingAgain('web.rail')([JSON.stringify(props)], () => (
        <Rail {...props} />
      ))}
      <main class="sheet" id="main" tabindex={-1}>
        {props.demo && <DemoStrip remove={props.demoRemove} />}
        {children}
      </main>
    </div>
  )
}
