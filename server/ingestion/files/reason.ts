/** Why something was detected as it was: a code of contract/messages/files.ts with its values, shown to the steward. */
export interface Reason {
  code: string
  params?: Record<string, string | number>
}
