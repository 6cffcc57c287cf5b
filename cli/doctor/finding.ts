/** One thing that was looked at. What is not `needed` is worth knowing and stops nothing. */
export interface Finding {
  readonly name: string
  readonly ok: boolean
  readonly needed: boolean
  readonly detail: string
  readonly hint: string | null
}

export function fine(name: string, detail: string): Finding {
  return { name, ok: true, needed: true, detail, hint: null }
}

/** Something will not work before this is remedied. */
export function lacking(name: string, detail: string, hint: string): Finding {
  return { name, ok: false, needed: true, detail, hint }
}

/** It works; what could be better. */
export function advice(name: string, detail: string, hint: string): Finding {
  return { name, ok: false, needed: false, detail, hint }
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
