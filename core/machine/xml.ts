/*
 * XML as libvirt writes it: elements, attributes and text, kept in order. Prefixes stay part of a
 * name. Comments, declarations and processing instructions are passed over; there is no DTD, and
 * nothing is ever fetched.
 */

export interface XmlElement {
  name: string
  attributes: Map<string, string>
  children: (XmlElement | string)[]
}

const DEEPEST = 100
const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([^\s>]+)\s*>|<([^\s/>!]+)((?:\s+[^\s=>]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/gy
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

/** Throws SyntaxError. */
export function parseXml(text: string): XmlElement {
  const root: XmlElement = { name: '', attributes: new Map(), children: [] }
  const open = [root]
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex
    const match = TOKEN.exec(text)
    if (!match) throw new SyntaxError(`no XML at character ${at}`)
    const [, cdata, closed, opened, attributes = '', single, characters] = match
    const inner = open.at(-1) ?? root
    if (cdata !== undefined) inner.children.push(cdata)
    else if (characters !== undefined) inner.children.push(decoded(characters))
    else if (closed !== undefined) {
      if (open.length === 1 || inner.name !== closed)
        throw new SyntaxError(`</${closed}> closes nothing`)
      open.pop()
    } else if (opened !== undefined) {
      const element = { name: opened, attributes: attributesOf(attributes), children: [] }
      inner.children.push(element)
      if (single === '') open.push(element)
      if (open.length > DEEPEST) throw new SyntaxError('the XML is nested too deeply')
    }
  }
  const [only, ...others] = elements(root)
  if (open.length !== 1 || !only || others.length > 0) throw new SyntaxError('the XML is cut off')
  return only
}

export function formatXml({ name, attributes, children }: XmlElement): string {
  const words = [...attributes].map(([key, value]) => ` ${key}='${encoded(value)}'`)
  const inner = children
    .map((child) => (typeof child === 'string' ? encoded(child) : formatXml(child)))
    .join('')
  return inner === ''
    ? `<${name}${words.join('')}/>`
    : `<${name}${words.join('')}>${inner}</${name}>`
}

export function elements({ children }: XmlElement, name?: string): XmlElement[] {
  return children.filter(
    (child): child is XmlElement =>
      typeof child !== 'string' && (name === undefined || child.name === name),
  )
}

/** The first element down a path such as `os/type`. */
export function find(from: XmlElement, path: string): XmlElement | undefined {
  let found: XmlElement | undefined = from
  for (const name of path.split('/')) found = found && elements(found, name)[0]
  return found
}

export function textOf(element: XmlElement): string {
  return element.children.filter((child) => typeof child === 'string').join('')
}

export function setText(element: XmlElement, text: string): void {
  element.children = [text]
}

/** An attribute down a path, such as `os/type` and `machine`. */
export function attribute(from: XmlElement, path: string, name: string): string | undefined {
  return find(from, path)?.attributes.get(name)
}

export function remove(from: XmlElement, gone: ReadonlySet<XmlElement>): void {
  from.children = from.children.filter((child) => typeof child === 'string' || !gone.has(child))
}

function attributesOf(text: string): Map<string, string> {
  const found = text.matchAll(ATTRIBUTE)
  return new Map(
    [...found].map(([, name = '', double, single]) => [name, decoded(double ?? single ?? '')]),
  )
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function decoded(text: string): string {
  return text.replaceAll(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return NAMED[name as string] ?? whole
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex as string, 16)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ''
  })
}

function encoded(text: string): string {
  return text.replaceAll(
    /[<>&'"]/g,
    (one) => `&${Object.keys(NAMED).find((name) => NAMED[name] === one) ?? ''};`,
  )
}
