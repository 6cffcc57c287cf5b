import { codecOf } from './frame-codec.ts'
import type { DiskFrameIn, DiskFrameOut } from './frame.ts'
import type { OperatorDefinition } from './generated/holdfast/v1/Operator.ts'
import type {
  ReadDiskRequest,
  ReadDiskRequest__Output,
} from './generated/holdfast/v1/ReadDiskRequest.ts'
import type { Framed, MethodsOf } from './method.ts'
import { loadProto } from './proto-files.ts'

export type OperatorService = Omit<MethodsOf<OperatorDefinition>, 'ReadDisk'> & {
  readonly ReadDisk: Framed<ReadDiskRequest, DiskFrameOut, ReadDiskRequest__Output, DiskFrameIn>
}
/** The messages of operator.proto by name, for those who walk over replies. */
export const operatorMessages = loadProto('operator.proto')

// gRPC captures the serializers when a service is added or a call is made: they are replaced here,
// before anybody can have them.
export const operatorService: OperatorService = withDiskFrames(
  operatorMessages['holdfast.v1.Operator'] as unknown as OperatorDefinition,
)

function withDiskFrames(service: OperatorDefinition): OperatorService {
  const read = codecOf<DiskFrameOut, DiskFrameIn>(
    service.ReadDisk.responseSerialize,
    service.ReadDisk.responseDeserialize,
  )
  const { ReadDisk, ...others } = service
  return {
    ...others,
    ReadDisk: {
      ...ReadDisk,
      responseSerialize: read.serialize,
      responseDeserialize: read.deserialize,
    },
  }
}
