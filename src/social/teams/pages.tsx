import {
  ActionButton,
  ActionForm,
  Avatar,
  Badge,
  Banner,
  Button,
  Card,
  CardList,
  Form,
  FormActions,
  FormCard,
  IconButton,
  Input,
  Item,
  ItemList,
  ListPage,
  NewPage,
  Page,
  PageHead,
  Quiet,
  SearchBox,
  Select,
  SettingsCrumbs,
  Stack,
  TextArea,
} from '#kernel/html/kit.tsx'
import { date, locale, t } from '#kernel/messages.ts'
import { form, offer, oneOf, page, typed } from '#kernel/page.tsx'
import { may } from '#kernel/permissions.ts'
import { datesIn, workers } from '#social/members/actions.ts'
import { settingsCards } from '#social/members/words.ts'
import * as teams from './actions.ts'
import { type Absences, Days } from './pages-away.tsx'
import type { Team } from './words.ts'

export { awayPage, doBack, doGoAway, doGoAwayAgain, inSettingsAway } from './pages-away.tsx'

const base = '/settings/teams'

const Above = () => <SettingsCrumbs among={[{ label: t('teams.teams'), href: base }]} />

export const listPage = page(
  base,
  { who: 'teams.read', section: 'settings', finds: () => [{ title: t('teams.teams'), icon: 'people' }] },
  async see => {
    const archived = see.query.get('show') === 'archived'
    const q = see.query.get('q') ?? ''
    const { items } = await teams.list(see.ctx, { q, archived })
    const manages = may(see.ctx.actor, 'teams.manage')
    return {
      title: t('teams.teams'),
      live: ['teams'],
      body: (
        <ListPage
          title={t('teams.teams')}
          why={t('teams.why')}
          above={<SettingsCrumbs />}
          make={manages && { label: t('teams.make'), href: `${base}/new` }}
        >
          <Stack>
            {(q || items.length > 8) && <SearchBox action={base} label={t('teams.search')} value={q} />}
            <CardList
              label={t('teams.teams')}
              items={items}
              empty={{ title: t('teams.empty'), why: t('teams.emptyWhy'), icon: 'people' }}
              line={each => (
                <Item
                  face={<Avatar name={each.name} organisation />}
                  title={<bdi>{each.name}</bdi>}
                  detail={`${t('teams.hasMembers', { count: each.members.length })} · ${each.zone}`}
                  href={archived ? undefined : `${base}/${each.id}`}
                  end={
                    archived
                      ? manages && <BringBack team={each} />
                      : !teams.worksAtAll(each, see.ctx.now) && <Badge tone="bad">{t('teams.never')}</Badge>
                  }
                />
              )}
            />
            <a href={archived ? base : `${base}?show=archived`}>{t(archived ? 'teams.showWorking' : 'teams.showArchived')}</a>
          </Stack>
        </ListPage>
      ),
    }
  },
)

const BringBack = ({ team }: { team: Team }) => (
  <ActionButton action={`${base}/${team.id}/back`} size="small" icon="undo">
    {t('teams.bringBack')}
  </ActionButton>
)

// —— one team ——

/** A Monday, so that the days can be called by their names. */
const monday = Date.UTC(2024, 0, 1)
const dayName = (at: number): string =>
  new Intl.DateTimeFormat(locale(), { weekday: 'long', timeZone: 'UTC' }).format(monday + at * 86_400_000)

const usual: Pick<Team, 'week'> = { week: [0, 1, 2, 3, 4, 5, 6].map(at => (at < 5 ? [[540, 1020]] : [])) }

