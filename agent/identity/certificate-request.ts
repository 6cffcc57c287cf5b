import { webcrypto } from 'node:crypto'

export interface KeyAndRequest {
  /** PKCS #8, PEM. */
  readonly key: string
  /** PKCS #10, DER. */
  readonly request: Buffer
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** A new key of this host, and the proof that we have it. The server decides what it is good for. */
export async function createCertificateRequest(): Promise<KeyAndRequest> {
  // Loaded when needed: an agent meets this once in twenty days.
  await import('reflect-metadata')
  const { cryptoProvider, PemConverter, Pkcs10CertificateRequestGenerator } =
    await import('@peculiar/x509')
  cryptoProvider.set(webcrypto)
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: 'CN=Holdfast agent',
    keys,
    signingAlgorithm: ALGORITHM,
  })
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return {
    key: `${PemConverter.encode(key, 'PRIVATE KEY')}\n`,
    request: Buffer.from(request.rawData),
  }
}
