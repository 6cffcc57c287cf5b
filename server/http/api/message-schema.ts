import { shapeOf, type Field } from './message-shape.ts'

/*
 * JSON Schemas of the messages in proto/operator.proto. The same schemas validate requests and make
 * the OpenAPI document, so that neither can say something else.
 */

export type Schema = Readonly<Record<string, unknown>>

const WHOLE_NUMBERS =
  /^TYPE_(?:INT32|INT64|UINT32|UINT64|SINT32|SINT64|FIXED32|FIXED64|SFIXED32|SFIXED64)$/

/** Of a request: nothing but its fields, each of the right type; absent ones have defaults. */
export function requestSchema(
  message: string,
  only: (field: string) => boolean = () => true,
): Schema {
  const fields = shapeOf(message).fields.filter(({ name }) => only(name))
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(fields.map((field) => [field.name, given(field)])),
  }
}

/** Of a reply: every field is there, absent optional ones as null. */
export function replySchema(message: string): Schema {
  const { fields, optional } = shapeOf(message)
  return {
    type: 'object',
    required: fields.map(({ name }) => name),
    properties: Object.fromEntries(
      fields.map((field) => [field.name, shown(field, optional.has(field.name))]),
    ),
  }
}

function given(field: Field): Schema {
  const one = field.type === 'TYPE_MESSAGE' ? requestSchema(field.typeName) : plain(field)
  return field.repeated ? { type: 'array', items: one } : one
}

function shown(field: Field, optional: boolean): Schema {
  const isMessage = field.type === 'TYPE_MESSAGE'
  const one = isMessage ? { $ref: `#/components/schemas/${field.typeName}` } : plain(field)
  if (field.repeated) return { type: 'array', items: one }
  return optional || isMessage ? { anyOf: [one, { type: 'null' }] } : one
}

function plain({ name, type }: Field): Schema {
  if (type === 'TYPE_BOOL') return { type: 'boolean' }
  if (type === 'TYPE_BYTES') return { type: 'string', description: 'a percent-encoded name' }
  if (type === 'TYPE_STRING') return { type: 'string', ...(isTime(name) ? TIME : {}) }
  if (WHOLE_NUMBERS.test(type)) return WHOLE_NUMBER
  if (type === 'TYPE_DOUBLE' || type === 'TYPE_FLOAT') return { type: 'number' }
  throw new Error(`the API has no word for a field of ${type}`)
}

const TIME = { description: 'ISO 8601' }
const WHOLE_NUMBER = {
  type: 'integer',
  minimum: Number.MIN_SAFE_INTEGER,
  maximum: Number.MAX_SAFE_INTEGER,
}

function isTime(name: string): boolean {
  return /At$/.test(name) || name === 'since' || name === 'until'
}
