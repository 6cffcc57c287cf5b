import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import type { Random } from '../../core/runtime/random.ts'

/** What the authority's certificates have in common: ECDSA on P-256, SHA-256, X.509 version 3. */

x509.cryptoProvider.set(webcrypto)

export const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

export interface Issuer {
  readonly certificate: x509.X509Certificate
  readonly key: webcrypto.CryptoKey
}

export interface Validity {
  readonly notBefore: Date
  readonly notAfter: Date
}

export async function generateKeyPair(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(KEY_ALGORITHM, true, ['sign', 'verify'])
}

export async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const bytes = await webcrypto.subtle.exportKey('pkcs8', key)
  return `${x509.PemConverter.encode(bytes, 'PRIVATE KEY')}\n`
}

export async function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const [bytes] = x509.PemConverter.decode(pem)
  if (!bytes) throw new TypeError('no key in the file')
  return webcrypto.subtle.importKey('pkcs8', bytes, KEY_ALGORITHM, true, ['sign'])
}

export async function createRoot(
  name: string,
  validity: Validity,
  random: Random,
): Promise<Issuer> {
  const keys = await generateKeyPair()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(random),
    name,
    ...validity,
    keys,
    signingAlgorithm: KEY_ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { certificate, key: keys.privateKey }
}

export interface Leaf {
  readonly subject: string
  readonly publicKey: x509.PublicKey | webcrypto.CryptoKey
  readonly usage: 'server' | 'client'
  readonly names: x509.JsonGeneralNames
  readonly validity: Validity
}

export async function issue(
  issuer: Issuer,
  leaf: Leaf,
  random: Random,
): Promise<x509.X509Certificate> {
  const usage = leaf.usage === 'server' ? 'serverAuth' : 'clientAuth'
  return x509.X509CertificateGenerator.create({
    serialNumber: newSerial(random),
    subject: leaf.subject,
    issuer: issuer.certificate.subject,
    ...leaf.validity,
    signingAlgorithm: KEY_ALGORITHM,
    publicKey: leaf.publicKey,
    signingKey: issuer.key,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage[usage]], true),
      new x509.SubjectAlternativeNameExtension(leaf.names),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.certificate.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(leaf.publicKey),
    ],
  })
}

/** With a newline at its end, so that several can be joined. */
export function toPem(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem')}\n`
}

/** Positive and without a leading zero byte, as the rules for DER integers want it. */
function newSerial(random: Random): string {
  const bytes = random.bytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return bytes.toString('hex')
}
