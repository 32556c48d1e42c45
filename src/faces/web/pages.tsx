/** The web face: the frames around every page, the start page, the living kit, and the choice of language. */
import { setCookie } from 'hono/cookie'
import { readForm } from '#kernel/form-data.ts'
import { Document } from '#kernel/html/document.tsx'
import {
  ActionForm,
  Banner,
  Card,
  EmptyState,
  Grid,
  IconButton,
  ItemList,
  LinkButton,
  Page,
  PageHead,
  QuickOption,
  Stack,
} from '#kernel/html/kit.tsx'
import { type FrameProps, type Frames, safePath, showPublic } from '#kernel/http.tsx'
import { isLanguage, locale, t } from '#kernel/messages.ts'
import { form, type Html, offered, type PageRoute, page, raw, type See } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { firstSteps, homeCards, notices, placeCount, unseenCount } from '#kernel/words.ts'
import { publicOrganisation, rememberLanguage } from '#social/access/actions.ts'
import { putStepsAway, stepsAway } from '#social/members/actions.ts'
import { dataOf } from '#social/rights/words.ts'
import { kitPage } from './kit.tsx'
import { Public } from './public.tsx'
import { known, type NavItem, Shell } from './shell.tsx'

let places: PageRoute[] = []
let findable: PageRoute[] = []

/** The pages that have a place in the rail, in their order, and those that the palette finds. */
export function usePlaces(pages: PageRoute[]): void {
  places = pages.filter(each => each.place).sort((a, b) => a.place!.order - b.place!.order)
  findable = pages.filter(each => each.finds)
}

async function railOf(see: See): Promise<NavItem[]> {
  const counts = await counted(see)
  return places
    .filter(each => may(see.ctx.actor, each.who))
    .map(({ path, place }) => ({
      section: place!.section,
      title: t(place!.title),
      href: path,
      icon: place!.icon,
      shortcut: place!.shortcut,
      count: counts.get(place!.section) ?? 0,
      apart: place!.order >= 80,
    }))
}

/** Slots that count hand their number over instead of drawing it. */
async function counted(see: See): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  await offered(see, placeCount, { show: (section, count) => counts.set(section, (counts.get(section) ?? 0) + count) })
  return counts
}

async function unseen(see: See): Promise<number> {
  let sum = 0
  await offered(see, unseenCount, {
    show: count => {
      sum += count
    },
  })
  return sum
}

const cookie = (request: Request | undefined, name: string) =>
  new RegExp(`(?:^|; )${name}=([a-z]+)`).exec(request?.headers.get('cookie') ?? '')?.[1]

const documentOf = ({ see, who, screen, nonce, flash }: FrameProps) => ({
  title: screen.title,
  site: who?.orgName ?? 'Trefoil',
  lang: locale(),
  nonce,
  flash,
  theme: (cookie(see?.request, 'theme') ?? 'auto') as 'auto',
  density: (cookie(see?.request, 'density') ?? 'normal') as 'normal',
  shortcuts: who?.shortcuts ?? true,
  live: see ? [...(screen.live ?? []), `person:${see.ctx.actor.person}`] : [],
  private: true,
})

async function shell(props: FrameProps) {
  const { see, who, screen, section } = props
  if (!see || !who) return open(props)
  const [items, unread, told] = await Promise.all([railOf(see), unseen(see), offered(see, notices, {})])
  return (
    <Document {...documentOf(props)}>
      <Shell
        items={items}
        section={section}
        organisation={who.orgName ?? ''}
        organisations={who.others.map(each => ({ name: each.name, href: '/organisations' }))}
        person={{ name: who.accountName, detail: who.role ? t(`kernel.role.${who.role}`) : undefined, href: '/settings' }}
        unread={unread}
        searches={may(see.ctx.actor, 'search.read')}
        demo={who.demo}
        demoRemove={who.demo && may(see.ctx.actor, 'organisation.remove') ? '/demo/remove' : undefined}
        theme={documentOf(props).theme}
        density={documentOf(props).density}
        wide={screen.wide}
      >
        {told.length > 0 && <div class="notices">{told}</div>}
        {screen.body}
      </Shell>
    </Document>
  )
}

const open = (props: FrameProps) => (
  <Document {...documentOf(props)}>
    <Public title={props.screen.title} organisation={props.who?.orgName ?? undefined} demo={props.who?.demo}>
      {props.screen.body}
    </Public>
  </Document>
)

