import { readFile } from 'node:fs/promises'
import { HoldfastError } from '../../core/model/error.ts'
import type { Lifecycle } from '../../core/runtime/lifecycle.ts'
import type { ConsoleOptions, ServerOptions } from '../options.ts'
import type { Authority } from '../pki/authority.ts'
import type { OperatorHandlers } from '../rpc/operator-handlers.ts'
import type { Foundation } from './foundation.ts'

export interface ConsoleDeps extends Foundation {
  readonly authority: Authority
  readonly handlers: OperatorHandlers
}

/** Opens the console where one is wanted. Gives its address for a browser. */
export async function openConsole(
  { console: wanted, advertise }: ServerOptions,
  deps: ConsoleDeps,
  lifecycle: Lifecycle,
): Promise<string | null> {
  if (!wanted) return null
  // What it is made of is read only where there is one.
  const { openHttp } = await import('../http/open-http.ts')
  const tls = await identityOf(wanted, deps.authority, advertise)
  const http = await openHttp({
    ...deps,
    volumes: () => deps.store.volumes(),
    address: wanted.at,
    tls,
  })
  lifecycle.onRelease('the console', () => http.close())
  return http.url
}

async function identityOf(
  { plain, own }: ConsoleOptions,
  authority: Authority,
  advertise: readonly string[],
): Promise<{ key: string; chain: string } | undefined> {
  if (plain) return undefined
  if (!own) return authority.issueServer(advertise)
  return { key: await readPem(own.key), chain: await readPem(own.certificate) }
}

async function readPem(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new HoldfastError('invalid-argument', `cannot read ${file}`, {
      hint: 'PEM files that this process may read',
      cause,
    })
  }
}
