/** Where a VM's monitor and guest agent are reached: a socket's path, or a domain of libvirt. */
export interface DomainAddress {
  readonly uri: string
  readonly uuid: string
}

/** One word, as it stands in undo logs and is given to other processes. */
export function domainAddress({ uri, uuid }: DomainAddress): string {
  return `libvirt:${uuid}@${uri}`
}

/** Undefined for the path of a socket. */
export function parseDomainAddress(text: string): DomainAddress | undefined {
  const [, uuid, uri] = /^libvirt:([0-9a-f-]{36})@(.+)$/s.exec(text) ?? []
  return uuid === undefined || uri === undefined ? undefined : { uri, uuid }
}
