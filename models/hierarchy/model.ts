/** Jeremiah Owyang (Altimeter, 2011): the hierarchy of needs of a social business. Five levels, climbed in order, and the quiz that goes with them. */
import { type Edge, type Framework, texts } from '#maturity/words.ts'
import * as enablement from './enablement.ts'
import * as enlightenment from './enlightenment.ts'
import * as formation from './formation.ts'
import * as foundation from './foundation.ts'
import { levels } from './parts.ts'
import * as quiz from './quiz.ts'
import * as safety from './safety.ts'

const steps = [foundation, safety, formation, enablement, enlightenment]

const edges: Edge[] = [
  ...levels.map((level): Edge => ({ from: 'hierarchy', to: level, kind: 'contains' })),
  ...levels.slice(1).flatMap((level, at): Edge[] => [
    { from: levels[at]!, to: level, kind: 'precedes' },
    { from: level, to: levels[at]!, kind: 'requires' },
  ]),
  ...steps.flatMap(({ nodes: [level, ...requirements] }) =>
    requirements.map((requirement): Edge => ({ from: level!.id, to: requirement.id, kind: 'contains' })),
  ),
  ...quiz.sectionNames.flatMap((section): Edge[] => [
    { from: 'quiz', to: section, kind: 'contains' },
    ...[1, 2, 3].map((points): Edge => ({ from: section, to: `${section}.${points}`, kind: 'contains' })),
  ]),
]

export const model: Framework = {
  id: 'owyang.hierarchy',
  version: '1.0.0',
  kind: 'ladder',
  name: texts('Hierarchy of needs', 'Bedürfnispyramide', 'Behoeftepiramide', 'Behovstrappa'),
  about: texts(
    'What a company has to have in place before the next thing can hold. A level counts only when all levels below it do.',
    'Was ein Unternehmen haben muss, bevor das Nächste tragen kann. Eine Stufe zählt nur, wenn alle unter ihr zählen.',
    'Wat een bedrijf op orde moet hebben voordat het volgende kan dragen. Een niveau telt alleen als alle niveaus eronder tellen.',
    'Vad ett företag måste ha på plats innan nästa steg håller. En nivå räknas bara när alla under den gör det.',
  ),
  authors: ['Jeremiah Owyang', 'Andrew Jones', 'Christine Tran', 'Andrew Nguyen'],
  year: 2011,
  sources: [
    { key: 'SEED-NL', address: 'Overview of social media models, in Dutch, unpublished' },
    { key: 'ALT-READ', address: 'http://www.slideshare.net/adamlewis1000/altimeter-social-business-readiness-survey-aug-2011' },
    { key: 'ALT-SLIDE', address: 'https://de.slideshare.net/jeremiah_owyang/social-readiness-how-advanced-companies-prepare' },
    { key: 'NEV', address: 'https://www.nevillehobson.com/2011/08/31/' },
    {
      key: 'SMC',
      address: 'https://socialmediaclub.org/blog/from-the-clubhouse/altimeter-group-shares-brand-preparedness-for-social-media-crisis/',
    },
    { key: 'EARN', address: 'http://earnedweb.com/recap-social-business-hierarchy/' },
    { key: 'FISH', address: 'https://www.socialfish.org/the-social-business-hierarchy-of-needs/' },
    { key: 'LEWEB', address: 'http://www.slideshare.net/jeremiah_owyang/climb-the-social-business-hierarchy-of-needs-leweb-keynote-2011' },
    { key: 'KM', address: 'https://www.slideshare.net/jeremiah_owyang/readiness-10312011-km' },
    { key: 'QUIZ', address: 'https://fdocuments.in/document/how-mature-is-your-company-social-business-maturity-quiz.html' },
    {
      key: 'MASH',
      address: 'https://bestinternetmarketingadvice.blogspot.com/2011/02/mashable-how-to-optimize-your-social.html',
    },
  ],
  overall: 'hierarchy',
  nodes: [
    {
      id: 'hierarchy',
      type: 'element',
      label: texts('Level reached', 'Erreichte Stufe', 'Bereikt niveau', 'Uppnådd nivå'),
      text: texts(
        'The highest level that counts.',
        'Die höchste Stufe, die zählt.',
        'Het hoogste niveau dat telt.',
        'Den högsta nivån som räknas.',
      ),
      indicators: [],
      rule: { op: 'firstMatch', cases: levels.toReversed().map(level => ({ when: level, is: level })) },
      provenance: 'sourced',
      sources: ['SMC', 'SEED-NL'],
    },
    ...steps.flatMap(step => step.nodes),
    ...quiz.nodes,
  ],
  edges,
  indicators: [...steps.flatMap(step => step.indicators), ...quiz.indicators],
}
