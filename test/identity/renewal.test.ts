import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { createCertificateRequest } from '../../agent/identity/certificate-request.ts'
import { renewalDue, type Identity } from '../../agent/identity/identity.ts'
import { readIdentity } from '../../agent/identity/identity-store.ts'
import { keepRenewed, renewOnce } from '../../agent/identity/renewal.ts'
import { FRAME_PREFIX_BYTES } from '../../core/wire/frame.ts'
import type { Clock } from '../../core/runtime/clock.ts'
import { silentLogger } from '../../core/runtime/log.ts'
import { codeOf, testRpc } from '../support/rpc.ts'

const GREETING = { protocol: 1, session: 'session-1' }
const never = new AbortController().signal

test('a renewed certificate works, the one before it only until then', async (t) => {
  const server = await testRpc(t)
  const folder = join(server.folder, 'alpha')
  const first = await server.enrolled('alpha')
  const link = server.link(first)
  await link.hello(GREETING)
  const second = await renewOnce(
    {
      folder,
      renew: (request, signal) => link.renew(request, signal),
      onRenewed: (identity) => link.useIdentity(identity),
    },
    first,
    never,
  )
  assert.notEqual(second.certificate, first.certificate)
  assert.notEqual(second.key, first.key)
  assert.deepEqual(await readIdentity(folder), second)
  assert.equal((await readdir(folder)).length, 2) // the old key is gone

  // The reply might have been lost: until the new one is seen, the old one may come again.
  const old = server.link(first)
  await old.hello(GREETING)
  await link.hello(GREETING)
  assert.equal(await codeOf(old.hello(GREETING)), 'certificate-refused')
  await link.hello(GREETING)
})

test('a lost renewal is repeated with the old certificate', async (t) => {
  const server = await testRpc(t)
  const identity = await server.enrolled('alpha')
  const link = server.link(identity)
  await link.renew((await createCertificateRequest()).request) // the reply is thrown away
  const { key, request } = await createCertificateRequest()
  const { certificate } = await link.renew(request)
  await server.link({ ...identity, certificate, key }).hello(GREETING)
})

test('a catalog that missed the last renewals takes the later certificate', async (t) => {
  const server = await testRpc(t)
  const identity = await server.enrolled('alpha')
  const [before] = await server.database.query<Record<string, unknown>>(`SELECT * FROM host`)
  const { key, request } = await createCertificateRequest()
  await new Promise((resolve) => setTimeout(resolve, 1100)) // ends of certificates are whole seconds
  const { certificate } = await server.link(identity).renew(request)
  await server.database.query(
    `UPDATE host SET certificate_serial = $1, certificate_expires_at = $2, previous_serial = NULL`,
    [before?.['certificate_serial'], before?.['certificate_expires_at']],
  )
  await server.link({ ...identity, certificate, key }).hello(GREETING)
  assert.equal(await codeOf(server.link(identity).hello(GREETING)), 'certificate-refused')
})

test('calls that run go on while the certificate is replaced', async (t) => {
  const half = Promise.withResolvers<void>()
  const replaced = Promise.withResolvers<void>()
  const server = await testRpc(t, {
    async *pull() {
      for (let at = 0; at < 6; at++) {
        if (at === 3) await replaced.promise
        yield { records: Buffer.alloc(FRAME_PREFIX_BYTES + 100_000, at + 1) }
        if (at === 2) half.resolve()
      }
    },
  })
  const identity = await server.enrolled('alpha')
  const link = server.link(identity)
  const pulled = (async () => {
    const first: number[] = []
    for await (const frame of link.pull({ job: 'job-1' }))
      if ('records' in frame) first.push(frame.records[0] ?? 0)
    return first
  })()
  await half.promise
  const { key, request } = await createCertificateRequest()
  const { certificate } = await link.renew(request)
  link.useIdentity({ ...identity, certificate, key })
  await link.hello(GREETING)
  replaced.resolve()
  assert.deepEqual(await pulled, [1, 2, 3, 4, 5, 6])
})

test('renewal is due after two thirds of the life, is tried again, and goes on', async (t) => {
  const server = await testRpc(t)
  let identity = await server.enrolled('alpha')
  const due = renewalDue(identity)
  assert.ok(Math.abs(due - (Date.now() + 20 * 86_400_000)) < 3_600_000)

  const link = server.link(identity)
  const stop = new AbortController()
  const clock = new JumpingClock(Date.now())
  const renewedAt: number[] = []
  let tries = 0
  await keepRenewed(
    {
      folder: join(server.folder, 'alpha'),
      identity,
      clock,
      log: silentLogger,
      renew: (request, signal) => {
        if (++tries === 1) throw new Error('the server is away')
        return link.renew(request, signal)
      },
      onRenewed: (renewed: Identity) => {
        identity = renewed
        link.useIdentity(renewed)
        renewedAt.push(clock.now())
        stop.abort()
      },
    },
    stop.signal,
  )
  const [at = 0] = renewedAt
  assert.equal(tries, 2)
  assert.ok(at >= due && at < due + 2 * 3_600_000, 'an hour after the first try at the latest')
  await link.hello(GREETING)
})

/** Sleeping takes no time, and makes it pass. */
class JumpingClock implements Clock {
  #now: number

  constructor(now: number) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  monotonic(): number {
    return this.#now
  }

  async sleep(ms: number): Promise<void> {
    this.#now += ms
  }
}
