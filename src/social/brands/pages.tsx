import { id } from '#kernel/action.ts'
import { keepUploads } from '#kernel/files.ts'
import {
  ActionButton,
  Avatar,
  Button,
  Card,
  CardList,
  FileInput,
  Form,
  FormActions,
  FormCard,
  Input,
  Item,
  ItemList,
  ListPage,
  NewPage,
  Page,
  PageHead,
  Quiet,
  Select,
  SettingsCrumbs,
  Stack,
  TextArea,
} from '#kernel/html/kit.tsx'
import { languageNames, languages, percent, t } from '#kernel/messages.ts'
import { type Asker, form, offer, oneOf, openDoors, page, typed } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { accountPanel } from '#social/accounts/words.ts'
import { accounts } from '#social/channels/actions.ts'
import { settingsCards } from '#social/members/words.ts'
import * as brands from './actions.ts'
import type { Brand } from './words.ts'

const base = '/settings/brands'

const Above = () => <SettingsCrumbs among={[{ label: t('brands.brands'), href: base }]} />

const logoOf = ({ logo }: Pick<Brand, 'logo'>) => (logo ? `/files/${logo}?size=small` : undefined)

export const listPage = page(
  base,
  { who: 'channels.read', section: 'settings', finds: () => [{ title: t('brands.brands'), icon: 'tag' }] },
  async see => {
    const { items } = await brands.list(see.ctx, {})
    const { done } = await brands.filling(see.ctx, {})
    const manages = may(see.ctx.actor, 'channels.manage')
    return {
      title: t('brands.brands'),
      live: ['brands'],
      body: (
        <ListPage
          title={t('brands.brands')}
          why={t('brands.why')}
          above={<SettingsCrumbs />}
          make={manages && { label: t('brands.make'), href: `${base}/new` }}
        >
          {done !== null && <Quiet>{t('brands.filling', { share: percent(done) })}</Quiet>}
          <CardList
            label={t('brands.brands')}
            items={items}
            empty={{ title: t('brands.empty'), why: t('brands.emptyWhy'), icon: 'tag' }}
            line={each => (
              <Item
                face={<Avatar name={each.name} picture={logoOf(each)} organisation />}
                title={<bdi>{each.name}</bdi>}
                detail={[each.website, t('brands.hasAccounts', { count: each.accounts })].filter(Boolean).join(' · ')}
                href={manages ? `${base}/${each.id}` : undefined}
              />
            )}
          />
        </ListPage>
      ),
    }
  },
)

const Fields = ({ brand }: { brand?: Brand }) => (
  <Stack>
    <Input name="name" label={t('brands.name')} value={brand?.name} maxlength={200} required autofocus={!brand} />
    <Input name="website" type="url" label={t('brands.website')} value={brand?.website} maxlength={500} optional />
    <FileInput
      name="logo"
      label={t('brands.logo')}
      hint={t(brand?.logo ? 'brands.logoKept' : 'brands.logoHint')}
      accept="image/*"
      prompt={t('brands.logoPrompt')}
      optional
    />
    <Input name="colour" label={t('brands.colour')} hint={t('brands.colourHint')} value={brand?.colour} maxlength={7} optional />
    <Select
      name="language"
      label={t('brands.language')}
      value={brand?.language ?? ''}
      empty={t('brands.likeOrganisation')}
      choices={languages.map(value => ({ value, label: languageNames[value] }))}
    />
    <TextArea
      name="signature"
      label={t('brands.signature')}
      hint={t('brands.signatureHint')}
      value={brand?.signature}
      rows={4}
      maxlength={5000}
      optional
    />
  </Stack>
)

export const newPage = page(
  `${base}/new`,
  { who: 'channels.manage', section: 'settings', finds: () => [{ title: t('brands.make'), icon: 'add' }] },
  async () => ({
    title: t('brands.make'),
    body: (
      <NewPage title={t('brands.make')} above={<Above />} action={base} files leave={{ label: t('brands.cancel'), href: base }}>
        <Fields />
      </NewPage>
    ),
  }),
)

