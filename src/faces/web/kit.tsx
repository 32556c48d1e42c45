/** The living page `/kit`: every part in every state, in the theme and density one has chosen. Samples are in English; names are those of the code. */
import { Heading, Page, PageHead, Stack } from '#kernel/html/kit.tsx'
import { t } from '#kernel/messages.ts'
import { Colours, Controls, Fields, Type } from './kit-basics.tsx'
import { Kept } from './kit-kept.tsx'
import { Feedback, Lists, People } from './kit-lists.tsx'
import { Data, Talk } from './kit-talk.tsx'

const sections = [
  ['Colours', Colours],
  ['Type and mark', Type],
  ['Controls', Controls],
  ['Fields', Fields],
  ['Feedback', Feedback],
  ['People', People],
  ['Lists', Lists],
  ['Kept', Kept],
  ['Talk', Talk],
  ['Data', Data],
] as const

const anchor = (title: string) => title.toLowerCase().replaceAll(' ', '-')

export const kitPage = () => (
  <Page>
    <PageHead title={t('web.kitTitle')} detail={t('web.kitDetail')} />
    <div lang="en">
      <Stack gap="huge">
        {sections.map(([title, Section]) => (
          <section id={anchor(title)}>
            <Stack>
              <Heading>{title}</Heading>
              <Section />
            </Stack>
          </section>
        ))}
      </Stack>
    </div>
  </Page>
)
