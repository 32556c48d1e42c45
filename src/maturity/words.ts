/**
 * What a model is, as data: nodes, edges, indicators and rules, texts in several languages, and for each element whose it is.
 * A model is a folder in `models/`, or an organisation's own copy as JSON; both are read by `frameworkSchema`.
 */
import { z } from 'zod'
import { idsOnly, keeps, nobody } from '#kernel/keeps.ts'
import { word } from '#social/activities/words.ts'

/** Whose element this is: read at the source, generally known, reconstructed from its neighbours, or our own proposal. */
export const provenances = ['sourced', 'general', 'reconstructed', 'proposal'] as const
export const kinds = ['areas', 'goaltree', 'venn', 'funnel', 'matrix', 'pillars', 'rings', 'taxonomy', 'ladder'] as const
export const nodeTypes = [
  'area',
  'goal',
  'phase',
  'level',
  'aspect',
  'cell',
  'ring',
  'element',
  'requirement',
  'category',
  'service',
  'usecase',
] as const
export const edgeKinds = ['contains', 'precedes', 'intersects', 'serves', 'requires', 'mapsTo'] as const
/** What has to exist so that an indicator can be computed; each has its sentence in the locales, `evidence.<name>`. */
export const evidenceTypes = [
  'content',
  'mention',
  'conversation',
  'contact',
  'order',
  'internalPost',
  'objectThread',
  'idea',
  'policy',
  'role',
  'training',
  'accountRegister',
  'incident',
  'goal',
  'cost',
  'survey',
  'denominator',
  'competitor',
  'connector',
  'attestation',
] as const
export const units = ['share', 'count', 'minutes', 'days', 'ratio', 'yes'] as const

const textLanguages = ['en', 'de', 'nl', 'sv', 'fr', 'it'] as const
const id = z
  .string()
  .regex(/^[a-z][A-Za-z0-9]*([.-][A-Za-z0-9]+)*$/)
  .max(100)
const words = z.string().trim().min(1).max(2000)
const many = 1000

/** At least one language; `original` is the one in which its author wrote. */
export const textSchema = z
  .strictObject({
    en: words.optional(),
    de: words.optional(),
    nl: words.optional(),
    sv: words.optional(),
    fr: words.optional(),
    it: words.optional(),
    original: z.enum(textLanguages),
  })
  .refine(text => textLanguages.some(language => text[language]), { error: 'maturity.fault.noText' })
export type Text = z.infer<typeof textSchema>

const marked = {
  provenance: z.enum(provenances),
  /** `low` is shown as "to be checked" and never as the author's words. */
  confidence: z.enum(['high', 'low']).optional(),
  sources: z.array(z.string().max(40)).max(20),
}

export const sourceSchema = z.strictObject({ key: z.string().min(1).max(40), address: z.string().min(1).max(1000) })

/** Number of something: an indicator's measured value, a node's value, a constant, or a few of them taken together. */
export type Quantity =
  | string
  | number
  | { sum: Quantity[] }
  | { least: Quantity[] }
  | { most: Quantity[] }
  | { ratio: [Quantity, Quantity] }
/** A condition: a name that holds, a comparison, or several joined. Data, so that nothing is ever evaluated as code. */
export type Expr =
  | string
  | boolean
  | { not: Expr }
  | { every: Expr[] }
  | { some: Expr[] }
  | { of: Quantity; atLeast: number }
  | { of: Quantity; above: number }
  | { of: Quantity; atMost: number }
  | { of: Quantity; below: number }

const number = z.number().min(-1e12).max(1e12)
export const quantitySchema: z.ZodType<Quantity> = z.lazy(() =>
  z.union([
    id,
    number,
    z.strictObject({ sum: z.array(quantitySchema).min(1).max(many) }),
    z.strictObject({ least: z.array(quantitySchema).min(1).max(many) }),
    z.strictObject({ most: z.array(quantitySchema).min(1).max(many) }),
    z.strictObject({ ratio: z.tuple([quantitySchema, quantitySchema]) }),
  ]),
)
export const exprSchema: z.ZodType<Expr> = z.lazy(() =>
  z.union([
    id,
    z.boolean(),
    z.strictObject({ not: exprSchema }),
    z.strictObject({ every: z.array(exprSchema).min(1).max(many) }),
    z.strictObject({ some: z.array(exprSchema).min(1).max(many) }),
    z.strictObject({ of: quantitySchema, atLeast: number }),
    z.strictObject({ of: quantitySchema, above: number }),
    z.strictObject({ of: quantitySchema, atMost: number }),
    z.strictObject({ of: quantitySchema, below: number }),
  ]),
)

