import type { MessageTypeDefinition } from '@grpc/proto-loader'
import protobuf from 'protobufjs/light.js'
import { PROTOS } from './generated/protos.ts'

/*
 * Messages out of what the proto files say, each made when it is first asked for: making all two
 * hundred of them takes longer than most commands run.
 */

/** The generated types are made with these very options. */
const TO_OBJECT = { longs: Number, enums: String, defaults: true, oneofs: true } as const

interface FieldText {
  readonly type: string
}

interface NamedText {
  readonly fields?: Readonly<Record<string, FieldText>>
  readonly methods?: Readonly<Record<string, MethodText>>
}

export interface MethodText {
  readonly requestType: string
  readonly requestStream?: boolean
  readonly responseType: string
  readonly responseStream?: boolean
}

const PACKAGE = 'holdfast.v1'

const texts: Readonly<Record<string, NamedText>> = (
  JSON.parse(PROTOS) as {
    nested: { holdfast: { nested: { v1: { nested: Record<string, NamedText> } } } }
  }
).nested.holdfast.nested.v1.nested

const root = new protobuf.Root()
const space = root.define(PACKAGE)
const made = new Map<string, protobuf.Type>()

function typeOf(name: string): protobuf.Type {
  const known = made.get(name)
  if (known) return known
  const added = addWithThoseInIt(name)
  root.resolveAll()
  for (const [each, type] of added) made.set(each, type)
  const type = made.get(name)
  if (!type) throw new Error(`no message is called ${name}`)
  return type
}

/** A message and all that its fields are made of, as far as they are not there yet. */
function addWithThoseInIt(name: string, added = new Map<string, protobuf.Type>()) {
  const text = texts[name]
  if (!text?.fields || made.has(name) || added.has(name)) return added
  const type = withLazyWays(protobuf.Type.fromJSON(name, text as protobuf.IType))
  space.add(type)
  added.set(name, type)
  for (const field of Object.values(text.fields)) addWithThoseInIt(field.type, added)
  return added
}

/**
 * Each of the functions of a message is generated when it is first called. protobufjs makes all of them at once, and
 * whoever asks never reads a request, nor writes an answer: half of it was for nothing, in each command that runs.
 */
function withLazyWays(type: protobuf.Type): protobuf.Type {
  const { Writer, Reader, util, converter } = protobuf
  const made = <Way>(generated: protobuf.Codegen): Way => {
    const types = type.fieldsArray.map((field) => field.resolve().resolvedType)
    return generated({ Writer, Reader, util, types }) as Way
  }
  type.encode = (...args) => (type.encode = made(protobuf.encoder(type))).apply(type, args)
  type.decode = (...args) => (type.decode = made(protobuf.decoder(type))).apply(type, args)
  type.fromObject = (...args) =>
    (type.fromObject = made(converter.fromObject(type))).apply(type, args)
  type.toObject = (...args) => (type.toObject = made(converter.toObject(type))).apply(type, args)
  return type
}

export function serializerOf(name: string): (message: object) => Buffer {
  return (message) => {
    const type = typeOf(name)
    return type.encode(type.fromObject(message)).finish() as Buffer
  }
}

export function deserializerOf(name: string): (bytes: Buffer) => object {
  return (bytes) => {
    const type = typeOf(name)
    return type.toObject(type.decode(bytes), TO_OBJECT)
  }
}

/** Messages by their full names, as the loader of gRPC gives them, but without what only it needs. */
export const messages: Readonly<Record<string, MessageTypeDefinition<object, object>>> =
  Object.fromEntries(
    Object.entries(texts).flatMap(([name, { fields }]) =>
      fields ? [[`${PACKAGE}.${name}`, messageDefinition(name)] as const] : [],
    ),
  )

export function messageDefinition(name: string): MessageTypeDefinition<object, object> {
  return {
    format: 'Protocol Buffer 3 DescriptorProto',
    get type() {
      return descriptorOf(typeOf(name))
    },
    fileDescriptorProtos: [],
    serialize: serializerOf(name),
    deserialize: deserializerOf(name),
  }
}

/** The parts of a DescriptorProto that anybody looks at. An optional field is a oneof of its own. */
function descriptorOf({ name, fieldsArray, oneofsArray }: protobuf.Type) {
  return {
    name,
    field: fieldsArray.map((field) => ({
      name: field.name,
      label: field.repeated ? 'LABEL_REPEATED' : 'LABEL_OPTIONAL',
      type: typeWord(field),
      typeName: field.resolvedType?.name ?? '',
    })),
    oneofDecl: oneofsArray.map((oneof) => ({ name: oneof.name })),
  }
}

function typeWord({ resolvedType, type }: protobuf.Field): string {
  if (resolvedType instanceof protobuf.Enum) return 'TYPE_ENUM'
  return resolvedType ? 'TYPE_MESSAGE' : `TYPE_${type.toUpperCase()}`
}

/** The methods of a service, as the proto file names them. */
export function methodsOf(service: string): Readonly<Record<string, MethodText>> {
  const methods = texts[service]?.methods
  if (!methods) throw new Error(`no service is called ${service}`)
  return methods
}
