import { randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(scrypt) as (
  password: string,
  salt: Buffer,
  length: number,
  options: { N: number; r: number; p: number; maxmem: number },
) => Promise<Buffer>

// OWASP Password Storage: scrypt N=2^16 r=8 p=1 (64 MiB); stored with its parameters so that they can be raised.
const cost = { N: 65_536, r: 8, p: 1, maxmem: 128 * 1024 * 1024 }

/** The hash of a password as one text: `scrypt$N$r$p$salt$key`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password.normalize('NFKC'), salt, 32, cost)
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$')
}

/** Constant-time comparison; a hash of an unknown shape is an error, not a mismatch. */
export async function isPassword(password: string, stored: string): Promise<boolean> {
  const [kind, N, r, p, salt, key] = stored.split('$')
  if (kind !== 'scrypt' || !salt || !key) throw new Error('a stored password hash has an unknown shape')
  const expected = Buffer.from(key, 'base64url')
  const actual = await derive(password.normalize('NFKC'), Buffer.from(salt, 'base64url'), expected.length, {
    N: Number(N),
    r: Number(r),
    p: Number(p),
    maxmem: cost.maxmem,
  })
  return timingSafeEqual(actual, expected)
}

// Without characters that are read wrongly (0 O 1 l I), since a one-time password is copied from paper.
const alphabet = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** A password to be shown once: 16 characters, 92 bits, with every class that GB/T 22239 8.1.4.1a asks for. */
export function makeOneTimePassword(): string {
  const some = (n: number) => Array.from({ length: n }, () => alphabet[randomInt(alphabet.length)]).join('')
  return `${some(4)}-${some(4)}-${some(4)}-${some(2)}${randomInt(2, 10)}${'abcdefgh'[randomInt(8)]}${'ABCDEFGH'[randomInt(8)]}`
}
