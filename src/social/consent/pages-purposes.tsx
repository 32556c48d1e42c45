/** In the settings: for what data of people is used, and the texts to which they consent. */
import {
  ActionButton,
  Badge,
  Button,
  Card,
  CardList,
  Folded,
  Form,
  FormActions,
  FormCard,
  Input,
  Item,
  ListPage,
  Page,
  PageHead,
  PlainText,
  Quiet,
  Select,
  SettingsCrumbs,
  Stack,
  Tabs,
  TextArea,
} from '#kernel/html/kit.tsx'
import { date, isLanguage, languageNames, languages, t } from '#kernel/messages.ts'
import { form, offer, page, typed } from '#kernel/page.tsx'
import { settingsCards } from '#social/members/words.ts'
import * as consent from './actions.ts'
import type { ConsentText, Purpose } from './words.ts'

const base = '/settings/purposes'

const Above = () => <SettingsCrumbs among={[{ label: t('consent.purposes'), href: base }]} />

const About = ({ purpose }: { purpose?: Purpose }) => (
  <>
    <Input name="name" label={t('consent.name')} hint={t('consent.nameWhy')} value={purpose?.name} maxlength={100} required />
    <Input name="about" label={t('consent.about')} value={purpose?.about} maxlength={1000} optional />
  </>
)

export const listPage = page(
  base,
  { who: 'people.setup', section: 'settings', finds: () => [{ title: t('consent.purposes'), icon: 'shield' }] },
  async see => {
    const retired = see.query.get('retired') === 'true'
    const { items } = await consent.purposes(see.ctx, { retired })
    return {
      title: t('consent.purposes'),
      live: ['purposes'],
      body: (
        <ListPage title={t('consent.purposes')} why={t('consent.purposesWhy')} above={<SettingsCrumbs />}>
          <Tabs
            label={t('consent.which')}
            tabs={[
              { href: base, label: t('consent.used'), current: !retired },
              { href: `${base}?retired=true`, label: t('consent.retiredOnes'), current: retired },
            ]}
          />
          <Stack gap="large">
            <CardList
              label={t('consent.purposes')}
              items={items}
              empty={{ title: t(retired ? 'consent.noneRetired' : 'consent.empty'), why: t('consent.emptyWhy'), icon: 'shield' }}
              line={each => <Item title={<bdi>{each.name}</bdi>} href={`${base}/${each.id}`} detail={each.about} />}
            />
            {!retired && (
              <FormCard title={t('consent.make')} action={base} label={t('consent.make')} does={t('consent.make')}>
                <About />
              </FormCard>
            )}
          </Stack>
        </ListPage>
      ),
    }
  },
)

export const purposePage = page(`${base}/:purpose`, { who: 'people.setup', section: 'settings' }, async see => {
  const it = await consent.purposeShow(see.ctx, { purpose: see.params.purpose! })
  return {
    title: it.name,
    live: ['purposes'],
    body: (
      <Page width="narrow">
        <PageHead
          above={<Above />}
          title={<bdi>{it.name}</bdi>}
          detail={it.retiredAt ? <Badge>{t('consent.retiredOn', { date: date(it.retiredAt) })}</Badge> : it.about}
        />
        <Stack gap="large">
          <Texts texts={it.texts} />
          {it.retiredAt ? <Back it={it} /> : <Living it={it} />}
        </Stack>
      </Page>
    ),
  }
})

const Texts = ({ texts }: { texts: ConsentText[] }) => (
  <Card title={t('consent.texts')} detail={t('consent.textsWhy')}>
    {texts.length === 0 ? (
      <Quiet>{t('consent.noText')}</Quiet>
    ) : (
      <Stack>
        {texts.map((each, at) => (
          <Folded
            open={at === 0}
            label={`${t('consent.textOf', { version: each.version, language: isLanguage(each.language) ? languageNames[each.language] : each.language })} · ${date(each.at)}`}
          >
            <PlainText text={each.text} />
          </Folded>
        ))}
      </Stack>
    )}
  </Card>
)

const Living = ({ it }: { it: Purpose & { texts: ConsentText[] } }) => (
  <>
    <FormCard
      title={t('consent.newVersion')}
      action={`${base}/${it.id}/texts`}
      label={t('consent.newVersion')}
      draft={`consent.text.${it.id}`}
      does={t('consent.addText')}
    >
      <Select name="language" label={t('consent.language')} choices={languages.map(value => ({ value, label: languageNames[value] }))} />
      <TextArea name="text" label={t('consent.text')} hint={t('consent.textWhy')} rows={5} maxlength={20_000} required />
    </FormCard>
    <Card>
      <Form action={`${base}/${it.id}/change`} label={it.name}>
        <About purpose={it} />
        <FormActions>
          <Button>{t('consent.save')}</Button>
        </FormActions>
      </Form>
    </Card>
    <Card title={t('consent.retire')} detail={t('consent.retireWhy')}>
      <ActionButton action={`${base}/${it.id}/retire`} look="danger">
        {t('consent.retire')}
      </ActionButton>
    </Card>
  </>
)

const Back = ({ it }: { it: Purpose }) => (
  <Card title={t('consent.takeBack')} detail={t('consent.takeBackWhy')}>
    <ActionButton action={`${base}/${it.id}/back`} icon="undo">
      {t('consent.takeBack')}
    </ActionButton>
  </Card>
)

export const doMake = form(base, consent.purposeMake, {
  done: (_see, { purpose }) => ({ go: `${base}/${purpose}`, say: 'consent.isMade' }),
})

export const doChange = form(`${base}/:purpose/change`, consent.purposeChange, {
  read: (fields, { purpose }) => ({ purpose: purpose!, name: typed(fields, 'name'), about: typed(fields, 'about') }),
  done: (_see, { before }, { purpose }) => ({
    stay: true,
    say: 'consent.isChanged',
    undo: { path: `${base}/${purpose}/change`, fields: before },
  }),
})

export const doRetire = form(`${base}/:purpose/retire`, consent.purposeRetire, {
  done: (_see, _out, { purpose }) => ({ go: base, say: 'consent.isRetired', undo: { path: `${base}/${purpose}/back` } }),
})

export const doBack = form(`${base}/:purpose/back`, consent.purposeBack, {
  done: (_see, _out, { purpose }) => ({ go: `${base}/${purpose}`, say: 'consent.isBack' }),
})

export const doAddText = form(`${base}/:purpose/texts`, consent.textAdd, { done: () => ({ stay: true, say: 'consent.textAdded' }) })

export const settingsCard = offer(
  settingsCards,
  async () => <Card title={t('consent.purposes')} detail={t('consent.purposesWhy')} icon="shield" href={base} />,
  { order: 15, who: 'people.setup' },
)
