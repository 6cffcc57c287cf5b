import assert from 'node:assert/strict'
import test from 'node:test'
import type { Schema } from '../../server/http/api/message-schema.ts'
import { methods } from '../../server/http/api/methods.ts'
import { addSample } from '../operator/service.ts'
import type { Event, Point, PointComparison, PointDeletion } from '../../cli/reply.ts'
import { serve } from './served.ts'

interface OpenApi {
  readonly openapi: string
  readonly paths: Record<string, Record<string, { operationId: string }>>
  readonly components: { readonly schemas: Record<string, object> }
}

test('documents are those of the command line, absent fields as null', async (t) => {
  const { ask, rows } = await serve(t)
  const { first, second } = await addSample(rows)
  const { json } = await ask<{ points: { id: string }[] }>('GET', '/points?source=alpha%2Fweb.raw')
  assert.deepEqual(json.points.map((point) => point.id).sort(), [first, second].sort())
  const point = (await ask<Point>('GET', `/points/${first}`)).json
  assert.deepEqual([point.label, point.comment, point.disks[0]?.name], ['before', null, 'web.raw'])
  const compared = (await ask<PointComparison>('GET', `/points/${first}/compare/${second}`)).json
  assert.ok(compared.disks[0]!.differingChunks > 0)
})

test('what changes is done, and signed with who asked', async (t) => {
  const { ask, rows } = await serve(t)
  const { first } = await addSample(rows)
  const commented = await ask<Point>('PUT', `/points/${first}/comment`, { comment: 'before 2.0' })
  assert.equal(commented.json.comment, 'before 2.0')
  assert.equal((await ask<Point>('PUT', `/points/${first}/protection`)).json.protected, true)
  const refused = await ask('DELETE', `/points/${first}`)
  assert.deepEqual([refused.status, refused.json.error.code], [422, 'point-protected'])
  assert.equal((await ask<Point>('DELETE', `/points/${first}/protection`)).json.protected, false)
  assert.equal(
    (await ask<PointDeletion>('DELETE', `/points/${first}?preview=true`)).json.deleted,
    false,
  )
  assert.equal(
    (await ask<PointDeletion>('DELETE', `/points/${first}?reason=old`)).json.deleted,
    true,
  )
  const { json } = await ask<{ events: Event[] }>('GET', `/events?about=${first}`)
  assert.ok(json.events.length >= 3 && json.events.every(({ actor }) => actor === 'ann'))
})

const WRONG: Record<string, unknown> = {
  string: { a: 1 },
  integer: 'x',
  boolean: 'x',
  array: 'x',
  object: 'x',
}

function fieldsOf({ properties }: Schema): Record<string, { type: string }> {
  return properties as Record<string, { type: string }>
}

test('every path refuses what its schema does not know, and says which field', async (t) => {
  const { ask } = await serve(t)
  for (const { call, route, params, query, body } of methods().filter(
    ({ call }) => call !== 'getFiles',
  )) {
    const named = Object.keys(params.properties as object)
    const path = named.reduce((text, name) => text.replace(`{${name}}`, 'nothing'), route.path)
    const stranger = body
      ? await ask(route.verb, path, { stranger: 1 })
      : await ask(route.verb, `${path}?stranger=1`)
    assert.deepEqual([stranger.status, stranger.json.error.code], [400, 'invalid-argument'], call)
    for (const [field, { type }] of Object.entries(fieldsOf(body ?? query))) {
      if (!body && (type === 'string' || type === 'array')) continue // all text is right
      const answer = body
        ? await ask(route.verb, path, { [field]: WRONG[type] })
        : await ask(route.verb, `${path}?${field}=wrong`)
      assert.deepEqual(
        [answer.status, answer.json.error.code],
        [400, 'invalid-argument'],
        `${call} ${field}`,
      )
      assert.match(answer.json.error.message, new RegExp(field))
    }
  }
})

/** They begin before they look: what they refuse is in the stream. */
const STREAMS = new Set(['watchJob', 'listFiles', 'searchFiles', 'compareFiles'])

test('ids of nobody are not found, whatever is asked of them', async (t) => {
  const { ask } = await serve(t)
  const refusals = [404, 400, 422]
  for (const { call, route, params, body } of methods().filter(({ call }) => call !== 'getFiles')) {
    const named = Object.keys(params.properties as object)
    if (named.length === 0 || STREAMS.has(call)) continue
    const path = named.reduce((text, name) => text.replace(`{${name}}`, 'nobody-1'), route.path)
    const { status, json } = await ask(route.verb, path, body ? {} : undefined)
    assert.ok(refusals.includes(status), `${call}: ${status} ${JSON.stringify(json)}`)
    assert.ok(json.error.code && json.error.message, call)
  }
  const gone = await ask('GET', '/jobs/job-none/watch')
  assert.match(gone.text, /^event: failure\ndata: \{"error":\{"code":"not-found"/)
})

test('the OpenAPI document describes each path, and is served', async (t) => {
  const { ask } = await serve(t)
  const { json } = await ask<OpenApi>('GET', '/openapi.json', undefined, {})
  assert.equal(json.openapi, '3.1.0')
  for (const { route, call } of methods())
    assert.equal(json.paths[`/api/v1${route.path}`]?.[route.verb.toLowerCase()]?.operationId, call)
  for (const [, name] of JSON.stringify(json).matchAll(/#\/components\/schemas\/(\w+)/g))
    assert.ok(json.components.schemas[name!], name)
})

test('what is too large or not there is refused in the same words', async (t) => {
  const { ask } = await serve(t)
  const large = await ask('PUT', '/points/p/comment', { comment: 'x'.repeat(2 * 1024 * 1024) })
  assert.deepEqual([large.status, large.json.error.code], [400, 'invalid-argument'])
  const nothing = await ask('GET', '/nothing')
  assert.deepEqual([nothing.status, nothing.json.error.code], [404, 'not-found'])
})