const Fields = ({ team, zone }: { team?: Team; zone: string }) => (
  <Stack>
    <Input name="name" label={t('teams.name')} value={team?.name} maxlength={200} required autofocus={!team} />
    <TextArea name="about" label={t('teams.about')} value={team?.about} rows={2} maxlength={2000} optional />
    <Input
      name="zone"
      label={t('teams.zone')}
      value={team?.zone ?? zone}
      maxlength={60}
      required
      suggestions={Intl.supportedValuesOf('timeZone')}
    />
    <Days title={t('teams.hours')} hint={t('teams.hoursHint')}>
      {(team ?? usual).week.map((spans, at) => (
        <Input name={`day${at}`} label={dayName(at)} value={teams.spansText(spans)} maxlength={200} placeholder={t('teams.closed')} />
      ))}
    </Days>
    <TextArea
      name="holidays"
      label={t('teams.holidays')}
      hint={t('teams.holidaysHint')}
      value={team?.holidays.join('\n')}
      rows={4}
      maxlength={20_000}
      optional
    />
  </Stack>
)

export const newPage = page(
  `${base}/new`,
  { who: 'teams.manage', section: 'settings', finds: () => [{ title: t('teams.make'), icon: 'add' }] },
  async see => ({
    title: t('teams.make'),
    body: (
      <NewPage title={t('teams.make')} above={<Above />} action={base} leave={{ label: t('teams.cancel'), href: base }}>
        <Fields zone={see.ctx.zone} />
      </NewPage>
    ),
  }),
)

export const teamPage = page(oneOf(base, 'team'), { who: 'teams.read', section: 'settings' }, async see => {
  const team = await teams.show(see.ctx, { team: see.params.team! })
  const manages = may(see.ctx.actor, 'teams.manage') && !team.archivedAt
  const colleagues = await workers(see.ctx)
  const [skills, away] = await Promise.all([teams.skillsOf(see.ctx, team.members), teams.absencesOf(see.ctx, team.members)])
  const members = team.members.flatMap(person => {
    const known = colleagues.find(each => each.person === person)
    return known
      ? [{ person, name: known.name, skills: skills.get(person)!.join(', '), away: away.filter(each => each.person === person) }]
      : []
  })
  return {
    title: team.name,
    live: ['teams'],
    body: (
      <Page width="narrow">
        <PageHead
          title={<bdi>{team.name}</bdi>}
          detail={team.about}
          face={<Avatar name={team.name} size="large" organisation />}
          above={<Above />}
        />
        <Stack gap="large">
          {!teams.worksAtAll(team, see.ctx.now) && (
            <Banner tone="bad" title={t('teams.never')} alert>
              {t('teams.neverWhy')}
            </Banner>
          )}
          <Card title={t('teams.members')} detail={t('teams.membersWhy')}>
            <Stack>
              {members.length === 0 ? (
                <Quiet>{t('teams.noMembers')}</Quiet>
              ) : (
                <ItemList label={t('teams.members')}>
                  {members.map(each => (
                    <Member {...each} team={team.id} manages={manages} now={see.ctx.now} />
                  ))}
                </ItemList>
              )}
              {manages && (
                <Form action={`${base}/${team.id}/members`} columns>
                  <Select
                    name="person"
                    label={t('teams.add')}
                    empty={t('teams.choose')}
                    choices={colleagues
                      .filter(each => !team.members.includes(each.person))
                      .map(each => ({ value: each.person, label: each.name }))}
                    required
                  />
                  <FormActions>
                    <Button icon="add">{t('teams.add')}</Button>
                  </FormActions>
                </Form>
              )}
            </Stack>
          </Card>
          {manages ? (
            <>
              <FormCard title={t('teams.about')} action={`${base}/${team.id}/change`} does={t('teams.save')}>
                <Fields team={team} zone={see.ctx.zone} />
              </FormCard>
              <Card title={t('teams.archive')} detail={t('teams.archiveWhy')}>
                <ActionButton action={`${base}/${team.id}/archive`} icon="archive">
                  {t('teams.archive')}
                </ActionButton>
              </Card>
            </>
          ) : (
            <Card title={t('teams.hours')} detail={team.zone}>
              <ItemList label={t('teams.hours')}>
                {team.week.map((spans, at) => (
                  <Item title={dayName(at)} end={teams.spansText(spans) || t('teams.closed')} />
                ))}
              </ItemList>
            </Card>
          )}
        </Stack>
      </Page>
    ),
  }
})