export const brandPage = page(oneOf(base, 'brand'), { who: 'channels.manage', section: 'settings' }, async see => {
  const brand = await brands.show(see.ctx, { brand: see.params.brand! })
  const { of } = await brands.brandsOf(see.ctx)
  const its = (await accounts(see.ctx, {})).items.filter(each => of.get(each.id)?.id === brand.id)
  return {
    title: brand.name,
    live: ['brands'],
    body: (
      <Page width="narrow">
        <PageHead
          title={<bdi>{brand.name}</bdi>}
          detail={brand.website}
          face={<Avatar name={brand.name} picture={logoOf(brand)} size="large" organisation />}
          above={<Above />}
        />
        <Stack gap="large">
          <Card title={t('brands.accounts')} detail={t('brands.accountsWhy')}>
            {its.length === 0 ? (
              <Quiet>{t('brands.noAccounts')}</Quiet>
            ) : (
              <ItemList label={t('brands.accounts')}>
                {its.map(each => (
                  <Item title={each.name} detail={each.address} href={`/settings/channels/${each.id}`} />
                ))}
              </ItemList>
            )}
          </Card>
          <FormCard action={`${base}/${brand.id}/change`} files does={t('brands.save')}>
            <Fields brand={brand} />
          </FormCard>
          <Card title={t('brands.remove')} detail={t('brands.removeWhy')}>
            <ActionButton action={`${base}/${brand.id}/remove`} look="danger" icon="trash">
              {t('brands.remove')}
            </ActionButton>
          </Card>
        </Stack>
      </Page>
    ),
  }
})

async function filled(fields: FormData, who: Asker) {
  const given = fields.getAll('logo').filter((each): each is File => each instanceof File && each.size > 0)
  const [logo] = await keepUploads(who, given.slice(0, 1))
  return {
    name: typed(fields, 'name'),
    website: typed(fields, 'website'),
    colour: typed(fields, 'colour'),
    language: typed(fields, 'language') as '',
    signature: typed(fields, 'signature'),
    ...(logo && { logo: logo.file }),
  }
}

const most = 6 * 1024 * 1024

export const doMake = form(base, brands.make, {
  most,
  read: (fields, _params, who) => filled(fields, who),
  done: (_see, { brand }) => ({ go: `${base}/${brand}`, say: 'brands.isMade' }),
})

export const doChange = form(`${base}/:brand/change`, brands.change, {
  most,
  read: async (fields, { brand }, who) => ({ brand: brand!, ...(await filled(fields, who)) }),
  done: () => ({ go: base, say: 'brands.isChanged' }),
})

export const doRemove = form(`${base}/:brand/remove`, brands.remove, {
  done: (_see, _out, { brand }) => ({ go: base, say: 'brands.isRemoved', undo: { path: `${base}/${brand}/back` } }),
})

export const doBringBack = form(`${base}/:brand/back`, brands.bringBack, { done: () => ({ go: base, say: 'brands.isBack' }) })

// —— for everybody ——

/** Where the outside finds the logo that an account shows; other pages may draw it. */
export const logoDoor = openDoors(() => [
  {
    method: 'GET',
    path: '/brands/:org/:logo',
    async answer(c) {
      const { org = '', logo = '' } = c.req.param()
      const bytes = isUuid(org) && isUuid(logo) ? await brands.publicLogo(org, logo) : null
      return bytes ? new Response(new Uint8Array(bytes), { headers: open }) : new Response(null, { status: 404 })
    },
  },
])

const isUuid = (text: string): boolean => id.safeParse(text).success

const open = {
  'content-type': 'image/webp',
  'cache-control': 'public, max-age=86400',
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
  'content-security-policy': "default-src 'none'; sandbox",
  'x-content-type-options': 'nosniff',
}

// —— in others' rooms ——

export const settingsCard = offer(
  settingsCards,
  async () => <Card title={t('brands.brands')} detail={t('brands.why')} icon="tag" href={base} />,
  { order: 12, who: 'channels.read' },
)

export const brandPanel = offer(
  accountPanel,
  async (see, { account }) => {
    const { items, of } = await brands.brandsOf(see.ctx)
    if (items.length === 0) return null
    return (
      <Card title={t('brands.brand')} detail={t('brands.brandWhy')}>
        <Form action={`/settings/channels/${account}/brand`}>
          <Select
            name="brand"
            label={t('brands.brand')}
            labelHidden
            value={of.get(account)?.id ?? ''}
            empty={t('brands.whole')}
            choices={items.map(each => ({ value: each.id, label: each.name }))}
          />
          <FormActions>
            <Button>{t('brands.save')}</Button>
          </FormActions>
        </Form>
      </Card>
    )
  },
  { order: 20, who: 'channels.manage' },
)

export const doPlace = form('/settings/channels/:account/brand', brands.place, {
  read: (fields, { account }) => ({ account: account!, brand: typed(fields, 'brand') || null }),
  done: (_see, { before }, { account }) => ({
    stay: true,
    say: 'brands.isPlaced',
    undo: { path: `/settings/channels/${account}/brand`, fields: { brand: before ?? '' } },
  }),
})
