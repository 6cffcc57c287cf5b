import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import type { Role } from '../../core/model/role.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import { requireAllowed } from '../../server/access/allowed.ts'
import type { Caller } from '../../server/access/decide.ts'
import { sightOf } from '../../server/access/sight.ts'
import { METHODS, type MethodName } from '../../server/access/methods.ts'
import { raiseAlert } from '../../server/catalog/alerts.ts'
import { recordEvent } from '../../server/catalog/events.ts'
import { createOperator } from '../../server/catalog/operators.ts'
import type { Scope } from '../../server/catalog/scopes.ts'
import type { OperatorHandlers } from '../../server/rpc/operator-handlers.ts'
import { startService, type Service } from '../operator/service.ts'
import { codeOf } from '../support/rpc.ts'

interface Tenant {
  readonly host: string
  readonly source: string
  readonly name: string
  readonly point: string
  readonly job: string
  readonly alert: string
}

/** A host with one data source, a point, a job, an event and an alert, named after the tenant. */
async function tenant({ rows, database }: Service, name: string): Promise<Tenant> {
  const host = await rows.host(`${name}-host`)
  const source = await rows.source(host, `${name}.raw`)
  await database.query(`UPDATE data_source SET owner = $2, tenant = $3 WHERE id = $1`, [
    ...[source, name, `${name}-inc`],
  ])
  const disk = await rows.disk(source, `${name}.raw`, { sizeBytes: 131072 })
  const version = await rows.version(source, [{ disk, sizeBytes: 131072, map: [0] }])
  const point = await rows.point(source, version)
  const job = `j-${name}`
  await database.query(
    `INSERT INTO job (id, kind, data_source, host, state, requested_by)
     VALUES ($1, 'recovery', $2, $3, 'completed', 'somebody')`,
    [job, source, host],
  )
  await recordEvent(database, { kind: 'point-created', about: point, message: `made for ${name}` })
  const alert = await raiseAlert(database, systemRandom, {
    ...{ type: 'replica-inconsistent', severity: 'critical', object: source },
    ...{ cause: `${name} differs`, action: 'check it' },
  })
  return { host, source, name: `${name}-host/${name}.raw`, point, job, alert }
}

async function setUp(t: TestContext) {
  const service = await startService(t)
  return { service, mine: await tenant(service, 'ann'), theirs: await tenant(service, 'bob') }
}

async function callerWith(
  { database }: Service,
  role: Role,
  scopes: readonly Scope[],
): Promise<Caller> {
  const name = scopes.length === 0 ? 'ann' : `${role}-${scopes[0]?.kind}`
  const id = await createOperator(database, systemRandom, { name, role, scopes })
  return { name, role, from: '127.0.0.1:1', sees: await sightOf(database, { id, name, role }) }
}

/** As the listener does it: the gate, then the handler. */
async function call<Name extends MethodName>(
  { database, handlers }: Service,
  caller: Caller,
  method: Name,
  request: object,
): Promise<unknown> {
  await requireAllowed(database, caller, method, request)
  const name = (method[0]!.toLowerCase() + method.slice(1)) as keyof OperatorHandlers
  const handler = handlers[name] as unknown as (
    request: object,
    caller: Caller,
    signal: AbortSignal,
  ) => unknown
  return handler(request, caller, AbortSignal.timeout(5_000))
}

async function groupOf({ database }: Service, source: string): Promise<Scope> {
  await database.query(
    `INSERT INTO protection_group (id, name, settings, created_at, changed_at)
     VALUES ('g-1', 'mine', '{}', now(), now())`,
  )
  await database.query(
    `INSERT INTO group_member (data_source, protection_group, added_at, added_by, points_until,
       syncs_until, checks_until) VALUES ($1, 'g-1', now(), 'ann', now(), now(), now())`,
    [source],
  )
  return { kind: 'group', value: 'g-1' }
}

const LISTS = ['ListHosts', 'ListSources', 'ListPoints', 'ListJobs', 'ListEvents', 'ListAlerts']

test('lists show what lies within the scope, and no word of anything else', async (t) => {
  const { service, mine } = await setUp(t)
  const ways: [Role, Scope[]][] = [
    ['viewer', [{ kind: 'source', value: mine.source }]],
    ['operator', [{ kind: 'host', value: mine.host }]],
    ['recovery-operator', [{ kind: 'tenant', value: 'ann-inc' }]],
    ['viewer', [await groupOf(service, mine.source)]],
    ['self-service', []],
  ]
  for (const [role, scopes] of ways) {
    const caller = await callerWith(service, role, scopes)
    for (const method of LISTS as MethodName[]) {
      if (!METHODS[method].roles.includes(role)) continue
      const request = { all: true, unprotected: false, limit: 0 }
      const said = JSON.stringify(await call(service, caller, method, request))
      assert.doesNotMatch(said, /bob/, `${role} ${method}`)
      assert.match(said, /ann/, `${role} ${method}`)
    }
  }
})

test('what is another’s is answered like what is not there', async (t) => {
  const { service, mine, theirs } = await setUp(t)
  const caller = await callerWith(service, 'admin', [{ kind: 'source', value: mine.source }])
  const values: Record<string, [keyof Tenant, string]> = {
    source: ['source', 'ds-none'],
    point: ['point', 'p-none'],
    host: ['host', 'host-none'],
    job: ['job', 'j-none'],
    alert: ['alert', 'alert-none'],
    object: ['point', 'p-none'],
  }
  let asked = 0
  for (const [name, rule] of Object.entries(METHODS))
    for (const [field, kind] of Object.entries(rule.names ?? {})) {
      const [key, none] = values[kind]!
      const told = async (value: string) => {
        try {
          await requireAllowed(service.database, caller, name, { [field]: [value] })
          return 'allowed'
        } catch (error) {
          return (error as Error).message.replace(value, 'X')
        }
      }
      if (rule.scoped === 'no') continue
      assert.equal(await told(mine[key]), 'allowed', `${name}.${field}`)
      assert.equal(await told(theirs[key]), await told(none), `${name}.${field}`)
      assert.match(await told(theirs[key]), /^there is no .* X$/)
      asked++
    }
  assert.ok(asked > 25)
})

test('names and sequence numbers of others lead nowhere either', async (t) => {
  const { service, theirs } = await setUp(t)
  const caller = await callerWith(service, 'self-service', [])
  for (const point of [`${theirs.name}@latest`, `${theirs.name}@1`, theirs.point])
    assert.equal(await codeOf(call(service, caller, 'GetPoint', { point })), 'not-found')
  const named = call(service, caller, 'GetSource', { source: 'bob.raw' })
  await assert.rejects(named, { message: 'there is no data source bob.raw', hint: /scope/ })
  const own = (await call(service, caller, 'GetSource', { source: 'ann.raw' })) as { name: string }
  assert.equal(own.name, 'ann-host/ann.raw')
})

test('a self-service user cancels only what they asked for', async (t) => {
  const { service, mine } = await setUp(t)
  const caller = await callerWith(service, 'self-service', [])
  const cancel = () => requireAllowed(service.database, caller, 'CancelJob', { job: mine.job })
  assert.equal(await codeOf(cancel()), 'permission-denied')
  await service.database.query(`UPDATE job SET requested_by = 'ann'`)
  await cancel()
})
