import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeOneTimePassword } from './password.ts'
import { checkPassword } from './password-rules.ts'

const codes = (password: string, loginName = 'zhao.wei') => checkPassword(password, loginName).map(({ code }) => code)

test('forty passwords that everybody tries are refused', () => {
  for (const weak of weakPasswords) assert.deepEqual(codes(weak), ['security.password_simple'], weak)
})

test('mixtures and long phrases are accepted, and so is every one-time password', () => {
  for (const good of ['Haicang-Wan-2026', '海沧湾 2026 Xin-kouling', 'correct horse battery staple', 'tG7#mQ2$wL9k'])
    assert.deepEqual(codes(good), [], good)
  for (let n = 0; n < 1000; n++) assert.deepEqual(codes(makeOneTimePassword()), [])
})

test('the login name is found in any case and width', () => {
  for (const named of ['Haicang-ZHAO.wei-2026', 'Haicang-ｚｈａｏ.ｗｅｉ-2026'])
    assert.deepEqual(codes(named), ['security.password_has_name'])
})

const weakPasswords = [
  ...['123456789012', 'aaaaaaaaaaaa', 'abcabcabcabc', 'qwertyqwerty', 'Qwerty123456', 'passwordpassword', 'Password1234', 'P@ssw0rd1234'],
  ...['P@ssword2024', 'admin1234567', 'Admin@123456', 'Admin123!@#$', 'iloveyou1234', 'Welcome12345', 'welcome@2024', 'letmein12345'],
  ...['1qaz2wsx3edc', '1qaz2wsx1qaz', '1QAZ2wsx!QAZ', 'zxcvbnzxcvbn', 'asdfghasdfgh', 'Xiamen123456', 'xiamen@12345', 'Datong@12345'],
  ...['datong123456', 'woaini123456', 'Woaini1234!!', '111111111111', '000000000000', '666666666666', '888888888888', '112233445566'],
  ...['abc123abc123', 'Abc123456789', 'ABCabc123123', 'qazwsxedcrfv', 'testtesttest', 'hellohellohe', 'AAAAaaaa1111', 'Aa1!Aa1!Aa1!'],
]
