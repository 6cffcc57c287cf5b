import { messages } from '../../../core/wire/lazy-messages.ts'

/** What proto/operator.proto says of a message. */
export interface MessageShape {
  readonly fields: readonly Field[]
  /** Names of fields that may be absent. */
  readonly optional: ReadonlySet<string>
}

export interface Field {
  readonly name: string
  readonly repeated: boolean
  /** The loader's word, such as TYPE_STRING. */
  readonly type: string
  /** Of a TYPE_MESSAGE. */
  readonly typeName: string
}

interface Descriptor {
  readonly field: readonly { name: string; label: string; type: string; typeName: string }[]
  readonly oneofDecl: readonly { name: string }[]
}

const PACKAGE = 'holdfast.v1'
const shapes = new Map<string, MessageShape>()

export function shapeOf(message: string): MessageShape {
  const known = shapes.get(message)
  if (known) return known
  const definition = messages[`${PACKAGE}.${message}`]
  if (!definition || !('type' in definition)) throw new Error(`no message is called ${message}`)
  const { field, oneofDecl } = definition.type as Descriptor
  const shape: MessageShape = {
    fields: field.map(({ name, label, type, typeName }) => ({
      ...{ name, type, typeName },
      repeated: label === 'LABEL_REPEATED',
    })),
    // The loader shows an optional field as a oneof of its own, named after it.
    optional: new Set(
      oneofDecl.flatMap(({ name }) => (name.startsWith('_') ? [name.slice(1)] : [])),
    ),
  }
  shapes.set(message, shape)
  return shape
}

/** A message and all that it holds, by name. */
export function reachable(names: readonly string[]): readonly string[] {
  const found = new Set<string>()
  const visit = (message: string) => {
    if (found.has(message)) return
    found.add(message)
    for (const { type, typeName } of shapeOf(message).fields)
      if (type === 'TYPE_MESSAGE') visit(typeName)
  }
  names.forEach(visit)
  return [...found].sort()
}
