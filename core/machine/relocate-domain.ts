import { placeAttribute } from './domain-xml.ts'
import { set } from './rewrite-domain.ts'
import { attribute, elements, find, formatXml, parseXml } from './xml.ts'

/** A VM that comes back where it was, and goes on: with the name and the places that it has by now. */
export function relocateDomain(
  source: string,
  name: string,
  places: ReadonlyMap<string, string>,
): string {
  const domain = parseXml(source)
  set(domain, 'name', name, () => {})
  const devices = find(domain, 'devices')
  for (const disk of devices ? elements(devices, 'disk') : []) {
    const path = places.get(attribute(disk, 'target', 'dev') ?? '')
    const key = placeAttribute(disk)
    const from = find(disk, 'source')
    if (path !== undefined && key !== undefined) from?.attributes.set(key, path)
  }
  return `${formatXml(domain)}\n`
}
