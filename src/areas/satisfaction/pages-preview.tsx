/** How a survey will look, in each language; nothing here is sent. */
import { drawingAgain } from '#kernel/html/again.tsx'
import { Card, Heading, Page, PageHead, Quiet, Stack, Tabs } from '#kernel/html/kit.tsx'
import { inLanguage, isLanguage, language, languageNames, languages, t } from '#kernel/messages.ts'
import { oneOf, page } from '#kernel/page.tsx'
import { organisationOf } from '#social/members/actions.ts'
import * as satisfaction from './actions.ts'
import { labelOf, questionOf, scoresOf } from './actions-said.ts'
import { Question } from './pages-public.tsx'
import { above, base } from './pages-settings.tsx'

/** Drawn at once, because parts of a page are drawn later, in the language of who looks. */
const draw = drawingAgain('satisfaction.preview')

export const previewPage = page(`${oneOf(base, 'survey')}/preview`, { who: 'satisfaction.manage', section: 'settings' }, async see => {
  const survey = await satisfaction.theSurvey(see.ctx, see.params.survey!)
  const { name: organisation } = await organisationOf(see.ctx)
  const wanted = see.query.get('in')
  const shown = isLanguage(wanted) ? wanted : language()
  const path = `${base}/${survey.id}`
  return {
    title: t('satisfaction.preview'),
    body: (
      <Page width="narrow">
        <PageHead
          title={t('satisfaction.preview')}
          detail={t('satisfaction.previewWhy')}
          above={above({ label: survey.name, href: path })}
          tabs={
            <Tabs
              label={t('satisfaction.language')}
              tabs={languages.map(each => ({ href: `${path}/preview?in=${each}`, label: languageNames[each], current: each === shown }))}
            />
          }
        />
        {inLanguage(shown, () =>
          draw([shown, organisation, JSON.stringify(survey)], () => (
            <Stack gap="large">
              <Card>
                <section lang={shown}>
                  <Stack gap="large">
                    <Heading>{questionOf(survey, organisation)}</Heading>
                    <Question it={{ survey, organisation, given: null }} />
                  </Stack>
                </section>
              </Card>
              <Card title={t('satisfaction.inMail')} icon="mail">
                <section lang={shown}>
                  <Stack gap="small">
                    <strong>{questionOf(survey, organisation)}</strong>
                    <span>{t('satisfaction.mail.choose')}</span>
                    {(survey.kind === 'csat' ? scoresOf(survey.kind).toReversed() : scoresOf(survey.kind)).map(score => (
                      <Quiet>{labelOf(survey.kind, score)}</Quiet>
                    ))}
                  </Stack>
                </section>
              </Card>
            </Stack>
          )),
        )}
      </Page>
    ),
  }
})
