import { AppError } from '../../kernel/errors.ts'
import type { Outcome } from './load-object.ts'

/** What a failed load still has to tell. */
export class LoadFailure extends AppError {
  readonly numbers: Partial<Outcome>
  readonly differing: string[]
  /** A quarantine that stays, for its owner to see what is wrong. */
  quarantineTable: string | null = null
  constructor(code: string, params: Record<string, string | number>, numbers: Partial<Outcome>, differing: string[] = []) {
    super('conflict', code, { params })
    this.numbers = numbers
    this.differing = differing
  }
}
