import type { PackageDefinition } from '@grpc/proto-loader'

/*
 * gRPC leaves an absent optional field out and adds a `_field` for each that is there. People and
 * scripts are shown every field, absent ones as null (proto/common.proto).
 */

/** A message as received, with every optional field there, as its value or null. */
export type Filled<T> = T extends Uint8Array
  ? T
  : T extends readonly (infer Item)[]
    ? Filled<Item>[]
    : T extends object
      ? {
          [Key in keyof T as Key extends `_${string}` ? never : Key]-?: IsOptional<
            T,
            Key
          > extends true
            ? Filled<Exclude<T[Key], undefined>> | null
            : Filled<T[Key]>
        }
      : T
type IsOptional<T, Key extends keyof T> = object extends Pick<T, Key> ? true : false

/** A message to send, in which an absent field may also be written as null or undefined. */
export type Sendable<T> = {
  [Key in keyof T as Key extends `_${string}` ? never : Key]?: T[Key] | null | undefined
}

/** What of a message has to be filled in: known once for each message type. */
interface Shape {
  readonly optional: readonly string[]
  readonly messages: readonly (readonly [field: string, type: string])[]
}

interface Descriptor {
  readonly field: readonly { name: string; type: string; typeName: string }[]
  readonly oneofDecl: readonly { name: string }[]
}

/** Fills in the messages of a package. `type` is a name such as 'Point'. */
export function filler(messages: PackageDefinition, packageName: string) {
  const shapes = new Map<string, Shape>()

  function shapeOf(type: string): Shape {
    const known = shapes.get(type)
    if (known) return known
    const definition = messages[`${packageName}.${type}`]
    if (!definition || !('type' in definition)) throw new Error(`no message is called ${type}`)
    const shape = readShape(definition.type as Descriptor)
    shapes.set(type, shape)
    return shape
  }

  return function fill<T extends object>(type: string, message: T): Filled<T> {
    const filled = message as Record<string, unknown>
    const { optional, messages } = shapeOf(type)
    for (const field of optional) {
      delete filled[`_${field}`]
      filled[field] ??= null
    }
    for (const [field, fieldType] of messages) {
      const value = filled[field]
      for (const item of Array.isArray(value) ? (value as unknown[]) : [value])
        if (typeof item === 'object' && item !== null) fill(fieldType, item)
    }
    return filled as Filled<T>
  }
}

/** The loader shows an optional field as a oneof of its own, named after it. */
function readShape({ field, oneofDecl }: Descriptor): Shape {
  return {
    optional: oneofDecl.flatMap(({ name }) => (name.startsWith('_') ? [name.slice(1)] : [])),
    messages: field.flatMap(({ name, type, typeName }) =>
      type === 'TYPE_MESSAGE' ? [[name, typeName] as const] : [],
    ),
  }
}
