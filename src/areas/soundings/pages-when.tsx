/** When and where: the hours of the week, and the countries that people state. */
import { Card, Folded, Quiet, Stack, Table } from '#kernel/html/kit.tsx'
import { percent, t } from '#kernel/messages.ts'
import { page } from '#kernel/page.tsx'
import { remembered } from '#kernel/remembered.ts'
import * as soundings from './actions.ts'
import { type Look, lookOf, sureOf } from './pages-look.tsx'
import { count, MoodTruth, scoreOr, TileMap, WeekMap } from './pages-parts.tsx'
import { askedOf, countryName, Frame, mentionsOf, type Place, pictured, spanText, Together } from './pages-place.tsx'

export const whenPage = page(
  '/soundings/when',
  { who: 'soundings.read', section: 'soundings' },
  pictured(async (see, place) => {
    const asked = askedOf(place)
    const [look, { hours, span }, sure] = await Promise.all([
      lookOf(see, place),
      remembered(see.ctx, `soundings.hours ${JSON.stringify(asked)}`, ['soundings', 'monitors'], () => soundings.hours(see.ctx, asked)),
      sureOf(see),
    ])
    return {
      title: `${t('soundings.picture.when')} · ${place.title}`,
      live: ['soundings', 'monitors'],
      body: (
        <Frame place={place} picture="when" span={look.span} lists={['hours', 'parts']}>
          <Stack gap="large">
            <Together place={place} />
            <Card title={t('soundings.hours')} detail={t('soundings.hoursWhy', { span: spanText(span) })}>
              <WeekMap hours={hours} caption={t('soundings.hours')} />
            </Card>
            <Countries place={place} look={look} />
            <MoodTruth sure={sure} languages={[]} />
          </Stack>
        </Frame>
      ),
    }
  }),
)

const Countries = ({ place, look }: { place: Place; look: Look }) => {
  const stated = look.countries.filter(each => each.part !== '')
  const unstated = look.total.n - stated.reduce((sum, each) => sum + each.n, 0)
  const { from, until } = look.span
  const href = (country: string) => mentionsOf(place, { from, until, country })
  return (
    <Card title={t('soundings.map')} detail={t('soundings.mapWhy', { share: percent(look.total.n ? unstated / look.total.n : 0) })}>
      <Stack>
        {stated.length === 0 ? (
          <Quiet>{t('soundings.noCountries')}</Quiet>
        ) : (
          <>
            <TileMap found={new Map(stated.map(each => [each.part, each.n]))} href={href} />
            <Folded label={t('soundings.asTable')} open>
              <Table
                caption={t('soundings.map')}
                captionHidden
                dense
                rows={stated}
                columns={[
                  { head: t('soundings.country'), heading: true, cell: each => <a href={href(each.part)}>{countryName(each.part)}</a> },
                  { head: t('soundings.mentions'), numeric: true, cell: each => count(each.n) },
                  { head: t('soundings.net'), numeric: true, cell: each => scoreOr(each.net) },
                ]}
              />
            </Folded>
          </>
        )}
      </Stack>
    </Card>
  )
}
