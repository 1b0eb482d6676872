import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { BSON, type Document } from 'mongodb'

export interface Login {
  /** Null until it is proved. */
  user: string | null
  /** What both have said so far. */
  said?: { user: string; nonce: string; text: string }
}

const known = { user: 'reader', password: 'secret' }
const salt = Buffer.from('a salt of the test').toString('base64')
const rounds = 4096

/** SCRAM-SHA-256 (RFC 5802, 7677) as a server does it; undefined where the proof is wrong. */
export function answerLogin(command: Document, login: Login): Document | undefined {
  const payload = Buffer.from(command.payload.buffer).toString()
  const told = Object.fromEntries([...payload.matchAll(/(?:^|,)([a-z])=([^,]*)/g)].map(([, name, value]) => [name, value]))
  const reply = (text: string, done: boolean) => ({ conversationId: 1, done, payload: new BSON.Binary(Buffer.from(text)), ok: 1 })
  if ('saslStart' in command) {
    const nonce = `${told.r}server`
    const text = `r=${nonce},s=${salt},i=${rounds}`
    login.said = { user: told.n!, nonce, text: `${payload.slice(payload.indexOf('n=', 2))},${text}` }
    return reply(text, false)
  }
  const { user, nonce, text } = login.said!
  if (user !== known.user || told.r !== nonce) return undefined
  const hmac = (key: Buffer, message: string) => createHmac('sha256', key).update(message).digest()
  const salted = pbkdf2Sync(known.password, Buffer.from(salt, 'base64'), rounds, 32, 'sha256')
  const clientKey = hmac(salted, 'Client Key')
  const all = `${text},${payload.slice(0, payload.indexOf(',p='))}`
  const signature = hmac(createHash('sha256').update(clientKey).digest(), all)
  const proof = Buffer.from(clientKey.map((byte, i) => byte ^ signature[i]!)).toString('base64')
  if (told.p !== proof) return undefined
  login.user = user
  return reply(`v=${hmac(hmac(salted, 'Server Key'), all).toString('base64')}`, true)
}
