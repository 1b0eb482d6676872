import { z } from 'zod'

/**
 * How one item is shown (families 遮盖, 截断, 分档, 不可逆加密 of DB3212/T 1177-2025). A mask is data: a grant names it, the
 * profile holds its parameters, and server/kernel/mask.ts gives it one meaning in TypeScript and in the lake's SQL.
 * A value that does not have the expected shape is hidden altogether: every mask fails closed.
 */

/** Shapes of which the first and last characters may be kept. `any`: at least half stays hidden. */
export const maskShapes = ['any', 'citizen_id', 'bank_card', 'licence_plate', 'travel_document'] as const
export const MaskShape = z.enum(maskShapes)
export type MaskShape = z.infer<typeof MaskShape>

const keptCount = z.int().min(0).max(12)

export const Mask = z.discriminatedUnion('kind', [
  /** Four stars, whatever the length. */
  z.strictObject({ kind: z.literal('full') }),
  /** HMAC-SHA256 under the recipient's key, in hex: same value, same token, for this recipient only. */
  z.strictObject({ kind: z.literal('hash') }),
  z.strictObject({ kind: z.literal('keep'), shape: MaskShape, start: keptCount, end: keptCount }),
  /** 张三 → 张*; the given name's length stays. */
  z.strictObject({ kind: z.literal('name') }),
  /** 13812345678 → 138****5678, 0592-1234567 → 0592-****567. */
  z.strictObject({ kind: z.literal('phone') }),
  z.strictObject({ kind: z.literal('address'), to: z.enum(['city', 'district', 'street']) }),
  /** 1990-03-07 → 1990-**-** or 1990-03-**. */
  z.strictObject({ kind: z.literal('date'), to: z.enum(['year', 'month']) }),
  z.strictObject({ kind: z.literal('email') }),
  /** 10.0.0.8 → 10.0.0.* */
  z.strictObject({ kind: z.literal('ip') }),
  /** Cuts decimals off, without rounding: 118.08921 → 118.08. */
  z.strictObject({ kind: z.literal('truncate'), decimals: z.int().min(0).max(6) }),
  /** 73210 → 50000-100000 (width 50000); the upper end is not included. */
  z.strictObject({ kind: z.literal('band'), width: z.int().min(1).max(1_000_000_000) }),
])
export type Mask = z.infer<typeof Mask>
