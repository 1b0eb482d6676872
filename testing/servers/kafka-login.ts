import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'

export const knownUser = { user: 'reader', password: 'secret' }
const salt = Buffer.from('a salt of the test').toString('base64')
const rounds = 4096

/** What one line has said so far. */
export interface KafkaLogin {
  mechanism: string
  isProved: boolean
  said?: { nonce: string; text: string }
}

/** SASL PLAIN (RFC 4616) and SCRAM (RFC 5802, 7677) as a server does it. @returns what it says; null where the proof is wrong */
export function answerLogin(login: KafkaLogin, bytes: Buffer): string | null {
  const message = bytes.toString()
  if (login.mechanism === 'PLAIN') {
    login.isProved = message === `\0${knownUser.user}\0${knownUser.password}`
    return login.isProved ? '' : null
  }
  const digest = login.mechanism === 'SCRAM-SHA-512' ? 'sha512' : 'sha256'
  const told = Object.fromEntries([...message.matchAll(/(?:^|,)([a-z])=([^,]*)/g)].map(([, name, value]) => [name, value]))
  if (!login.said) {
    const nonce = `${told.r}server`
    const text = `r=${nonce},s=${salt},i=${rounds}`
    login.said = { nonce, text: `${message.slice(3)},${text}` }
    return text
  }
  const hmac = (key: Buffer, text: string) => createHmac(digest, key).update(text).digest()
  const salted = pbkdf2Sync(knownUser.password, Buffer.from(salt, 'base64'), rounds, digest === 'sha512' ? 64 : 32, digest)
  const clientKey = hmac(salted, 'Client Key')
  const all = `${login.said.text},${message.slice(0, message.indexOf(',p='))}`
  const signature = hmac(createHash(digest).update(clientKey).digest(), all)
  const proof = Buffer.from(clientKey.map((byte, i) => byte ^ signature[i]!)).toString('base64')
  login.isProved = told.p === proof && told.r === login.said.nonce && login.said.text.startsWith(`n=${knownUser.user},`)
  return login.isProved ? `v=${hmac(hmac(salted, 'Server Key'), all).toString('base64')}` : null
}
