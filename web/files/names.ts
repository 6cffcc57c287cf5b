/*
 * Names of guests arrive percent-encoded where they are not UTF-8. They are shown as text, never as
 * anything else; what cannot be read stays as %XX.
 */

/** A name for eyes: %25 is a percent sign again, control characters are made visible. */
export function shownName(name: string): string {
  return name
    .replaceAll('%25', '%')
    .replaceAll(/[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '�')
}

/** A part of a name, as somebody types it; an empty one is part of all. */
export function isNamedLike({ name }: { readonly name: string }, part: string): boolean {
  return part === '' || shownName(name).toLowerCase().includes(part.toLowerCase())
}

export interface Step {
  readonly name: string
  readonly path: string
}

/** `disk:2:/etc/ssl` → the top, the partition, and each folder on the way. */
export function stepsOf(path: string): readonly Step[] {
  const [, place = '', inside = ''] = /^([^/]*:)?(.*)$/s.exec(path) ?? []
  const steps: Step[] = [{ name: '', path: '/' }]
  if (place !== '') steps.push({ name: place.slice(0, -1), path: `${place}/` })
  let walked = place
  for (const name of inside.split('/').filter(Boolean)) {
    walked = `${walked}/${name}`
    steps.push({ name, path: walked })
  }
  return steps
}
