import assert from 'node:assert/strict'
import { test } from 'node:test'
import { routes } from '#contract/index.ts'
import { commands, findCommand } from './command.ts'
import { parseFlags, UsageError } from './parse-flags.ts'
import { pick, printAnswer } from './print.ts'

test('every route is a command, once', () => {
  assert.deepEqual(commands.map((command) => command.routeName).sort(), Object.keys(routes).sort())
  assert.equal(new Set(commands.map((command) => `${command.room} ${command.name}`)).size, commands.length)
})

test('flags become the parts of a call in their own types', () => {
  const search = parseFlags(findCommand('catalog', 'search-entries')!, ['--q', '公交', '--limit=5'])
  assert.deepEqual(search.input, { params: {}, query: { q: '公交', limit: 5 }, body: {} })
  const source = parseFlags(findCommand('ingestion', 'create-source')!, ['--name', '报表', '--settings', '{"kind":"upload"}'])
  assert.deepEqual(source.input.body, { name: '报表', settings: { kind: 'upload' } })
})

test('a wrong command line says what to write instead', () => {
  const refusal = (room: string, name: string, args: string[]) => {
    try {
      parseFlags(findCommand(room, name)!, args)
    } catch (error) {
      assert.ok(error instanceof UsageError)
      return error.message
    }
    return ''
  }
  assert.match(refusal('catalog', 'create-system', []), /缺少 --name/)
  assert.match(refusal('catalog', 'create-system', ['--name']), /后面缺少值/)
  assert.match(refusal('catalog', 'create-system', ['--name', 'x', '--state', 'gone']), /planned、building/)
  assert.match(refusal('catalog', 'create-system', ['--nmae', 'x']), /没有选项 --nmae/)
  assert.match(refusal('ingestion', 'create-source', ['--name', 'x', '--settings', '{']), /JSON/)
})

test('answers are printed as tables whose Chinese columns line up, and one value can be picked', () => {
  const answer = {
    items: [
      { id: '1', name: '厦门市' },
      { id: '22', name: 'ab' },
    ],
    next: null,
  }
  assert.equal(printAnswer(answer), 'id  name\n1   厦门市\n22  ab')
  assert.equal(pick(answer, 'items.1.id'), '22')
  assert.throws(() => pick(answer, 'items.2.id'), /没有 items.2.id/)
})
