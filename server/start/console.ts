import { readFile } from 'node:fs/promises'
import { HoldfastError, toFailure } from '../../core/model/error.ts'
import type { Lifecycle } from '../../core/runtime/lifecycle.ts'
import type { Logger } from '../../core/runtime/log.ts'
import { readOpenIdSettings } from '../openid/settings.ts'
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
  { console: wanted, advertise, openIdFile }: ServerOptions,
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
    openIdFile,
    tls,
  })
  lifecycle.onRelease('the console', () => http.close())
  void sayProvider(openIdFile, deps.log)
  return http.url
}

/** Beside the start: who signs in with a password does not wait for the provider. */
async function sayProvider(file: string, log: Logger): Promise<void> {
  try {
    const settings = await readOpenIdSettings(file)
    if (!settings) return
    const { discover } = await import('../openid/provider.ts')
    await discover(settings)
    log.info('the OpenID provider answers', { issuer: settings.issuer.href })
  } catch (error) {
    log.warn('nobody can sign in through the OpenID provider; passwords and tokens work', {
      ...toFailure(error),
    })
  }
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
