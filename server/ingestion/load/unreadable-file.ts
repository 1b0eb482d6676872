import { LakeError } from '../../store/index.ts'

/** Numbers of the engine for a record that does not read as the file's dialect says. */
const codes = new Set([6, 26, 27, 117])

export const isUnreadableFile = (error: unknown): boolean => error instanceof LakeError && codes.has(error.code)
