import type { OperatorDefinition } from '../../core/wire/generated/holdfast/v1/Operator.ts'
import { useSession } from './session.tsx'

/** A call of the Operator service, without the index signature that generated definitions have. */
export type Call = keyof {
  [Name in keyof OperatorDefinition as string extends Name ? never : Name & string]: true
}

/** Whether whoever is signed in may make this call at all. What they may not do is not offered. */
export function useMay(): (call: Call) => boolean {
  const { may } = useSession().session
  return (call) => may.includes(call)
}