interface MemberProps {
  person: string
  name: string
  skills: string
  away: Parameters<typeof Absences>[0]['items']
  team: string
  manages: boolean
  now: Date
}

const Member = ({ person, name, skills, away, team, manages, now }: MemberProps) => {
  const gone = away.find(each => each.startsAt <= now)
  return (
    <Item
      face={<Avatar name={name} side="inside" />}
      title={<bdi>{name}</bdi>}
      detail={
        <>
          {gone && <Badge tone="warning">{t('teams.awayUntil', { day: date(new Date(gone.endsAt.getTime() - 1)) })}</Badge>}
          {manages ? (
            <Form action={`${base}/${team}/skills`} hidden={{ person }} columns>
              <Input
                id={`skills-${person}`}
                name="skills"
                label={t('teams.skillsOf', { name })}
                labelHidden
                value={skills}
                maxlength={3000}
                placeholder={t('teams.skillsHint')}
              />
              <FormActions>
                <Button size="small">{t('teams.save')}</Button>
              </FormActions>
            </Form>
          ) : (
            skills
          )}
        </>
      }
      end={
        manages && (
          <ActionForm action={`${base}/${team}/members/off`} fields={{ person }}>
            <IconButton icon="close" label={t('teams.remove', { name })} />
          </ActionForm>
        )
      }
    />
  )
}

// —— deeds ——

function filled(fields: FormData) {
  return {
    name: typed(fields, 'name'),
    about: typed(fields, 'about'),
    zone: typed(fields, 'zone'),
    week: [0, 1, 2, 3, 4, 5, 6].map(at => teams.spansIn(typed(fields, `day${at}`), `day${at}`)),
    holidays: datesIn(typed(fields, 'holidays')),
  }
}

export const doMake = form(base, teams.make, {
  read: filled,
  done: (_see, { team }) => ({ go: `${base}/${team}`, say: 'teams.isMade' }),
})

export const doChange = form(`${base}/:team/change`, teams.change, {
  read: (fields, { team }) => ({ team: team!, ...filled(fields) }),
  done: (_see, { was }, { team }) => ({
    stay: true,
    say: 'teams.isChanged',
    undo: {
      path: `${base}/${team}/change`,
      fields: {
        ...{ name: was.name, about: was.about, zone: was.zone, holidays: was.holidays.join('\n') },
        ...Object.fromEntries(was.week.map((spans, at) => [`day${at}`, teams.spansText(spans)])),
      },
    },
  }),
})

export const doArchive = form(`${base}/:team/archive`, teams.archive, {
  done: (_see, _out, { team }) => ({ go: base, say: 'teams.isArchived', undo: { path: `${base}/${team}/back` } }),
})

export const doBringBack = form(`${base}/:team/back`, teams.bringBack, {
  done: (_see, _out, { team }) => ({ go: `${base}/${team}`, say: 'teams.isBack' }),
})

export const doAdd = form(`${base}/:team/members`, teams.addMember, {
  done: (_see, _out, { team, person }) => ({
    stay: true,
    say: 'teams.isAdded',
    undo: { path: `${base}/${team}/members/off`, fields: { person } },
  }),
})

export const doRemove = form(`${base}/:team/members/off`, teams.removeMember, {
  done: (_see, _out, { team, person }) => ({
    stay: true,
    say: 'teams.isRemoved',
    undo: { path: `${base}/${team}/members`, fields: { person } },
  }),
})

export const doSkills = form(`${base}/:team/skills`, teams.setSkills, {
  read: fields => ({ person: typed(fields, 'person'), skills: typed(fields, 'skills') }),
  done: (see, { was }, { person }) => ({
    stay: true,
    say: 'teams.isChanged',
    undo: { path: `${base}/${see.params.team}/skills`, fields: { person, skills: was } },
  }),
})

export const settingsCard = offer(
  settingsCards,
  async () => <Card title={t('teams.teams')} detail={t('teams.why')} icon="people" href={base} />,
  { order: 11, who: 'teams.read' },
)
