import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { decodeText, type Encoding, encodings, findBadByte, showBytes, toMarkedUtf8 } from './decode-text.ts'

const anyEncoding = fc.constantFrom(...encodings)
/** Without the private-use characters for which the editions of GB18030 differ. */
const anyText = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom('厦', '门', '𠮷', '㐀', '䶮', '€', 'a', ',', '"', '\n'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    ),
  })
  .filter((text) => !/[\ue000-\uf8ff\ufffd]/.test(text))

test('any text survives every encoding, with four-byte characters of GB18030', () => {
  fc.assert(
    fc.property(anyText, anyEncoding, (text, encoding) => {
      assert.equal(decodeText(iconv.encode(text, encoding, { addBOM: false }), encoding), text)
    }),
  )
})

test('a character cut at the end or in the middle is named by its byte offset', () => {
  const cases: [Encoding, string, number, string][] = [
    ['utf-8', 'e58ea6 e997', 3, 'E9 97'],
    ['utf-8', 'e58e 2c 61', 0, 'E5 8E 2C 61'],
    ['utf-8', '61 eda080 62', 1, 'ED A0 80 62'],
    ['gb18030', 'cfc3 c3', 2, 'C3'],
    ['gb18030', 'cfc3 959282', 4, '82'],
    ['gb18030', 'cfc3 953282', 2, '95 32 82'],
    ['gb18030', '61 95322c 62', 1, '95 32 2C 62'],
    ['gb18030', '61 ff 62', 1, 'FF 62'],
    ['utf-16le', '6100 42d8 6200', 2, '42 D8 62 00'],
    ['utf-16be', '0061 00', 2, '00'],
  ]
  for (const [encoding, hex, offset, bytes] of cases) {
    const source = Buffer.from(hex.replaceAll(' ', ''), 'hex')
    assert.deepEqual(findBadByte(source, encoding), { offset, hex: bytes }, `${encoding} ${hex}`)
    assert.throws(() => decodeText(source, encoding), { details: { params: { encoding, offset, bytes } } })
  }
})

test('the offset is right wherever a byte is broken', () => {
  fc.assert(
    fc.property(anyText, anyText, fc.constantFrom<Encoding>('utf-8', 'gb18030'), (before, after, encoding) => {
      const head = iconv.encode(before, encoding)
      const bytes = Buffer.concat([head, Buffer.from([0xff]), iconv.encode(after, encoding)])
      assert.equal(findBadByte(bytes, encoding)?.offset, head.length)
    }),
  )
})

test('no decoding ever introduces U+FFFD: bytes decode exactly or are refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), anyEncoding, (bytes, encoding) => {
      let text: string
      try {
        text = decodeText(bytes, encoding)
      } catch {
        assert.notEqual(findBadByte(bytes, encoding), undefined)
        return
      }
      if (encoding !== 'gb18030') assert.deepEqual(iconv.encode(text, encoding, { addBOM: false }), Buffer.from(bytes))
    }),
    { numRuns: 2000 },
  )
})

test('a broken line keeps delimiters, quotes and line ends, and is never valid UTF-8', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 30 }), (bytes) => {
      if (!findBadByte(bytes, 'gb18030')) return
      const marked = toMarkedUtf8(Buffer.from(bytes), 'gb18030')
      assert.notEqual(findBadByte(marked, 'utf-8'), undefined)
      for (const mark of [0x0a, 0x2c, 0x22])
        assert.equal(marked.filter((byte) => byte === mark).length, bytes.filter((byte) => byte === mark).length)
    }),
  )
})

test('bytes without meaning are shown in hex, the rest as text', () => {
  assert.equal(showBytes(Buffer.from('e58ea62cff41e99741', 'hex')), '厦,\\xFFA\\xE9\\x97A')
})
