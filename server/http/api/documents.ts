import { HoldfastError } from '../../../core/model/error.ts'
import { shapeOf, type Field } from './message-shape.ts'
import { decodeName, encodeName } from './percent-name.ts'

/*
 * Between messages as handlers have them and documents as HTTP carries them. A document shows every
 * field, absent optional ones as null; bytes are percent-encoded names.
 */

type Values = Readonly<Record<string, unknown>>

export function toDocument(message: string, value: object): Record<string, unknown> {
  const { fields, optional } = shapeOf(message)
  const values = value as Values
  return Object.fromEntries(
    fields.map((field) => [field.name, shown(field, values[field.name], optional.has(field.name))]),
  )
}

/** `given` was validated against the message's schema. Absent fields get proto3's defaults. */
export function toMessage(message: string, given: Values): Record<string, unknown> {
  const { fields, optional } = shapeOf(message)
  const values: Record<string, unknown> = {}
  for (const field of fields) {
    const value = given[field.name] ?? undefined
    if (value !== undefined) values[field.name] = taken(field, value)
    else if (!optional.has(field.name)) values[field.name] = defaultOf(field)
  }
  return values
}

function shown(field: Field, value: unknown, optional: boolean): unknown {
  if (field.repeated) return ((value ?? []) as unknown[]).map((item) => shownOne(field, item))
  if (value === undefined || value === null) return optional ? null : defaultOf(field)
  return shownOne(field, value)
}

function shownOne({ type, typeName }: Field, value: unknown): unknown {
  if (type === 'TYPE_MESSAGE') return toDocument(typeName, value as object)
  return type === 'TYPE_BYTES' ? encodeName(value as Uint8Array) : value
}

function taken(field: Field, value: unknown): unknown {
  if (field.repeated) return (value as unknown[]).map((item) => takenOne(field, item))
  return takenOne(field, value)
}

function takenOne({ name, type, typeName }: Field, value: unknown): unknown {
  if (type === 'TYPE_MESSAGE') return toMessage(typeName, value as Values)
  if (type !== 'TYPE_BYTES') return value
  const bytes = decodeName(value as string)
  if (bytes) return bytes
  throw new HoldfastError('invalid-argument', `${name}: a % is not followed by two digits`, {
    hint: 'a % that belongs to a name is written %25',
  })
}

function defaultOf({ repeated, type }: Field): unknown {
  if (repeated) return []
  if (type === 'TYPE_BOOL') return false
  if (type === 'TYPE_STRING') return ''
  if (type === 'TYPE_BYTES') return Buffer.alloc(0)
  return type === 'TYPE_MESSAGE' ? null : 0
}
