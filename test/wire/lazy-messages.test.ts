import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { loadSync, type MessageTypeDefinition, type ServiceDefinition } from '@grpc/proto-loader'
import { messages } from '../../core/wire/lazy-messages.ts'
import { serviceDefinition } from '../../core/wire/service-definition.ts'

/* What is made when it is asked for is what gRPC's own loader makes of the proto files. */

const OPTIONS = { keepCase: false, longs: Number, enums: String, defaults: true, oneofs: true }
const includeDirs = [join(import.meta.dirname, '../../proto')]
const loaded = {
  ...loadSync('agent.proto', { ...OPTIONS, includeDirs }),
  ...loadSync('operator.proto', { ...OPTIONS, includeDirs }),
}
type Message = MessageTypeDefinition<object, object>
type Descriptor = {
  field: { name: string; label: string; type: string; typeName: string }[]
  oneofDecl: { name: string }[]
}
const isMessage = (definition: object): definition is Message => 'serialize' in definition
const descriptorOf = (definition: Message) => definition.type as Descriptor

/** One of everything: each field of each message, down to `depth`, with values that differ. */
function sample(name: string, depth = 3): object {
  const { field } = descriptorOf(loaded[`holdfast.v1.${name}`] as Message)
  const entries = field.map(({ name: key, label, type, typeName }, at) => {
    const value = valueOf(type, typeName, key, at, depth)
    return [
      key,
      label === 'LABEL_REPEATED' && value !== undefined ? [value, value] : value,
    ] as const
  })
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

function valueOf(type: string, typeName: string, key: string, at: number, depth: number): unknown {
  if (type === 'TYPE_MESSAGE') return depth > 0 ? sample(typeName, depth - 1) : undefined
  if (type === 'TYPE_STRING') return `${key} ${at}`
  if (type === 'TYPE_BYTES') return Buffer.from(`${key} ${at}`)
  if (type === 'TYPE_BOOL') return true
  if (type === 'TYPE_ENUM') return 1
  return type.includes('64') ? 2 ** 45 + at : type === 'TYPE_DOUBLE' ? at + 0.25 : 1000 + at
}

/** Of a message and nothing else does anybody ask what it is called. */
function lastWord(type: string, typeName: string): string | undefined {
  return type === 'TYPE_MESSAGE' ? typeName.split('.').at(-1) : undefined
}

test('every message: the same fields, the same bytes, the same values', () => {
  const names = Object.keys(loaded).filter((name) => isMessage(loaded[name] ?? {}))
  const here = Object.keys(messages)
  assert.ok(names.length > 150, `${names.length} messages`)
  for (const full of names.filter((name) => name.split('.').length === 3)) {
    const [theirs, ours] = [loaded[full] as Message, messages[full]]
    assert.ok(ours, `${full} is missing`)
    const [is, was] = [descriptorOf(ours), descriptorOf(theirs)]
    const fields = ({ field }: Descriptor) =>
      field.map(({ name, label, type, typeName }) => [name, label, type, lastWord(type, typeName)])
    assert.deepEqual(fields(is), fields(was), full)
    assert.deepEqual(
      is.oneofDecl.map(({ name }) => name),
      was.oneofDecl.map(({ name }) => name),
    )
    const value = sample(full.split('.')[2] ?? '')
    const bytes = theirs.serialize(value)
    assert.ok(ours.serialize(value).equals(bytes), full)
    assert.deepEqual(ours.deserialize(bytes), theirs.deserialize(bytes), full)
    assert.deepEqual(ours.deserialize(Buffer.alloc(0)), theirs.deserialize(Buffer.alloc(0)), full)
  }
  assert.equal(here.length, names.filter((name) => name.split('.').length === 3).length)
})

test('every method of every service', () => {
  for (const service of ['Operator', 'Agent', 'Enrolment']) {
    const theirs = loaded[`holdfast.v1.${service}`] as ServiceDefinition
    const ours = serviceDefinition(service)
    assert.deepEqual(Object.keys(ours), Object.keys(theirs))
    for (const [name, method] of Object.entries(theirs)) {
      const { path, requestStream, responseStream, originalName } = method
      const is = ours[name]
      assert.deepEqual(
        [is?.path, is?.requestStream, is?.responseStream, is?.originalName],
        [path, requestStream, responseStream, originalName],
      )
      assert.deepEqual(
        [is?.requestType.type, is?.responseType.type].map(
          (type) => (type as { name: string }).name,
        ),
        [method.requestType.type, method.responseType.type].map(
          (type) => (type as { name: string }).name,
        ),
      )
    }
  }
})
