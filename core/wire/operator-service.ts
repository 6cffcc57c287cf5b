import { filePartCodec } from './file-part-codec.ts'
import { codecOf } from './frame-codec.ts'
import type { DiskFrameIn, DiskFrameOut } from './frame.ts'
import type { OperatorDefinition } from './generated/holdfast/v1/Operator.ts'
import type {
  ReadDiskRequest,
  ReadDiskRequest__Output,
} from './generated/holdfast/v1/ReadDiskRequest.ts'
import type { Framed, MethodsOf } from './method.ts'
import { serviceDefinition } from './service-definition.ts'

type Generated = MethodsOf<OperatorDefinition>
type Written = 'ReadDisk' | 'ListFiles'

export type OperatorService = Omit<Generated, Written> & {
  readonly ReadDisk: Framed<ReadDiskRequest, DiskFrameOut, ReadDiskRequest__Output, DiskFrameIn>
  readonly ListFiles: Omit<Generated['ListFiles'], 'responseSerialize'> & {
    readonly responseSerialize: (page: FilePageMessage) => Buffer
  }
}

/** A FilePage that is a message already. */
export type FilePageMessage = Buffer

// gRPC captures the serializers when a service is added or a call is made: they are replaced here,
// before anybody can have them.
export const operatorService: OperatorService = withWrittenReplies(
  serviceDefinition('Operator') as unknown as OperatorDefinition,
)

function withWrittenReplies(service: OperatorDefinition): OperatorService {
  const read = codecOf<DiskFrameOut, DiskFrameIn>(
    service.ReadDisk.responseSerialize,
    service.ReadDisk.responseDeserialize,
  )
  const files = filePartCodec({
    serialize: service.GetFiles.responseSerialize,
    deserialize: service.GetFiles.responseDeserialize,
  })
  const { ReadDisk, ListFiles, GetFiles, ...others } = service
  return {
    ...others,
    ReadDisk: {
      ...ReadDisk,
      responseSerialize: read.serialize,
      responseDeserialize: read.deserialize,
    },
    ListFiles: { ...ListFiles, responseSerialize: (page) => page },
    GetFiles: {
      ...GetFiles,
      responseSerialize: files.serialize,
      responseDeserialize: files.deserialize,
    },
  }
}
