/*
 * What frames and windows of different sizes do to one upload by gRPC over TLS, without anything
 * behind it. Frames: CPU seconds of both ends in one process. Windows: through a proxy that delays.
 *
 *   node bench/micro/frames.ts
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import http2 from 'node:http2'
import { tmpdir } from 'node:os'
import path from 'node:path'
import * as grpc from '@grpc/grpc-js'
import { openDelayProxy } from '../measure/delay-proxy.ts'

const KIB = 1024
const MIB = 1024 * KIB
const LIMIT = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 }
const ONE_WAY_MS = 20

const same = (bytes: Buffer) => bytes
const UPLOAD = {
  path: '/bench/Upload',
  requestStream: true,
  responseStream: false,
  requestSerialize: same,
  requestDeserialize: same,
  responseSerialize: same,
  responseDeserialize: same,
}

let window = 8 * MIB
const createServer = http2.createSecureServer
http2.createSecureServer = new Proxy(createServer, {
  apply(create, self, [options]: [http2.SecureServerOptions]) {
    const settings = { ...options.settings, initialWindowSize: window }
    const server = Reflect.apply(create, self, [
      { ...options, settings },
    ]) as http2.Http2SecureServer
    server.on('session', (session) => session.setLocalWindowSize(window))
    return server
  },
})

const { key, certificate } = makeCertificate()
console.log('| frame | MB/s | CPU s per GB, both ends |\n| --- | --- | --- |')
for (const frame of [64 * KIB, 256 * KIB, MIB, 4 * MIB]) {
  const { seconds, cpu } = await upload({ frame, bytes: 768 * MIB, delayed: false })
  const gigabytes = (768 * MIB) / 1e9
  const cells = [
    `${frame / KIB} KiB`,
    ((gigabytes * 1000) / seconds).toFixed(0),
    (cpu / gigabytes).toFixed(2),
  ]
  console.log(`| ${cells.join(' | ')} |`)
}
console.log('\n| window | MB/s at 40 ms |\n| --- | --- |')
for (const size of [64 * KIB, MIB, 4 * MIB, 8 * MIB, 16 * MIB]) {
  window = size
  const bytes = Math.min(192 * MIB, size * 64)
  const { seconds } = await upload({ frame: MIB, bytes, delayed: true })
  console.log(`| ${size / KIB} KiB | ${(bytes / 1e6 / seconds).toFixed(1)} |`)
}

async function upload(asked: { frame: number; bytes: number; delayed: boolean }) {
  const server = new grpc.Server(LIMIT)
  server.addService({ Upload: UPLOAD }, { Upload: receive })
  const pair = { private_key: key, cert_chain: certificate }
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createSsl(null, [pair]), (error, at) =>
      error ? reject(error) : resolve(at),
    ),
  )
  const direct = `127.0.0.1:${port}`
  const proxy = asked.delayed ? await openDelayProxy(direct, ONE_WAY_MS) : undefined
  const client = new grpc.Client(
    proxy?.address ?? direct,
    grpc.credentials.createSsl(certificate),
    { ...LIMIT, 'grpc.ssl_target_name_override': 'bench', 'grpc-node.flow_control_window': window },
  )
  const before = process.cpuUsage()
  const startedAt = performance.now()
  await send(client, asked)
  const seconds = (performance.now() - startedAt) / 1000
  const { user, system } = process.cpuUsage(before)
  client.close()
  server.forceShutdown()
  proxy?.close()
  return { seconds, cpu: (user + system) / 1e6 }
}

function receive(
  call: grpc.ServerReadableStream<Buffer, Buffer>,
  reply: grpc.sendUnaryData<Buffer>,
): void {
  call.on('data', () => {})
  call.on('end', () => reply(null, Buffer.alloc(0)))
}

function send(
  client: grpc.Client,
  { frame, bytes }: { frame: number; bytes: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = client.makeClientStreamRequest(UPLOAD.path, same, same, (error) =>
      error ? reject(error) : resolve(),
    )
    let left = bytes
    const more = (): void => {
      while (left > 0) {
        left -= frame
        if (!call.write(Buffer.allocUnsafe(frame))) return void call.once('drain', more)
      }
      call.end()
    }
    more()
  })
}

function makeCertificate(): { key: Buffer; certificate: Buffer } {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-frames-'))
  const [keyFile, file] = [path.join(folder, 'key'), path.join(folder, 'certificate')]
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-x509']
  const name = ['-subj', '/CN=bench', '-addext', 'subjectAltName=DNS:bench', '-days', '1']
  execFileSync('openssl', ['req', ...kind, ...name, '-keyout', keyFile, '-out', file], {
    stdio: 'ignore',
  })
  const made = { key: readFileSync(keyFile), certificate: readFileSync(file) }
  rmSync(folder, { recursive: true })
  return made
}
