import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { ERROR_CODES, HoldfastError, type ErrorCode } from '../../core/model/error.ts'
import {
  formatOperatorCredential,
  readOperatorCredential,
} from '../../core/wire/operator-credential.ts'
import { openOperatorClient, type OperatorClient } from '../../core/wire/operator-client.ts'
import type { Job__Output } from '../../core/wire/generated/holdfast/v1/Job.ts'
import type { OperatorHandlers } from '../../server/rpc/operator-handlers.ts'
import { codeOf, refusingOperators, temporaryFolder, testRpc } from '../support/rpc.ts'
import type { TestContext } from 'node:test'

async function clientOf(t: TestContext, handlers: Partial<OperatorHandlers>) {
  const server = await testRpc(
    t,
    {},
    { operatorHandlers: () => ({ ...refusingOperators(), ...handlers }) },
  )
  const credential = {
    addresses: server.rpc.reach.operators,
    authority: server.authority.certificate,
    token: await server.operatorToken('olga'),
    serverId: 'server-test',
  }
  const file = join(server.folder, 'operator.json')
  await writeFile(file, formatOperatorCredential(credential))
  const client = openOperatorClient(await readOperatorCredential(file))
  t.after(() => client.close())
  return client
}

test('absent optional fields are null at every depth, present ones are themselves', async (t) => {
  const client = await clientOf(t, {
    getSource: async ({ source }, caller) => ({
      id: source,
      name: `asked by ${caller.name}`,
      host: 'alpha',
      kind: 'image',
      state: 'present',
      replicaState: 'ok',
      allowUnsettled: false,
      owner: '',
      tenant: '',
      tags: [],
      powerState: '',
      firmware: '',
      uuid: '',
      points: 3,
      disks: [
        { name: 'a', format: 'raw', sizeBytes: 2 ** 41 + 5, protected: true },
        { name: 'b', format: 'raw', sizeBytes: 0, protected: false, reason: 'empty' },
      ],
      lastPoint: { ...POINT, label: '' },
    }),
  })
  const source = await client.getSource({ source: 'source-1' })
  assert.equal(source.name, 'asked by olga')
  assert.equal(source.replicaReason, null)
  assert.equal(source.group, null)
  assert.deepEqual(
    source.disks.map(({ reason }) => reason),
    [null, 'empty'],
  )
  assert.equal(source.disks[0]?.sizeBytes, 2 ** 41 + 5)
  assert.equal(source.lastPoint?.label, '')
  assert.equal(source.lastPoint.comment, null)
  assert.equal(source.lastPoint.disks[0]?.transferReason, null)
  assert.ok(!Object.keys(source).some((key) => key.startsWith('_')))
})

const POINT = {
  id: 'point-1',
  version: 7,
  source: 'alpha/a',
  sequence: 2,
  createdAt: '2026-01-01T00:00:00.000Z',
  consistency: 'cold',
  hasMemory: false,
  paused: false,
  powerState: 'none',
  state: 'ready',
  protected: false,
  sizeBytes: 1,
  changedBytes: 2,
  sentBytes: 3,
  storedBytes: 4,
  disks: [{ name: 'a', sizeBytes: 1, transferMode: 'initial' }],
}

test('a watched job comes as a stream, and ends', async (t) => {
  const client = await clientOf(t, {
    async *watchJob({ job }) {
      for (const doneBytes of [1, 2, 3]) yield jobOf(job, doneBytes)
    },
  })
  const done: (number | undefined)[] = []
  for await (const job of client.watchJob({ job: 'job-9' })) {
    assert.equal(job.error, null)
    done.push(job.progress?.doneBytes)
  }
  assert.deepEqual(done, [1, 2, 3])
})

function jobOf(id: string, doneBytes: number): Job__Output {
  return {
    id,
    kind: 'recovery-point',
    state: 'running',
    progress: { doneBytes, totalBytes: 10, bytesPerSecond: 1 },
    queuedAt: '2026-01-01T00:00:00.000Z',
    warnings: [],
    attempt: 1,
    disks: [],
  }
}

test('every error code arrives as it was thrown, with message and hint', async (t) => {
  let next: HoldfastError
  const client: OperatorClient = await clientOf(t, {
    getHost: () => Promise.reject(next),
  })
  for (const code of Object.keys(ERROR_CODES) as ErrorCode[]) {
    next = new HoldfastError(code, `größer: ${code} "%" \u{1f4be}`, { hint: `do — ${code}` })
    const error = await client.getHost({ host: 'x' }).catch((reason: unknown) => reason)
    assert.ok(error instanceof HoldfastError)
    assert.deepEqual([error.code, error.message, error.hint], [code, next.message, next.hint])
  }
  next = new HoldfastError('internal', 'x'.repeat(100_000))
  assert.equal(await codeOf(client.getHost({ host: 'x' })), 'internal')
})

test('a credential that is missing or broken is named', async (t) => {
  const folder = await temporaryFolder(t)
  const file = join(folder, 'operator.json')
  assert.equal(await codeOf(readOperatorCredential(file)), 'credential-missing')
  for (const text of ['', '{}', '[]', 'null', '{"addresses":[1],"authority":"a"}']) {
    await writeFile(file, text)
    assert.equal(await codeOf(readOperatorCredential(file)), 'credential-missing', text)
  }
})
