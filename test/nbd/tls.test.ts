import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { mkdir, writeFile } from 'node:fs/promises'
import test, { type TestContext } from 'node:test'
import { promisify } from 'node:util'
import type { NbdAddress } from '../../core/nbd/connection.ts'
import { systemClock } from '../../core/runtime/clock.ts'
import { systemRandom } from '../../core/runtime/random.ts'
import { createCertificateRequest } from '../../agent/identity/certificate-request.ts'
import { openAuthority } from '../../server/pki/authority.ts'
import { temporaryFolder } from '../support/images.ts'
import { lacksTool } from '../support/needs.ts'
import { GUEST, memoryDisk, serveMemory } from './memory-disk.ts'

const run = promisify(execFile)

interface Certificates {
  readonly ca: string
  readonly server: { readonly key: string; readonly chain: string }
  /** A folder as QEMU and libnbd want it, with a client's certificate of this authority. */
  readonly folder: string
}

async function certificates(t: TestContext): Promise<Certificates> {
  const authority = await openAuthority(await temporaryFolder(t), systemClock, systemRandom)
  const server = await authority.issueServer(['localhost'])
  const { key, request } = await createCertificateRequest()
  const { pem } = await authority.issueAgent('host-test', request)
  const folder = join(await temporaryFolder(t), 'client')
  await mkdir(folder)
  await writeFile(join(folder, 'ca-cert.pem'), authority.certificate)
  await writeFile(join(folder, 'client-cert.pem'), pem)
  await writeFile(join(folder, 'client-key.pem'), key, { mode: 0o600 })
  return { ca: authority.certificate, server, folder }
}

function portOf(address: NbdAddress): number {
  return 'port' in address ? address.port : 0
}

void test('with TLS nothing is said in the clear, and only to whom the authority knows', async (t) => {
  if (lacksTool(t, 'nbdcopy') || lacksTool(t, 'nbdinfo')) return
  const own = await certificates(t)
  const foreign = await certificates(t)
  const { server } = await serveMemory(t, [memoryDisk('sda', GUEST)], {
    listen: { host: '127.0.0.1', port: 0 },
    tls: {
      ...{ key: own.server.key, cert: own.server.chain, ca: own.ca },
      ...{ requestCert: true, rejectUnauthorized: true },
    },
  })
  const port = portOf(server.address)
  const copy = (folder: string) =>
    run('nbdcopy', [`nbds://localhost:${port}/sda?tls-certificates=${folder}`, '-'], {
      encoding: 'buffer',
      maxBuffer: 2 ** 24,
    })
  assert.ok((await copy(own.folder)).stdout.equals(GUEST))
  await assert.rejects(copy(foreign.folder))
  await assert.rejects(run('nbdinfo', [`nbd://localhost:${port}/sda`]), /not supported/i)
  assert.ok((await copy(own.folder)).stdout.equals(GUEST))
})
