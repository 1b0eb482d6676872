import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../../kernel/errors.ts'
import { explainDamage } from './damage.ts'
import { asLakeError, LakeError } from './lake-error.ts'

const explain = (message: string) => {
  const said = explainDamage(asLakeError(new Error(message)), ['r_firm'])
  assert.ok(said instanceof AppError || said instanceof LakeError)
  return said.code
}

test('damage of our own files is named; that of a source’s server, and other errors, stay what they are', () => {
  const mismatch = 'Checksum doesn’t match: corrupted data. (CHECKSUM_DOESNT_MATCH)'
  assert.equal(explain(`Code: 40. DB::Exception: ${mismatch}`), 'platform.data_damaged')
  assert.equal(explain(`Code: 40. DB::Exception: Received from 10.1.2.3:9000. DB::Exception: ${mismatch}`), 40)
  assert.equal(explain('Code: 60. DB::Exception: Table lake.r_firm does not exist. (UNKNOWN_TABLE)'), 'platform.data_damaged')
  assert.equal(explain('Code: 60. DB::Exception: Table lake.r_other does not exist. (UNKNOWN_TABLE)'), 60)
})
