import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Look } from '../alerts/rule.ts'
import type { ServerOptions } from '../options.ts'
import { AUTHORITY_FILE } from '../pki/authority-files.ts'
import { join } from 'node:path'

/** The server's own certificates that end one day: its authority, and the console's where it has one. */
export async function watchedCertificates({
  dataFolder,
  console,
}: Pick<ServerOptions, 'dataFolder' | 'console'>): Promise<Look['certificates']> {
  const own = console?.own
  return Promise.all([
    expiryOf('the authority of this server', join(dataFolder, AUTHORITY_FILE)),
    ...(own ? [expiryOf('the certificate of the console', own.certificate)] : []),
  ])
}

async function expiryOf(name: string, file: string) {
  const text = await readFile(file, 'utf8')
  // The authority's file begins with its key.
  const pem = text.slice(text.indexOf('-----BEGIN CERTIFICATE-----'))
  return { name, expiresAt: new Date(new X509Certificate(pem).validTo) }
}
