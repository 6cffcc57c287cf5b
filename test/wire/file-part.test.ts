import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import test from 'node:test'
import type { MessageTypeDefinition } from '@grpc/proto-loader'
import { agentService } from '../../core/wire/agent-service.ts'
import type { FilePart, FilePart__Output } from '../../core/wire/generated/holdfast/v1/FilePart.ts'
import { messages } from '../../core/wire/lazy-messages.ts'
import { operatorService } from '../../core/wire/operator-service.ts'

/* Content of files is written and read by hand: as the generated code does, to whom it must be the same. */

const generated = messages['holdfast.v1.FilePart'] as MessageTypeDefinition<
  FilePart,
  FilePart__Output
>
const LENGTHS = [0, 1, 126, 127, 128, 16_383, 16_384, 524_288, 2_097_151, 2_097_152, 4_194_304]
const OTHERS: FilePart[] = [
  { hole: 2 ** 40 },
  { warnings: { warnings: ['a', 'b'] } },
  { failed: { path: Buffer.from('x'), error: { code: 'internal', message: 'm' }, index: 3 } },
  { head: { path: Buffer.from('a/b'), type: 'file', sizeBytes: 7, status: { links: 1 } } },
]

for (const [name, { responseSerialize, responseDeserialize }] of Object.entries({
  'to operators': operatorService.GetFiles,
  'to agents': agentService.PullFiles,
})) {
  test(`content of every length, ${name}`, () => {
    for (const length of LENGTHS) {
      const message = generated.serialize({ data: randomBytes(length) })
      const { data } = generated.deserialize(Buffer.from(message))
      assert.ok(responseSerialize({ data: Buffer.from(data ?? '') }).equals(message), `${length}`)
      assert.deepEqual(
        responseDeserialize(Buffer.from(message)),
        generated.deserialize(Buffer.from(message)),
      )
    }
  })

  test(`content gives its memory away, but what shares it with others does not, ${name}`, () => {
    const own = Buffer.from(new ArrayBuffer(70_000))
    const part = Buffer.from(new ArrayBuffer(140_000), 0, 70_000)
    for (const data of [own, part]) responseSerialize({ data })
    assert.equal(own.buffer.byteLength, 0)
    assert.equal(part.buffer.byteLength, 140_000)
  })

  test(`all other parts, ${name}`, () => {
    for (const part of OTHERS)
      assert.deepEqual(
        responseDeserialize(responseSerialize(part)),
        generated.deserialize(generated.serialize(part)),
      )
  })

  test(`a message that says more than there is, ${name}`, () => {
    for (const bytes of ['12', '1205ff', '12ffffffff7f', '12ffffffffffffffff01', '1280'])
      assert.throws(() => responseDeserialize(Buffer.from(bytes, 'hex')), RangeError)
  })
}
