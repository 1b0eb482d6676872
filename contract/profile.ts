import { z } from 'zod'
import { DataType, Level, OpenType, SensitiveKind, SharingMode, SharingType, UpdateCycle } from './catalog.ts'
import { ClockRule } from './duty.ts'
import { Mask } from './mask.ts'
import { OrgKind } from './security.ts'
import { MaskName } from './sharing.ts'
import { LocalDate } from './values.ts'

/**
 * A policy profile: everything in which places differ (domain facts §12), each value with its source. Profiles are
 * `profiles/*.yaml`; a city extends its province, which extends the nation; a value is replaced as a whole, with its source.
 */

const Text = z.string().trim().min(1).max(500)
/** Official name, in Chinese and in English. */
const Name = z.strictObject({ zh: Text, en: Text })

/** A value with its source: `cite` names an instrument of the profile or its parents, `at` the article or section. */
const cited = <T extends z.ZodType>(value: T) =>
  z.strictObject({
    value,
    cite: z.string().regex(/^[a-z0-9-]+$/),
    at: Text,
    /** The source leaves a doubt (not read in full, customary, draft): no refusal may rest on it alone. */
    unsure: z.literal(true).optional(),
    note: Text.optional(),
  })
export interface Cited<T> {
  value: T
  cite: string
  at: string
  unsure?: true | undefined
  note?: string | undefined
}

/** A law, regulation, standard, plan or platform default that values rest on. */
export const Instrument = z.strictObject({
  title: Text,
  /** Document number. */
  number: Text.optional(),
  from: LocalDate.optional(),
  /** Last day of validity, as printed. */
  until: LocalDate.optional(),
  /** The instrument that replaced it; without one, an expired instrument is an open question for the authority. */
  succeededBy: Text.optional(),
  unsure: z.literal(true).optional(),
  note: Text.optional(),
})
export type Instrument = z.infer<typeof Instrument>

/** Clocks that the law starts beyond those that the program runs today. */
export const ProfileClock = z.enum([...ClockRule.options, 'catalog_first_review', 'verification', 'collection', 'dispute', 'data_return'])
export type ProfileClock = z.infer<typeof ProfileClock>

const Clock = z.strictObject({
  /** Working days; null: the source sets a duty without a number (及时, 限期), so that no clock can run. */
  days: cited(z.int().min(1).max(250).nullable()),
  /** One extension, with the authority's consent; `tellRequester`: consent takes effect only once the requester was told. */
  extension: cited(z.strictObject({ maxDays: z.int().min(1).max(60), tellRequester: z.boolean() })).optional(),
  /** Kinds of body that it binds, where they differ from `scope.bodies`. */
  binds: cited(z.array(OrgKind).min(1)).optional(),
})

/** On what a refusal to share may rest. */
const RefusalBasis = z.enum(['law', 'administrative_regulation', 'state_council_decision', 'national_policy'])
const SharingClass = z.strictObject({
  zh: Text,
  en: Text,
  /** Code of the 2017 compilation guide. */
  guideCode: z.enum(['1', '2', '3']),
  /** Kinds of source one of which must be named; empty: none is needed. */
  refusalBasis: z.array(RefusalBasis),
  /** Not for new entries: what still has it is queued for a new justification. */
  isLegacy: z.boolean().optional(),
})
const OpenClass = z.strictObject({ zh: Text, en: Text, guideCode: z.enum(['0', '1']) })

const LevelPolicy = z.strictObject({
  zh: Text,
  en: Text,
  /** Order of strictness, 1 to 6: a dataset is at least as strict as its strictest item (就高从严). */
  rank: z.int().min(1).max(6),
  /** The widest class that an item of this level may have; a narrower one needs its own ground. */
  widestSharing: SharingType,
  widestOpening: OpenType,
  opensOnlyMasked: z.boolean(),
  needsNamedUse: z.boolean(),
  needsRiskAssessment: z.boolean(),
  /** Authorised operation 授权运营. */
  operation: z.enum(['allowed', 'after_assessment', 'never']),
})

const impactDegrees = ['grave', 'serious', 'general', 'none'] as const
const Library = z.strictObject({
  code: z.string().regex(/^[a-z_]+$/),
  zh: Text,
  en: Text,
  /** Lead body, where the source names one. */
  lead: Text.optional(),
  /** city: built here; province: reused by return flow 回流; planned: named, not yet reported as built. */
  status: z.enum(['city', 'province', 'planned', 'named']),
})

const Retention = z.union([z.strictObject({ years: z.int().min(1).max(100) }), z.strictObject({ months: z.int().min(1).max(1200) })])
const retained = [
  'usage_record',
  'provision_record',
  'sensitive_processing_log',
  'privacy_assessment',
  'masking_log',
  'network_log',
] as const
const sensitiveClasses = [
  'biometric',
  'religion',
  'special_identity',
  'medical',
  'financial_account',
  'location_track',
  'minor',
  'other',
] as const

