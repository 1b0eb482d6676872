import { createCipheriv, createDecipheriv, hash, hkdfSync, randomBytes } from 'node:crypto'
import { mkdir, open, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { conflict } from '../kernel/errors.ts'

/**
 * Keeps secrets that the program must be able to use again: passwords of sources, secrets of API keys. What is sealed for one
 * purpose cannot be opened for another, and nothing can be opened on a node with another key.
 */
export interface Sealer {
  /** `purpose` names the one thing the secret is for, its row included: `ingestion.source:<id>`. */
  seal(purpose: string, text: string): string
  /** @throws conflict `security.secret_unreadable`: sealed by another key, for another purpose, or damaged. Never an empty text. */
  open(purpose: string, sealed: string): string
  /** A key of its own for a purpose and a holder, the same on every call: hash masks. */
  derive(purpose: string, holder: string): string
}

const keyBytes = 32
const ivBytes = 12
const tagBytes = 16

/** Opens the node's master key, made at the first start: `folder` is DATONG_HOME/keys. */
export async function openSealer(folder: string): Promise<Sealer> {
  const key = await readOrMakeKey(folder)
  const keyId = hash('sha256', Buffer.concat([Buffer.from('datong node key\n'), key]), 'hex').slice(0, 8)
  const prefix = `1.${keyId}.`
  return {
    seal(purpose, text) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes }).setAAD(Buffer.from(prefix + purpose))
      const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return prefix + sealed.toString('base64url')
    },
    open(purpose, sealed) {
      const bytes = Buffer.from(sealed.slice(prefix.length), 'base64url')
      if (!sealed.startsWith(prefix) || bytes.length < ivBytes + tagBytes) throw conflict('security.secret_unreadable')
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes })
      decipher.setAAD(Buffer.from(prefix + purpose)).setAuthTag(bytes.subarray(-tagBytes))
      try {
        return Buffer.concat([decipher.update(bytes.subarray(ivBytes, -tagBytes)), decipher.final()]).toString('utf8')
      } catch {
        throw conflict('security.secret_unreadable')
      }
    },
    derive: (purpose, holder) => Buffer.from(hkdfSync('sha256', key, '', `${purpose}\n${holder}`, keyBytes)).toString('hex'),
  }
}

async function readOrMakeKey(folder: string): Promise<Buffer> {
  const path = join(folder, 'node.key')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if (!(await stat(path).catch(() => null))) await makeKey(folder, path)
  if (((await stat(path)).mode & 0o077) !== 0) throw new Error(`${path} can be read by others: run chmod 600 on it and start again`)
  const key = Buffer.from((await readFile(path, 'utf8')).trim(), 'base64url')
  if (key.length !== keyBytes)
    throw new Error(`${path} is damaged: put it back from the backup, or remove it and enter the stored passwords again`)
  return key
}

/** Synced before it is used: a key that a power cut takes away leaves secrets that nobody can open. */
async function makeKey(folder: string, path: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  await file.writeFile(`${randomBytes(keyBytes).toString('base64url')}\n`)
  await file.sync().finally(() => file.close())
  const parent = await open(folder, 'r')
  await parent.sync().finally(() => parent.close())
}
