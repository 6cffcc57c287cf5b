import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { NbdClient, type NbdOptions } from '../../core/nbd/client.ts'
import { temporaryFolder } from '../support/images.ts'

/** A `qemu-nbd` with these arguments, ended with the test; returns its socket's path. */
export async function serveByQemu(t: TestContext, ...args: string[]): Promise<string> {
  return (await startQemu(t, ...args)).socket
}

export async function startQemu(
  t: TestContext,
  ...args: string[]
): Promise<{ socket: string; kill: () => void }> {
  const socket = join(await temporaryFolder(t), 'socket')
  const child = spawn('qemu-nbd', ['-t', '-e', '4', '-k', socket, ...args], { stdio: 'ignore' })
  const kill = () => void child.kill('SIGKILL')
  t.after(kill)
  const exportName = args.includes('-x') ? (args[args.indexOf('-x') + 1] ?? '') : ''
  for (;;) {
    if (child.exitCode !== null) throw new Error(`qemu-nbd ended: ${child.exitCode}`)
    try {
      await (await NbdClient.connect({ path: socket }, { exportName })).close()
      return { socket, kill }
    } catch {
      await wait(10)
    }
  }
}

/** A client that is closed with the test. */
export async function connected(
  t: TestContext,
  path: string,
  options: NbdOptions = {},
): Promise<NbdClient> {
  const client = await NbdClient.connect({ path }, options)
  t.after(() => client.close())
  return client
}

/** A server that says what a test tells it to; returns its socket's path. */
export async function serveScript(
  t: TestContext,
  script: (socket: Socket) => void,
): Promise<string> {
  const path = join(await temporaryFolder(t), 'socket')
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    socket.on('error', () => {}) // the client may leave in the middle
    sockets.push(socket)
    script(socket)
  })
  server.listen(path)
  await once(server, 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return path
}

export function uint(bytes: 2 | 4 | 8, value: number | bigint): Buffer {
  const buffer = Buffer.alloc(8)
  buffer.writeBigUInt64BE(BigInt(value))
  return buffer.subarray(8 - bytes)
}

export const GREETING = Buffer.concat([Buffer.from('NBDMAGICIHAVEOPT'), uint(2, 3)])

export function optionReply(option: number, type: number, data: Buffer = Buffer.alloc(0)): Buffer {
  const magic = Buffer.from('0003e889045565a9', 'hex')
  return Buffer.concat([magic, uint(4, option), uint(4, type), uint(4, data.length), data])
}

const ACK = 1
const INFO = 3
const META_CONTEXT = 4

/** All a server says until requests begin: structured replies, one context of id 9, 1 MiB. */
export const HANDSHAKE = Buffer.concat([
  GREETING,
  optionReply(8, ACK),
  optionReply(10, META_CONTEXT, Buffer.concat([uint(4, 9), Buffer.from('base:allocation')])),
  optionReply(10, ACK),
  optionReply(7, INFO, Buffer.concat([uint(2, 0), uint(8, 2 ** 20), uint(2, 3)])),
  optionReply(7, ACK),
])

/** One structured reply to request `cookie`. */
export function reply(cookie: number, type: number, body: Buffer, flags = 1): Buffer {
  const head = [uint(4, 0x668e33ef), uint(2, flags), uint(2, type), uint(8, cookie)]
  return Buffer.concat([...head, uint(4, body.length), body])
}

/** Calls `answer` with each request's cookie, command, offset and length, after the handshake. */
export function onRequests(
  socket: Socket,
  answer: (request: { cookie: number; command: number; offset: number; length: number }) => void,
): void {
  let bytes = Buffer.alloc(0)
  socket.on('data', (part) => {
    bytes = Buffer.concat([bytes, part])
    for (;;) {
      const at = bytes.indexOf(Buffer.from('25609513', 'hex'))
      if (at === -1 || bytes.length < at + 28) return
      const request = bytes.subarray(at, at + 28)
      bytes = bytes.subarray(at + 28)
      answer({
        cookie: Number(request.readBigUInt64BE(8)),
        command: request.readUInt16BE(6),
        offset: Number(request.readBigUInt64BE(16)),
        length: request.readUInt32BE(24),
      })
    }
  })
}
