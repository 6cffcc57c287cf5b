import { X509Certificate } from 'node:crypto'

/** What makes this host known to its server. `key` never leaves it. */
export interface Identity {
  readonly hostId: string
  readonly hostName: string
  readonly serverId: string
  /** Of the server's listener for agents, `HOST:PORT`. */
  readonly addresses: readonly string[]
  /** PEM. */
  readonly authority: string
  readonly certificate: string
  readonly key: string
}

/** Milliseconds since 1970: after two thirds of the certificate's life there is time to fail. */
export function renewalDue({ certificate }: Pick<Identity, 'certificate'>): number {
  const { validFromDate, validToDate } = new X509Certificate(certificate)
  const from = validFromDate.getTime()
  return from + ((validToDate.getTime() - from) * 2) / 3
}
