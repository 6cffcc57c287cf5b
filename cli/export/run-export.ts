import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { TlsOptions } from 'node:tls'
import { openChunkWorkers } from '../../core/chunk/chunk-workers.ts'
import { openPlainPool } from '../../core/chunk/plain-pool.ts'
import { formatAddress } from '../../core/model/address.ts'
import { HoldfastError, toHoldfastError } from '../../core/model/error.ts'
import type { NbdAddress } from '../../core/nbd/connection.ts'
import { openNbdServer } from '../../core/nbd/server.ts'
import { Lifecycle } from '../../core/runtime/lifecycle.ts'
import { stopSignal } from '../../core/runtime/stop-signal.ts'
import type { OperatorClient } from '../../core/wire/operator-client.ts'
import type { ExportReady } from '../commands/export.ts'
import type { Context } from '../context.ts'
import { describeFailure } from '../failure.ts'
import type { Point } from '../reply.ts'
import { DiskConnection } from './disk-connection.ts'
import { remoteDisk } from './remote-disk.ts'

export interface ExportRun {
  readonly client: OperatorClient
  readonly context: Context
  readonly point: Point
  /** All where absent. */
  readonly disk: string | undefined
  readonly listen: NbdAddress
  /** Folder of certificates. */
  readonly tls: string | undefined
  readonly onReady: (ready: ExportReady) => void
}

/** Serves until a signal comes; then clients are cut and the point is let go. */
export async function runExport(run: ExportRun): Promise<void> {
  const lifecycle = new Lifecycle()
  const stop = stopSignal()
  try {
    run.onReady(await start(run, lifecycle))
    await stop.received
  } finally {
    await lifecycle.release()
  }
}

async function start(run: ExportRun, lifecycle: Lifecycle): Promise<ExportReady> {
  const { client, context, point, listen } = run
  const tls = run.tls === undefined ? undefined : await readCertificates(run.tls)
  const workers = openChunkWorkers()
  lifecycle.onRelease('the workers', () => workers.close())
  const pool = openPlainPool(workers)
  const disks = await Promise.all(
    namesOf(run).map(async (name) => {
      const connection = new DiskConnection(client, context.clock, point.id, name)
      lifecycle.onRelease(`disk ${name}`, () => {
        connection.close()
        return Promise.resolve()
      })
      return remoteDisk({ client, pool }, connection, await connection.open())
    }),
  )
  const onError = failureTeller(context)
  const server = await openNbdServer({ disks, listen, tls, onError })
  lifecycle.onRelease('the NBD server', () => server.close())
  const uris = disks.map(({ name, sizeBytes }) => ({
    ...{ name, sizeBytes },
    uri: uriOf(server.address, name, tls !== undefined),
  }))
  warnOf(point, context)
  return { point: point.id, listen: listenText(server.address), disks: uris }
}

function namesOf({ point, disk }: ExportRun): string[] {
  const names = point.disks.map(({ name }) => name)
  if (disk === undefined || names.includes(disk)) return disk === undefined ? names : [disk]
  throw new HoldfastError('not-found', `recovery point ${point.id} has no disk ${disk}`, {
    hint: `It has ${names.join(', ')}.`,
  })
}

/** Named as QEMU and nbdkit look for them. A `ca-cert.pem` makes clients show a certificate of it. */
async function readCertificates(folder: string): Promise<TlsOptions> {
  const read = (name: string) => readFile(path.join(folder, name))
  try {
    const [cert, key] = await Promise.all([read('server-cert.pem'), read('server-key.pem')])
    const ca = await read('ca-cert.pem').catch(() => undefined)
    return { cert, key, ...(ca ? { ca, requestCert: true, rejectUnauthorized: true } : {}) }
  } catch (cause) {
    throw new HoldfastError('invalid-argument', `--tls ${folder}: its certificate cannot be read`, {
      hint: 'It needs server-cert.pem and server-key.pem, and ca-cert.pem to demand clients’.',
      cause,
    })
  }
}

function uriOf(address: NbdAddress, name: string, isSecure: boolean): string {
  const disk = encodeURIComponent(name)
  if ('path' in address)
    return `nbd+unix:///${disk}?socket=${encodeURI(path.resolve(address.path)).replaceAll('&', '%26')}`
  return `${isSecure ? 'nbds' : 'nbd'}://${formatAddress(address)}/${disk}`
}

function listenText(address: NbdAddress): string {
  return 'path' in address ? `unix:${path.resolve(address.path)}` : formatAddress(address)
}

function warnOf({ id, state }: Point, { terminal }: Context): void {
  if (state === 'damaged' || state === 'partial' || state === 'suspect')
    terminal.err(`warning: recovery point ${id} is ${state}; what cannot be had is an I/O error\n`)
}

const MOST_TOLD = 1000

/** Each failure once: a client that gets an error asks again and again. */
function failureTeller({ terminal }: Context): (error: unknown) => void {
  const told = new Set<string>()
  return (error) => {
    const { message } = toHoldfastError(error)
    if (told.has(message) || told.size >= MOST_TOLD) return
    told.add(message)
    terminal.err(describeFailure(error))
  }
}
