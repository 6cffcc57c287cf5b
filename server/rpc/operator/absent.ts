type Present<T> = {
  [Key in keyof T as null extends T[Key] ? never : undefined extends T[Key] ? never : Key]: T[Key]
} & {
  [Key in keyof T as null extends T[Key] ? Key : undefined extends T[Key] ? Key : never]?: Exclude<
    T[Key],
    null | undefined
  >
}

/** On the wire an absent field is not there at all: leaves out what is null or undefined. */
export function withoutAbsent<T extends object>(fields: T): Present<T> {
  const present = Object.entries(fields).filter(
    ([, value]) => value !== null && value !== undefined,
  )
  return Object.fromEntries(present) as Present<T>
}

/** The same without what stays inside. */
export function without<T extends object, Key extends keyof T>(
  fields: T,
  ...keys: readonly Key[]
): Omit<T, Key> {
  const kept = Object.entries(fields).filter(([key]) => !keys.includes(key as Key))
  return Object.fromEntries(kept) as Omit<T, Key>
}
