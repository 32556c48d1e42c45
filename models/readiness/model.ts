/** Jungle Minds: Social Readiness Model (2012). Five phases, four aspects; each aspect gets its own phase, and the whole is their median. */
import { type Edge, type Framework, texts } from '#maturity/words.ts'
import * as interaction from './interaction.ts'
import * as mentality from './mentality.ts'
import { phases, sourced } from './parts.ts'
import * as structure from './structure.ts'
import * as technology from './technology.ts'

const aspects = ['mentality', 'structure', 'interaction', 'technology']
const named = { virgin: 'Social Virgin', junior: 'Social Junior', medior: 'Social Medior', expert: 'Social Expert', guru: 'Social Guru' }

const edges: Edge[] = [
  ...phases.slice(1).map((phase, at): Edge => ({ from: phases[at]!, to: phase, kind: 'precedes' })),
  ...aspects.map((aspect): Edge => ({ from: 'readiness', to: aspect, kind: 'contains' })),
  ...aspects.flatMap(aspect =>
    phases.flatMap((phase): Edge[] => [
      { from: aspect, to: `${aspect}.${phase}`, kind: 'contains' },
      { from: phase, to: `${aspect}.${phase}`, kind: 'contains' },
    ]),
  ),
]

export const model: Framework = {
  id: 'jungleminds.readiness',
  version: '1.0.0',
  kind: 'matrix',
  name: texts('Social readiness', 'Social Readiness', 'Social Readiness Model', 'Social mognad', 'nl'),
  about: texts(
    'How far is social built into the company? Each of four aspects has its own phase, from Virgin to Guru. You need not reach the highest one: what fits your company is enough.',
    'Wie weit ist Social im Unternehmen verankert? Jeder der vier Aspekte hat seine eigene Phase, von Virgin bis Guru. Du musst nicht die höchste erreichen: Was zu deinem Unternehmen passt, genügt.',
    'Hoe ver is social in het bedrijf verankerd? Elk van de vier aspecten heeft een eigen fase, van Virgin tot Guru. Je hoeft de hoogste niet te halen: wat bij je bedrijf past is genoeg.',
    'Hur djupt sitter det sociala i företaget? Var och en av fyra aspekter har sin egen fas, från Virgin till Guru. Du behöver inte nå den högsta: det som passar ditt företag räcker.',
    'nl',
  ),
  authors: ['Jungle Minds'],
  year: 2012,
  sources: [
    { key: 'SEED-NL', address: 'Overview of social media models, in Dutch, unpublished' },
    { key: 'FW-READ', address: 'https://www.frankwatching.com/archive/2012/07/03/social-readiness-hoe-social-is-jouw-organisatie/' },
    { key: 'TWDB', address: 'https://taiwandatabase.store/viewtopic.php?p=16031' },
    {
      key: 'FW-2014',
      address: 'https://www.frankwatching.com/archive/2014/02/20/social-media-modellen-volwassen-organisaties-klimmen-hoger-in-de-ladder/',
    },
    { key: 'SMM-VOLW', address: 'https://www.socialmediamodellen.nl/category/socialmediamodellen/volwassenheid/page/2/' },
    { key: 'VIRAL', address: 'https://www.viralblog.com/social-media/social-business-plan-from-junior-to-social-guru/27319/' },
    { key: 'JM-2012', address: 'https://adoc.pub/social-media-update-2012.html' },
  ],
  overall: 'readiness',
  nodes: [
    {
      id: 'readiness',
      type: 'element',
      label: texts('Overall phase', 'Phase insgesamt', 'Fase van het geheel', 'Fas för helheten', 'nl'),
      text: texts(
        'The middle of the four aspects. The aspects stay side by side; the one that lags behind is named.',
        'Die Mitte der vier Aspekte. Die Aspekte bleiben nebeneinander stehen; genannt wird der, der zurückliegt.',
        'Het midden van de vier aspecten. De aspecten blijven naast elkaar staan; het aspect dat achterblijft wordt genoemd.',
        'Mitten av de fyra aspekterna. Aspekterna står kvar sida vid sida; den som ligger efter nämns.',
        'nl',
      ),
      indicators: [],
      rule: { op: 'median', of: aspects },
      provenance: 'proposal',
      sources: [],
    },
    ...phases.map((phase, at) => ({
      id: phase,
      type: 'phase' as const,
      order: at + 1,
      label: texts(named[phase], named[phase], named[phase], named[phase], 'nl'),
      indicators: [],
      ...sourced('FW-READ', 'SMM-VOLW', 'TWDB'),
    })),
    ...mentality.nodes,
    ...structure.nodes,
    ...interaction.nodes,
    ...technology.nodes,
  ],
  edges,
  indicators: [...mentality.indicators, ...structure.indicators, ...interaction.indicators, ...technology.indicators],
}
