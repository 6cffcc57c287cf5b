import { lstat, unlink } from 'node:fs/promises'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { TlsOptions } from 'node:tls'
import { HoldfastError } from '../model/error.ts'
import type { NbdAddress } from './connection.ts'
import type { NbdExportDisk } from './export.ts'
import { Negotiation } from './negotiation.ts'
import { PeerGone, ServerSocket } from './server-socket.ts'
import { Transmission } from './transmission.ts'

export interface NbdServerOptions {
  readonly disks: readonly NbdExportDisk[]
  /** A socket's path, which must be free; or host and port (0: any). */
  readonly listen: NbdAddress
  /** Demanded of every client where it is given; with `requestCert` also a certificate. */
  readonly tls?: TlsOptions | undefined
  /** Hears of reads that failed: the client is told no more than EIO and a message. */
  readonly onError: (error: unknown) => void
}

export interface NbdServer {
  readonly address: NbdAddress
  /** Clients that are connected now. */
  readonly connections: number
  /** Ends all connections and removes the socket. */
  close(): Promise<void>
}

/** More are closed at once: each may hold as much as its requests do. */
const MOST_CONNECTIONS = 32
const HANDSHAKE_MS = 30_000

/** Serves disks read-only by the NBD protocol: fixed newstyle, structured replies, base:allocation. */
export async function openNbdServer(options: NbdServerOptions): Promise<NbdServer> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    if (sockets.size >= MOST_CONNECTIONS) {
      socket.destroy()
      return
    }
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.once('close', () => sockets.delete(socket))
    void serve(socket, options)
  })
  const address = await listen(server, options.listen)
  const close = async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  }
  let closing: Promise<void> | undefined
  return {
    address,
    get connections() {
      return sockets.size
    },
    close: () => (closing ??= close()),
  }
}

/** Whatever a client does ends at most its own connection. */
async function serve(raw: Socket, { disks, tls, onError }: NbdServerOptions): Promise<void> {
  const socket = new ServerSocket(raw)
  const late = setTimeout(() => raw.destroy(), HANDSHAKE_MS).unref()
  try {
    const agreed = await new Negotiation(socket, disks, tls).run()
    clearTimeout(late)
    if (agreed) await new Transmission(socket, agreed, onError).run()
    socket.finish()
  } catch (error) {
    if (!(error instanceof PeerGone)) onError(error)
    socket.destroy()
    raw.destroy()
  } finally {
    clearTimeout(late)
  }
}

async function listen(server: Server, address: NbdAddress): Promise<NbdAddress> {
  try {
    await bind(server, address).catch(async (error: unknown) => {
      if (!('path' in address) || !(await isLeftBehind(address.path))) throw error
      await unlink(address.path)
      await bind(server, address)
    })
  } catch (error) {
    throw cannotListen(address, error as NodeJS.ErrnoException)
  }
  if ('path' in address) return address
  return { host: address.host, port: (server.address() as AddressInfo).port }
}

async function bind(server: Server, address: NbdAddress): Promise<void> {
  // The socket is never open to others, not even for a moment. Node removes it when it closes.
  const before = 'path' in address ? process.umask(0o177) : undefined
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(address, () => {
        server.off('error', reject)
        resolve()
      })
    })
  } finally {
    if (before !== undefined) process.umask(before)
  }
}

/** A socket that nobody listens on: its process was killed. */
async function isLeftBehind(path: string): Promise<boolean> {
  const status = await lstat(path).catch(() => undefined)
  if (status?.isSocket() !== true) return false
  return new Promise((resolve) => {
    const probe = connect({ path })
    probe.once('connect', () => {
      probe.destroy()
      resolve(false)
    })
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'))
  })
}

function cannotListen(address: NbdAddress, cause: NodeJS.ErrnoException): HoldfastError {
  const where = 'path' in address ? address.path : `${address.host}:${address.port}`
  if (cause.code === 'EADDRINUSE')
    return new HoldfastError('port-taken', `${where} is taken already`, {
      hint: 'Choose another place; remove a socket that a killed process left behind.',
      cause,
    })
  return new HoldfastError('invalid-argument', `cannot listen on ${where}: ${cause.message}`, {
    hint: 'Name an address of this machine, or a path in a folder that you may write to.',
    cause,
  })
}
