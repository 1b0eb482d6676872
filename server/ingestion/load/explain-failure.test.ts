import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../../kernel/errors.ts'
import { LakeError } from '../../store/index.ts'
import { explainFailure } from './explain-failure.ts'

const explain = (code: number, message: string) => {
  const { code: found, isPassing } = explainFailure(new LakeError(code, 'NAME', message))
  return [found, isPassing]
}

test('every number under which the engine was seen to report a lost source is one, and is tried again', () => {
  const lost = ['ingestion.source_lost', true]
  assert.deepEqual(explain(1001, 'pqxx::failure: Reading of table data failed: server closed the connection unexpectedly'), lost)
  assert.deepEqual(explain(1001, 'mysqlxx::Exception: mysqlxx::Exception.'), lost)
  assert.deepEqual(explain(1000, 'Poco::Exception. Code: 1000, e.code() = 2013, mysqlxx::Exception: Lost connection to server'), lost)
  // Backends that are killed in the middle of a row.
  assert.deepEqual(explain(36, "Cannot parse PostgreSQL value '甲' as Int32: Could not convert string: While executing PostgreSQL."), lost)
  assert.deepEqual(explain(161, 'Row has too many columns: 5, expected structure: #0 Int32: While executing PostgreSQL.'), lost)
  assert.deepEqual(explain(27, 'Cannot parse input: expected tab: While executing PostgreSQL.'), lost)
})

test('what the engine says of other things stays what it is, and nothing it quotes goes on', () => {
  assert.deepEqual(explain(36, "bad argument '350203199001011234'"), ['ingestion.engine_error', false])
  assert.deepEqual(explain(27, 'Cannot parse input: While executing CSVRowInputFormat'), ['ingestion.unreadable_file', false])
  assert.deepEqual(explain(159, 'Timeout exceeded: While executing PostgreSQL.'), ['ingestion.too_slow', false])
  assert.deepEqual(explain(243, 'Cannot reserve 1.00 MiB, not enough space'), ['ingestion.disk_full', false])
  const failure = explainFailure(new LakeError(36, 'BAD_ARGUMENTS', "value '350203199001011234': While executing PostgreSQL."))
  assert.ok(!JSON.stringify(failure).includes('350203199001011234'))
  assert.equal(explainFailure(new AppError('unavailable', 'ingestion.source_unreachable')).isPassing, true)
})

test('what the system refuses is told alike, whether the engine or this program was refused', () => {
  const system = (code: string, syscall: string) => explainFailure(Object.assign(new Error(code), { code, syscall })).code
  assert.deepEqual(explain(573, 'Cannot open epoll descriptor: , errno: 24, strerror: Too many open files.'), [
    'ingestion.engine_busy',
    true,
  ])
  assert.equal(system('EMFILE', 'open'), 'ingestion.engine_busy')
  assert.deepEqual(explain(76, 'Cannot open file /x: , errno: 30, strerror: Read-only file system'), ['ingestion.folder_refused', false])
  for (const [code, syscall] of [
    ['EROFS', 'open'],
    ['EACCES', 'mkdir'],
    ['ENOENT', 'mkdir'],
  ] as const)
    assert.equal(system(code, syscall), 'ingestion.folder_refused')
  assert.equal(system('ENOENT', 'open'), 'ingestion.internal')
  assert.equal(system('EACCES', 'open'), 'ingestion.file_unreadable')
  const folder =
    'std::exception. Code: 1001, type: std::__1::__fs::filesystem::filesystem_error, e.what() = filesystem error: in create_directories: No space left on device ["/x"]'
  assert.deepEqual(explain(1001, folder), ['ingestion.disk_full', false])
  assert.deepEqual(explain(75, 'Cannot write to file /x: , errno: 28, strerror: No space left on device'), ['ingestion.disk_full', false])
})

test('a control plane that went away is another try, whatever the driver calls it', () => {
  for (const error of [
    new Error('Connection terminated unexpectedly'),
    Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' }),
    Object.assign(new Error('the database system is starting up'), { code: '57P03' }),
  ]) {
    const { code, isPassing } = explainFailure(error)
    assert.deepEqual([code, isPassing], ['ingestion.database_away', true])
  }
  assert.equal(explainFailure(new Error('undefined is not a function')).isPassing, false)
})
