import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { loadSync, type MethodDefinition, type Options } from '@grpc/proto-loader'
import { codecOf } from './frame-codec.ts'
import type {
  DiskFrameIn,
  DiskFrameOut,
  PullFrameIn,
  PullFrameOut,
  PushFrameIn,
  PushFrameOut,
} from './frame.ts'
import type { AgentDefinition } from './generated/holdfast/v1/Agent.ts'
import type { EnrolmentDefinition } from './generated/holdfast/v1/Enrolment.ts'
import type { OperatorDefinition } from './generated/holdfast/v1/Operator.ts'
import type { PullRequest, PullRequest__Output } from './generated/holdfast/v1/PullRequest.ts'
import type {
  ReadDiskRequest,
  ReadDiskRequest__Output,
} from './generated/holdfast/v1/ReadDiskRequest.ts'
import type { Receipt, Receipt__Output } from './generated/holdfast/v1/Receipt.ts'

/** One method of a service: how its messages become bytes and come back. */
export type Method<Request, Reply> = Pick<
  MethodDefinition<Request, unknown, unknown, Reply>,
  'path' | 'requestSerialize' | 'responseDeserialize'
>

/** A generated service without the index signature that all of them have. */
export type MethodsOf<Service> = {
  [Name in keyof Service as string extends Name ? never : Name & string]: Service[Name]
}

export type AgentService = Omit<MethodsOf<AgentDefinition>, 'Push' | 'Pull'> & {
  readonly Push: Framed<PushFrameOut, Receipt, PushFrameIn, Receipt__Output>
  readonly Pull: Framed<PullRequest, PullFrameOut, PullRequest__Output, PullFrameIn>
}

export type OperatorService = Omit<MethodsOf<OperatorDefinition>, 'ReadDisk'> & {
  readonly ReadDisk: Framed<ReadDiskRequest, DiskFrameOut, ReadDiskRequest__Output, DiskFrameIn>
}
type Framed<RequestOut, ReplyOut, RequestIn, ReplyIn> = Omit<
  MethodDefinition<RequestOut, ReplyOut, RequestIn, ReplyIn>,
  'requestType' | 'responseType'
>

// The generated types are made with these very options.
const OPTIONS = {
  keepCase: false,
  longs: Number,
  enums: String,
  defaults: true,
  oneofs: true,
} satisfies Options

const folder = protoFolder(import.meta.dirname)
const agentPackage = loadSync('agent.proto', { ...OPTIONS, includeDirs: [folder] })
const operatorPackage = loadSync('operator.proto', { ...OPTIONS, includeDirs: [folder] })

export const enrolmentService = agentPackage[
  'holdfast.v1.Enrolment'
] as unknown as EnrolmentDefinition

// gRPC captures the serializers when a service is added or a call is made: they are replaced here,
// before anybody can have them.
export const agentService: AgentService = withFrames(
  agentPackage['holdfast.v1.Agent'] as unknown as AgentDefinition,
)

export const operatorService: OperatorService = withDiskFrames(
  operatorPackage['holdfast.v1.Operator'] as unknown as OperatorDefinition,
)

export const agentMessages = agentPackage

/** The messages of operator.proto by name, for those who walk over replies. */
export const operatorMessages = operatorPackage

function withFrames(service: AgentDefinition): AgentService {
  const push = codecOf<PushFrameOut, PushFrameIn>(
    service.Push.requestSerialize,
    service.Push.requestDeserialize,
  )
  const pull = codecOf<PullFrameOut, PullFrameIn>(
    service.Pull.responseSerialize,
    service.Pull.responseDeserialize,
  )
  const { Push, Pull, ...others } = service
  return {
    ...others,
    Push: { ...Push, requestSerialize: push.serialize, requestDeserialize: push.deserialize },
    Pull: { ...Pull, responseSerialize: pull.serialize, responseDeserialize: pull.deserialize },
  }
}

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

/** From source the proto files lie two folders up, from the compiled output three. */
function protoFolder(from: string): string {
  const folder = join(from, 'proto')
  if (existsSync(join(folder, 'agent.proto'))) return folder
  if (dirname(from) === from) throw new Error('the proto files are missing from this installation')
  return protoFolder(dirname(from))
}
