import { filePartCodec } from './file-part-codec.ts'
import { codecOf } from './frame-codec.ts'
import type { PullFrameIn, PullFrameOut, PushFrameIn, PushFrameOut } from './frame.ts'
import type { AgentDefinition } from './generated/holdfast/v1/Agent.ts'
import type { EnrolmentDefinition } from './generated/holdfast/v1/Enrolment.ts'
import type { PullRequest, PullRequest__Output } from './generated/holdfast/v1/PullRequest.ts'
import type { Receipt, Receipt__Output } from './generated/holdfast/v1/Receipt.ts'
import type { Framed, MethodsOf } from './method.ts'
import { serviceDefinition } from './service-definition.ts'

export type AgentService = Omit<MethodsOf<AgentDefinition>, 'Push' | 'Pull'> & {
  readonly Push: Framed<PushFrameOut, Receipt, PushFrameIn, Receipt__Output>
  readonly Pull: Framed<PullRequest, PullFrameOut, PullRequest__Output, PullFrameIn>
}

export const enrolmentService = serviceDefinition('Enrolment') as unknown as EnrolmentDefinition

// gRPC captures the serializers when a service is added or a call is made: they are replaced here,
// before anybody can have them.
export const agentService: AgentService = withFrames(
  serviceDefinition('Agent') as unknown as AgentDefinition,
)

function withFrames(service: AgentDefinition): AgentService {
  const push = codecOf<PushFrameOut, PushFrameIn>(
    service.Push.requestSerialize,
    service.Push.requestDeserialize,
  )
  const pull = codecOf<PullFrameOut, PullFrameIn>(
    service.Pull.responseSerialize,
    service.Pull.responseDeserialize,
  )
  const files = filePartCodec({
    serialize: service.PullFiles.responseSerialize,
    deserialize: service.PullFiles.responseDeserialize,
  })
  const { Push, Pull, PullFiles, ...others } = service
  return {
    ...others,
    Push: { ...Push, requestSerialize: push.serialize, requestDeserialize: push.deserialize },
    Pull: { ...Pull, responseSerialize: pull.serialize, responseDeserialize: pull.deserialize },
    PullFiles: {
      ...PullFiles,
      responseSerialize: files.serialize,
      responseDeserialize: files.deserialize,
    },
  }
}
