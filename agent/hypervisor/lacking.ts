interface Seen {
  readonly name: string
  /** Why it cannot be protected; '' or absent when it can. */
  readonly reason?: string | undefined
}

/** Disks that somebody may take for protected; not a CD, and not what was left out on purpose. */
export function lackingWarnings(disks: readonly Seen[]): string[] {
  return disks.flatMap(({ name, reason = '' }) =>
    ['', 'excluded'].includes(reason) || reason.startsWith('read-only-medium')
      ? []
      : [`disk ${name} is not in the point: ${reason}`],
  )
}
