import { type Language, messageOf } from '#contract/messages/index.ts'

/** An error as a row keeps it: by its code. The words are made for whoever reads it. */
export interface KeptError {
  error_code: string | null
  error_params: Record<string, string | number> | null
  /** Of errors from before the parameters were kept. */
  error_detail: string | null
}

export const noError = { error_code: null, error_params: null } as const

export const keepError = (code: string, params: Record<string, string | number> = {}) => ({
  error_code: code,
  error_params: JSON.stringify(params),
})

export const presentError = ({ error_code: code, error_params: params, error_detail }: KeptError, language: Language) =>
  code === null ? null : { code, detail: (params === null && error_detail) || messageOf(code, language, params ?? {}) }
