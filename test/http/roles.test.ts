import assert from 'node:assert/strict'
import test from 'node:test'
import type { Point } from '../../cli/reply.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import { addOperatorToken, createOperator } from '../../server/catalog/operators.ts'
import { addSample } from '../operator/service.ts'
import { serve } from './served.ts'

test('roles and scopes hold over HTTP as they do over gRPC', async (t) => {
  const served = await serve(t)
  const { database, rows, ask } = served
  const { first, source } = await addSample(rows)
  const beta = await rows.source(await rows.host('beta'), 'own.raw')
  const bearer = async (name: string, role: 'viewer', scope: string) => {
    const scopes = [{ kind: 'source' as const, value: scope }]
    const id = await createOperator(database, systemRandom, { name, role, scopes })
    return { authorization: `Bearer ${(await addOperatorToken(database, systemRandom, id)).token}` }
  }
  const within = await bearer('within', 'viewer', source)
  const outside = await bearer('outside', 'viewer', beta)
  const seen = await ask<Point>('GET', `/points/${first}`, undefined, within)
  assert.equal(seen.json.id, first)
  const refused = await ask('PUT', `/points/${first}/comment`, { comment: 'x' }, within)
  assert.deepEqual([refused.status, refused.json.error.code], [403, 'permission-denied'])
  assert.equal((await ask('GET', '/status', undefined, within)).status, 403)
  const hidden = await ask('GET', `/points/${first}`, undefined, outside)
  assert.deepEqual([hidden.status, hidden.json.error.code], [404, 'not-found'])
})