/** How a node's state follows from indicators and other nodes. `is` names a node, or `none`. */
export type Rule =
  | { op: 'all' | 'any' | 'min' | 'median'; of: string[] }
  | { op: 'kOf'; k: number; of: string[] }
  | { op: 'weighted'; of: [string, number][] }
  | { op: 'firstMatch'; cases: { when: Expr; is: string }[] }
  | { op: 'gate'; lower: string; self: Rule }

const operands = z.array(id).min(1).max(many)
export const ruleSchema: z.ZodType<Rule> = z.lazy(() =>
  z.discriminatedUnion('op', [
    z.strictObject({ op: z.enum(['all', 'any', 'min', 'median']), of: operands }),
    z.strictObject({ op: z.literal('kOf'), k: z.int().min(1).max(many), of: operands }),
    z.strictObject({
      op: z.literal('weighted'),
      of: z
        .array(z.tuple([id, z.number().positive().max(1e6)]))
        .min(1)
        .max(many),
    }),
    z.strictObject({
      op: z.literal('firstMatch'),
      cases: z
        .array(z.strictObject({ when: exprSchema, is: id }))
        .min(1)
        .max(100),
    }),
    z.strictObject({ op: z.literal('gate'), lower: id, self: ruleSchema }),
  ]),
)

/** From a measured value to a score of 0 to 1. Cuts rise where more is better and fall where less is; with one cut `better` says which. */
export const scaleSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('threshold'), cuts: z.array(number).min(1).max(20), better: z.enum(['higher', 'lower']).optional() }),
  z.strictObject({ kind: z.literal('linear'), min: number, max: number }),
  z.strictObject({ kind: z.literal('boolean') }),
])
export type Scale = z.infer<typeof scaleSchema>

export const indicatorSchema = z.strictObject({
  id,
  /** What a person would ask; data answers it. */
  question: textSchema,
  /** What to do when it does not hold. */
  action: textSchema,
  evidence: z.array(z.enum(evidenceTypes)).min(1).max(10),
  /** Id of a measure or query; `:p90` after it reads that quantile. One that nobody offers yet leaves the indicator unknown. */
  measure: z
    .string()
    .regex(/^[a-z][A-Za-z0-9.]*(:p(50|90))?$/)
    .max(100),
  unit: z.enum(units),
  windowDays: z.int().min(1).max(1100),
  minSample: z.int().min(1).max(1e6),
  maxAgeDays: z.int().min(1).max(1100),
  scale: scaleSchema,
  /** `defined`: something is laid down. `followed`: it is really done; no statement of a person can show that. */
  shows: z.enum(['defined', 'followed']),
  ...marked,
})
export type Indicator = z.infer<typeof indicatorSchema>

export const nodeSchema = z.strictObject({
  id,
  type: z.enum(nodeTypes),
  label: textSchema,
  text: textSchema.optional(),
  /** The author's question about an aspect, where there is one. */
  question: textSchema.optional(),
  order: z.int().min(0).max(10_000).optional(),
  indicators: z.array(id).max(many),
  rule: ruleSchema.optional(),
  ...marked,
})
export type Node = z.infer<typeof nodeSchema>

export const edgeSchema = z.strictObject({
  from: id,
  to: id,
  kind: z.enum(edgeKinds),
  state: z.enum(['assumed', 'supported', 'notSupported']).optional(),
})
export type Edge = z.infer<typeof edgeSchema>

export const frameworkSchema = z.strictObject({
  id,
  version: z.string().regex(/^\d{1,4}\.\d{1,4}\.\d{1,4}(-[a-z0-9.]{1,40})?$/),
  kind: z.enum(kinds),
  name: textSchema,
  /** What it says, in our own words. */
  about: textSchema,
  authors: z.array(z.string().min(1).max(200)).min(1).max(20),
  year: z.int().min(1900).max(2200),
  sources: z.array(sourceSchema).max(100),
  /** The node whose result stands for the whole. */
  overall: id.optional(),
  nodes: z.array(nodeSchema).min(1).max(many),
  edges: z.array(edgeSchema).max(4 * many),
  indicators: z.array(indicatorSchema).max(many),
})
export type Framework = z.infer<typeof frameworkSchema>

/** What the result is about: the whole organisation, or one channel of it. */
export interface Scope {
  kind: 'org' | 'channel'
  id?: string
}
/** A calendar month, `2026-11`; results of one period overwrite each other until it is over. */
export type Period = string