const bare = ({ screen }: FrameProps) => <>{screen.body}</>

export const frames: Frames = { shell, public: open, bare }

/** Every page that the reader may open, for the palette, which asks once: no page carries what all of them would repeat. */
export const commands = raw('GET', '/commands', 'home.read', async (c, see) => {
  const allowed = (pages: PageRoute[]) => pages.filter(each => may(see!.ctx.actor, each.who))
  return c.html(
    <>
      {allowed(places).map(({ path, place }) => (
        <QuickOption title={t(place!.title)} href={path} icon={known(place!.icon)} shortcut={place!.shortcut} />
      ))}
      {allowed(findable).flatMap(({ path, finds }) =>
        finds!(see!).map(({ title, href, icon, words }) => (
          <QuickOption title={title} href={href ?? path} icon={known(icon)} words={words} />
        )),
      )}
    </>,
  )
})

// —— start ——

/** For those outside the public page of the organisation; for agents the inbox; for everyone else the day. */
export const start = raw('GET', '/', 'nobody', async c => {
  const who = c.get('who')
  if (who?.complete && who.org) return c.redirect(who.role === 'agent' ? '/inbox' : '/home', 303)
  const organisation = await publicOrganisation()
  if (!organisation) return c.redirect('/sign-in', 303)
  return showPublic(c, {
    title: organisation.name,
    body: (
      <Stack gap="large">
        {organisation.demo && <Banner tone="inside">{t('web.demo')}</Banner>}
        {organisation.about && <p class="lead">{organisation.about}</p>}
        <LinkButton href="/sign-in" look="strong" size="large">
          {t('access.signIn')}
        </LinkButton>
        <a href={dataOf(organisation.slug)}>{t('rights.public.title')}</a>
      </Stack>
    ),
  })
})

export const home = page(
  '/home',
  { who: 'home.read', place: { section: 'home', title: 'web.home', icon: 'home', order: 0, shortcut: 'g h' } },
  async see => {
    const steps = await stepsFor(see)
    const cards = await offered(see, homeCards, {})
    return {
      title: t('web.home'),
      body: (
        <Page>
          <PageHead title={t('web.welcome')} />
          <Stack gap="large">
            {steps && <FirstSteps {...steps} />}
            {cards.length ? (
              <Grid columns="medium">{cards}</Grid>
            ) : (
              !steps && <EmptyState title={t('web.homeEmpty')} why={t('web.homeEmptyWhy')} icon="home" />
            )}
          </Stack>
        </Page>
      ),
      live: ['home'],
    }
  },
)

interface Steps {
  items: Html[]
  done: number
  all: number
}

/** As long as something is left to do, and until one puts them away. */
async function stepsFor(see: See): Promise<Steps | null> {
  if (await stepsAway(see.ctx)) return null
  const all: boolean[] = []
  const items = await offered(see, firstSteps, { tell: done => void all.push(done) })
  const done = all.filter(Boolean).length
  return done < all.length ? { items, done, all: all.length } : null
}

const FirstSteps = ({ items, done, all }: Steps) => (
  <Card
    title={t('web.firstSteps')}
    detail={t('web.stepsDone', { done, all })}
    actions={
      <ActionForm action="/home/steps" fields={{ away: 'yes' }}>
        <IconButton icon="close" label={t('web.stepsAway')} />
      </ActionForm>
    }
    flush
  >
    <ItemList label={t('web.firstSteps')}>{items}</ItemList>
  </Card>
)

export const doSteps = form('/home/steps', putStepsAway, {
  done: (_see, _out, { away }) =>
    away === 'yes' ? { stay: true, say: 'web.stepsGone', undo: { path: '/home/steps', fields: { away: 'no' } } } : { stay: true },
})

export const kit = page('/kit', { who: 'home.read' }, async () => ({ title: t('web.kitTitle'), body: kitPage() }))

// —— language ——

export const chooseLanguage = raw('POST', '/language', 'nobody', async c => {
  const { plain } = await readForm(c.req.raw)
  if (isLanguage(String(plain.language)))
    setCookie(c, 'language', String(plain.language), { path: '/', sameSite: 'Lax', maxAge: 400 * 86_400 })
  const who = c.get('who')
  if (who && isLanguage(String(plain.language))) await rememberLanguage(who.account, String(plain.language))
  const from = URL.parse(c.req.header('referer') ?? '')
  return c.redirect(safePath(from && from.pathname + from.search), 303)
})