export const Profile = z
  .strictObject({
    id: z.string().regex(/^[a-z]+$/),
    extends: z.string().nullable(),
    name: Name,
    level: z.enum(['nation', 'province', 'city']),
    regionCode: z.string().regex(/^\d{6}$/),
    instruments: z.record(z.string().regex(/^[a-z0-9-]+$/), Instrument),
    /** What the data and the bodies are called here. */
    names: z.strictObject({
      data: cited(Name),
      dataAuthority: cited(Name),
      resourcePlatform: cited(Name),
      fusionPlatform: cited(Name).optional(),
      coordination: cited(Name).optional(),
      platformOperator: cited(Name).optional(),
      cyberspaceOffice: cited(Name).optional(),
      primaryDeveloper: cited(Name).optional(),
      provincialPlatform: cited(Name).optional(),
    }),
    /** Whom the clocks bind, and how receipt and completion move them. */
    scope: z.strictObject({ bodies: cited(z.array(OrgKind).min(1)) }),
    clocks: z.record(ProfileClock, Clock),
    receipt: cited(
      z.discriminatedUnion('policy', [
        z.strictObject({ policy: z.literal('same_day') }),
        z.strictObject({ policy: z.literal('next_working_day'), closesAt: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/) }),
      ]),
    ),
    afterCompletion: cited(z.enum(['pause', 'restart'])),
    dueSoonDays: cited(z.int().min(0).max(20)),
    sharing: z.strictObject({
      classes: z.partialRecord(z.enum([...SharingType.options, 'temp_not_shared']), cited(SharingClass)),
      defaultClass: cited(SharingType),
      modes: z.record(SharingMode, cited(Name)),
      withdrawal: cited(
        z.strictObject({ mustTellUsers: z.boolean(), mustFile: z.boolean(), keepServingMonths: z.int().min(0).nullable() }),
      ),
      /** Months without a call after which a permission is questioned. */
      idleMonths: cited(z.int().min(1)).optional(),
    }),
    opening: z.strictObject({ classes: z.record(OpenType, cited(OpenClass)), portal: cited(z.enum(['own', 'province', 'not_stated'])) }),
    grading: z.strictObject({
      levels: z.record(Level, cited(LevelPolicy)),
      /** Level by object of impact and degree of harm (GB/T 43697-2024); the strictest over all objects holds. */
      impact: cited(
        z.strictObject({
          national_security: z.partialRecord(z.enum(impactDegrees), Level),
          economy_order_public: z.partialRecord(z.enum(impactDegrees), Level),
          organisation_person: z.partialRecord(z.enum(impactDegrees), Level),
        }),
      ),
      /** The least level of an item of each sensitive kind. */
      sensitiveLevels: z.record(SensitiveKind, cited(Level)),
      /** Share of sampled rows that must match before a column is tagged by a detector. */
      detectorThreshold: cited(z.number().min(0).max(1)),
    }),
    sensitiveInformation: z.record(z.enum(sensitiveClasses), cited(z.strictObject({ zh: Text, en: Text, examples: z.array(Text) }))),
    /** What each mask that a grant can name does here. */
    masks: z.record(MaskName.exclude(['none']), cited(Mask)),
    /** The mask proposed for an item of a sensitive kind. */
    sensitiveMasks: z.record(SensitiveKind, cited(MaskName)),
    libraries: z.strictObject({ base: cited(z.array(Library).min(1)), theme: cited(z.array(Library)), special: cited(z.array(Library)) }),
    retention: z.record(z.enum(retained), cited(Retention)),
    /** Storage life by level. Null: never, unless it is decided for an entry. */
    storage: z.strictObject({
      levels: z.record(
        Level,
        cited(
          z.strictObject({
            coldAfterDays: z.int().min(1).nullable(),
            coldCodec: z.enum(['ZSTD(1)', 'ZSTD(3)', 'ZSTD(9)']),
            retainMonths: z.int().min(1).max(1200).nullable(),
          }),
        ),
      ),
      /** Calendar days that a quarantined row may wait to be corrected or given up. Null: no limit is set. */
      quarantineDays: cited(z.int().min(1).max(3650).nullable()),
    }),
    /** Null: no change is asked for by age. */
    accounts: z.strictObject({ passwordMaxAgeDays: cited(z.int().min(1).max(3650).nullable()) }),
    catalog: z.strictObject({
      updateCycles: z.record(
        UpdateCycle,
        z.strictObject({
          name: cited(z.strictObject({ zh: Text, en: Text, guideCode: z.string().regex(/^\d$/).nullable() })),
          /** Calendar days after the last load; on a later day the data are past their cycle. Null: never. */
          staleAfterDays: cited(z.int().min(1).nullable()),
        }),
      ),
      dataTypes: cited(z.record(DataType, Name)),
      formats: z.record(z.enum(['1', '2', '3', '4', '5', '6', '7']), cited(z.strictObject({ zh: Text, en: Text, types: z.array(Text) }))),
      /** Where the catalog of record is kept. */
      system: cited(z.enum(['own', 'province'])),
    }),
    development: z.strictObject({
      agreementMaxYears: cited(z.int().min(1)),
      registrationTypes: cited(z.array(z.enum(['initial', 'change', 'correction', 'cancellation', 'renewal']))),
      /** A city of Fujian works in its zone of the provincial registration platform and may build no own. */
      ownRegistry: cited(z.boolean()),
      rights: cited(z.array(Name).length(3)),
    }),
  })
  .superRefine((profile, check) => {
    for (const { path, source } of citedValues(profile))
      if (!Object.hasOwn(profile.instruments, source.cite))
        check.addIssue({ code: 'custom', path: [...path, 'cite'], message: `unknown instrument ${source.cite}` })
  })
export type Profile = z.infer<typeof Profile>

/** Every cited value of a profile, with its path, in the order of the file. */
export function citedValues(node: unknown, path: string[] = []): { path: string[]; source: Cited<unknown> }[] {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return []
  if ('cite' in node) return [{ path, source: node as Cited<unknown> }]
  return Object.entries(node).flatMap(([key, child]) => citedValues(child, [...path, key]))
}
