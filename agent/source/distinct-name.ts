/** Something that needs a name: `short` where it is alone with it, `prefix` folders before it else. */
export interface Nameable {
  readonly short: string
  /** The folders that may come in front, outermost first. */
  readonly prefix: readonly string[]
}

/**
 * Names that no two share, in the order given. Where two would collide, both take the folder before
 * them to their front, then the one before that: what one of them is called does not depend on which
 * was found first.
 */
export function distinctNames(things: readonly Nameable[]): string[] {
  const depths = things.map(() => 0)
  for (;;) {
    const names = things.map((thing, index) => nameAt(thing, depths[index] ?? 0))
    const colliding = collisions(names)
    let hasChanged = false
    for (const index of colliding) {
      if ((depths[index] ?? 0) >= (things[index]?.prefix.length ?? 0)) continue
      depths[index] = (depths[index] ?? 0) + 1
      hasChanged = true
    }
    if (!hasChanged) return names
  }
}

function nameAt(thing: Nameable, depth: number): string {
  const before = depth === 0 ? [] : thing.prefix.slice(-depth)
  return [...before, thing.short].join('/')
}

function collisions(names: readonly string[]): number[] {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return names.flatMap((name, index) => ((counts.get(name) ?? 0) > 1 ? [index] : []))
}
