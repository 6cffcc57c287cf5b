import type { NbdAddress } from '../../core/nbd/connection.ts'
import { type ClientInput, type Input, remote, type Register } from '../command.ts'
import { isLoopback, parseListen } from '../input/listen.ts'
import { first } from '../input/operand.ts'
import { wrongUsage } from '../failure.ts'
import { sayReady, untilStopped } from '../long-running.ts'
import type { Outcome } from '../outcome.ts'
import { formatBytes } from '../output/format.ts'

interface Options {
  readonly disk?: string
  readonly listen: string
  readonly tls?: string
  readonly insecure?: boolean
}

/** What is printed when clients may come. */
export interface ExportReady {
  readonly point: string
  readonly listen: string
  readonly disks: readonly {
    readonly name: string
    readonly sizeBytes: number
    readonly uri: string
  }[]
}

export const registerExport: Register = (program, context) => {
  const description = 'Serve a recovery point’s disks read-only over NBD until interrupted'
  remote<Options>(program, 'export <point>', description, context, exportPoint, checkOptions)
    .option('--disk <disk>', 'this disk only')
    .requiredOption('--listen <address>', 'unix:PATH, or HOST:PORT (port 0: any)')
    .option('--tls <dir>', 'encrypt: server-cert.pem and server-key.pem; ca-cert.pem for clients’')
    .option('--insecure', 'let other machines connect without TLS')
    .addHelpText('after', EXAMPLES)
}

const EXAMPLES = `
Examples:
  holdfast export alpha/web.qcow2@latest --listen unix:/run/web.sock
  qemu-img convert -O qcow2 'nbd+unix:///web.qcow2?socket=/run/web.sock' web.qcow2

Nothing is copied, and nothing can be written. The point cannot be deleted meanwhile.
A damaged range is an input/output error for the client, and is named here.`

function checkOptions({ options }: Input<Options>): void {
  const address = parseListen(options.listen)
  if ('path' in address) {
    if (options.tls !== undefined) throw wrongUsage('--tls does not go with a unix socket')
    return
  }
  if (options.tls !== undefined || options.insecure === true || isLoopback(address.host)) return
  throw wrongUsage(
    `--listen ${options.listen}: other machines could read the disks in the clear`,
    'give --tls DIR, or --insecure where the network is trusted',
  )
}

async function exportPoint(input: ClientInput<Options>): Promise<Outcome> {
  const { client, context, options, args } = input
  const { runExport } = await import('../export/run-export.ts')
  const point = await client.getPoint({ point: first(args) })
  const listen: NbdAddress = parseListen(options.listen)
  return untilStopped<ExportReady>(
    (onReady) =>
      runExport({ client, context, point, disk: options.disk, listen, tls: options.tls, onReady }),
    (ready) => sayReady(options.json, ready, readyText(ready), context),
    context,
  )
}

function readyText({ point, disks }: ExportReady): string {
  const lines = disks.map(({ uri, sizeBytes }) => `  ${uri}  ${formatBytes(sizeBytes)}\n`)
  return `ready: ${point}, read-only, until interrupted\n${lines.join('')}`
}
