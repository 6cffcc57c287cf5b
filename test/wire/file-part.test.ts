import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import test from 'node:test'
import type { MessageTypeDefinition } from '@grpc/proto-loader'
import { agentService } from '../../core/wire/agent-service.ts'
import type { FilePart, FilePart__Output } from '../../core/wire/generated/holdfast/v1/FilePart.ts'
import { operatorMessages, operatorService } from '../../core/wire/operator-service.ts'

/* Content of files is written and read by hand: as the generated code does, to whom it must be the same. */

const generated = operatorMessages['holdfast.v1.FilePart'] as MessageTypeDefinition<
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
      const part = { data: randomBytes(length) }
      assert.ok(responseSerialize(part).equals(generated.serialize(part)), `${length} bytes`)
      assert.deepEqual(
        responseDeserialize(generated.serialize(part)),
        generated.deserialize(generated.serialize(part)),
      )
    }
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