/** Where the facts can be looked up: the activities behind a measure in a window, or a person's statement. */
export type EvidenceRef = { measure: string; windowDays: number; until: string } | { attestation: string }

/** What is known about one measure in one window. Nothing known is no fact at all, or `value: null`; never 0. */
export interface Fact {
  measure: string
  windowDays: number
  value: number | null
  n: number
  /** The latest moment that the value takes into account. */
  asOf: Date | null
  version: string
}

/** A person's statement that something is laid down; it expires. */
export interface Attestation {
  id: string
  indicator: string
  author: string
  at: Date
  expires: Date
}

/** A fact in words: a message key with its values, about an indicator or a node. */
export interface Because {
  key: string
  about: string
  values: Record<string, string | number>
}

export interface Step {
  indicator: string
  /** In the indicator's unit, or in observations when only those are missing; null while nothing at all is known. */
  gap: number | null
  lacks: 'value' | 'sample' | 'evidence'
  action: Text
}

/** The verdict on one node or indicator. */
export interface Result {
  node: string
  scope: Scope
  period: Period
  /** A score or count, the id of the node that was chosen, or null: unknown, which is never 0. */
  value: number | string | null
  /** While unknown: the lowest and highest it can still turn out to be, on the scale of the node's orders. */
  range?: [number, number]
  /** For a gate: what the node would be without the ones below it. */
  alone?: number | null
  /** Share of its indicators with enough fresh data. */
  coverage: number
  /** 0 to 1: how large and how fresh the samples are. */
  confidence: number
  /** `defined` when a person's statement decided along with it, else `followed`; null while unknown. */
  stands: 'defined' | 'followed' | null
  evidence: EvidenceRef[]
  frameworkVersion: string
  metricVersions: Record<string, string>
  because: Because[]
  next: Step[]
  /** What the next period has to know so that a level is not lost at once. */
  memory?: Memory
}

export interface Memory {
  held: number
  below: number
}

/** The text in a language, else in English, else in the language it was written in. */
export function say(text: Text, language: string): string {
  const wanted = text[language as keyof Text] ?? text.en ?? text[text.original]
  return wanted ?? textLanguages.map(each => text[each]).find(Boolean) ?? ''
}

/** A text in the four languages of the house; `original` is the language in which the author wrote. */
export const texts = (en: string, de: string, nl: string, sv: string, original: Text['original'] = 'en'): Text => ({
  en,
  de,
  nl,
  sv,
  original,
})

const value = z.union([z.string(), z.number()]).nullable()
const memory = z.object({ held: z.number(), below: z.number() })
export const resultSchema: z.ZodType<Result> = z.object({
  node: z.string(),
  scope: z.object({ kind: z.enum(['org', 'channel']), id: z.string().optional() }),
  period: z.string(),
  value,
  range: z.tuple([z.number(), z.number()]).optional(),
  alone: z.number().nullable().optional(),
  coverage: z.number(),
  confidence: z.number(),
  stands: z.enum(['defined', 'followed']).nullable(),
  evidence: z.array(
    z.union([z.object({ measure: z.string(), windowDays: z.number(), until: z.string() }), z.object({ attestation: z.string() })]),
  ),
  frameworkVersion: z.string(),
  metricVersions: z.record(z.string(), z.string()),
  because: z.array(z.object({ key: z.string(), about: z.string(), values: z.record(z.string(), z.union([z.string(), z.number()])) })),
  next: z.array(
    z.object({ indicator: z.string(), gap: z.number().nullable(), lacks: z.enum(['value', 'sample', 'evidence']), action: textSchema }),
  ),
  memory: memory.optional(),
})

/** What a claim came to changed: from unknown to met, from one phase to another. */
export const ClaimChanged = word('Update', 'Claim', z.strictObject({ model: z.string(), node: z.string(), from: value, to: value }))
export const Stated = word('Add', 'Statement', z.strictObject({ model: z.string(), indicator: z.string() }))
export const Withdrawn = word('Remove', 'Statement', z.strictObject({ model: z.string(), indicator: z.string() }))
export const ModelCopied = word('Create', 'Model', z.strictObject({ model: z.string(), base: z.string() }))
export const ModelChanged = word('Update', 'Model', z.strictObject({ model: z.string(), revision: z.int() }))
export const ModelRemoved = word('Delete', 'Model', z.strictObject({ model: z.string() }))

/** What is kept of people here, and what becomes of it when somebody is erased. */
export const kept = keeps({
  maturity_result: nobody,
  // What the organisation says of itself.
  attestation: { ...idsOnly('model', 'indicator', 'text'), leads: { file: 'file' } },
  model_revision: nobody,
})
