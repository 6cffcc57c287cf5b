import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import test, { type TestContext } from 'node:test'
import { ROLES } from '../../core/model/role.ts'
import { Channel } from '../../core/wire/channel.ts'
import { operatorService } from '../../core/wire/operator-service.ts'
import { HoldfastError } from '../../core/model/error.ts'
import { METHODS, type MethodName } from '../../server/access/methods.ts'
import { createOperator, addOperatorToken } from '../../server/catalog/operators.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import { testRpc, type TestRpc } from '../support/rpc.ts'
import { roleTable } from './role-table.ts'

const PROTO = new URL('../../proto/', import.meta.url)
const PAGE = new URL('../../docs/operations.md', import.meta.url)
const BEGIN = '<!-- roles -->\n'
const END = '\n<!-- end of roles -->'

/** `service Name { … rpc Method(…) … }` of a proto file, by the text of the file alone. */
async function rpcsOf(file: string, service: string): Promise<string[]> {
  const text = (await readFile(new URL(file, PROTO), 'utf8')).replace(/\/\/.*$/gm, '')
  const body = new RegExp(`service ${service} \\{([^}]*)\\}`).exec(text)?.[1]
  assert.ok(body, `${file} has no service ${service}`)
  return [...body.matchAll(/rpc (\w+)\(/g)].map(([, name]) => name ?? '')
}

test('every method of the Operator service has an entry, and nothing else has', async () => {
  const methods = await rpcsOf('operator.proto', 'Operator')
  assert.ok(methods.length > 30)
  assert.deepEqual(Object.keys(METHODS).sort(), methods.sort())
})

test('what an entry names is a field of the request', () => {
  for (const [name, rule] of Object.entries(METHODS)) {
    const definition = operatorService[name as MethodName] as unknown as {
      requestType: { type: { field: { name: string }[] } }
    }
    // Descriptors keep the proto file's own spelling.
    const fields = definition.requestType.type.field.map((field) => camelCase(field.name))
    for (const named of [...Object.keys(rule.names ?? {}), ...(rule.notes ?? [])])
      assert.ok(fields.includes(named), `${name} has no field ${named}`)
    if (rule.scoped === 'named') assert.ok(Object.keys(rule.names ?? {}).length > 0, name)
  }
})

test('no field that could hold a secret is noted', () => {
  for (const [name, { notes = [] }] of Object.entries(METHODS))
    for (const note of notes) assert.doesNotMatch(note, /secret|password|token|key/i, name)
})

test('docs/operations.md has the table of roles; HOLDFAST_UPDATE_GOLDEN=1 writes it', async () => {
  const page = await readFile(PAGE, 'utf8')
  const [before = '', rest = ''] = page.split(BEGIN)
  const [written, after = ''] = rest.split(END)
  if (process.env['HOLDFAST_UPDATE_GOLDEN'] === '1')
    return writeFile(PAGE, `${before}${BEGIN}${roleTable()}${END}${after}`)
  assert.equal(written, roleTable())
})

/** Every handler answers not-found: whoever hears that has passed the gate. */
test('over the wire each role passes the gate of its methods, and of no other', async (t) => {
  const server = await testRpc(t)
  for (const role of ROLES) {
    const outcome = await caller(t, server, role, [])
    for (const [name, rule] of Object.entries(METHODS)) {
      const expected = rule.roles.includes(role) ? 'not-found' : 'permission-denied'
      const request = role === 'self-service' ? { original: true, kind: 'point' } : {}
      const code = await outcome(name as MethodName, request)
      // Without a scope a self-service user sees what is theirs: methods about the whole stay shut.
      const shut = role === 'self-service' && rule.scoped === 'no'
      assert.equal(code, shut ? 'permission-denied' : expected, `${role} ${name}`)
    }
  }
})

test('a scope shuts all that is about the whole, for every role', async (t) => {
  const server = await testRpc(t)
  for (const role of ROLES) {
    const outcome = await caller(t, server, role, [{ kind: 'owner', value: 'nobody' }])
    for (const [name, rule] of Object.entries(METHODS)) {
      const request = { original: true, kind: 'point' }
      const passes = rule.roles.includes(role) && rule.scoped !== 'no'
      const code = await outcome(name as MethodName, request)
      assert.equal(code, passes ? 'not-found' : 'permission-denied', `${role} ${name}`)
    }
  }
})

test('self-service: points, the original location, and files; nothing else', async (t) => {
  const outcome = await caller(t, await testRpc(t), 'self-service', [])
  assert.equal(await outcome('StartTransfers', { kind: 'check' }), 'permission-denied')
  assert.equal(await outcome('StartTransfers', { kind: 'synchronize' }), 'permission-denied')
  assert.equal(await outcome('StartRestore', { original: false }), 'permission-denied')
})

interface AnyMethod {
  readonly responseStream: boolean
}

async function caller(
  t: TestContext,
  server: TestRpc,
  role: (typeof ROLES)[number],
  scopes: readonly { kind: 'owner'; value: string }[],
) {
  const id = await createOperator(server.database, systemRandom, {
    ...{ name: `${role}-${scopes.length}`, role, scopes },
  })
  const { token } = await addOperatorToken(server.database, systemRandom, id)
  const channel = new Channel({
    addresses: server.rpc.reach.operators,
    authority: server.authority.certificate,
    bearer: token,
  })
  t.after(() => channel.close())
  return async (name: MethodName, request: object): Promise<string> => {
    const method = operatorService[name] as unknown as Parameters<Channel['unary']>[0] & AnyMethod
    try {
      if (method.responseStream)
        for await (const _ of channel.receive(method, request)) return 'answered'
      else await channel.unary(method, request, { deadlineMs: 10_000 })
      return 'answered'
    } catch (error) {
      if (error instanceof HoldfastError) return error.code
      throw error
    }
  }
}

function camelCase(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}
