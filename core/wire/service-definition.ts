import type { MethodDefinition } from '@grpc/proto-loader'
import {
  deserializerOf,
  messageDefinition,
  methodsOf,
  serializerOf,
  type MethodText,
} from './lazy-messages.ts'

type WireMethod = Omit<MethodDefinition<object, object>, 'options'>

/** A service of the proto files as gRPC takes it. */
export function serviceDefinition(service: string): Readonly<Record<string, WireMethod>> {
  return Object.fromEntries(
    Object.entries(methodsOf(service)).map(([name, method]) => [
      name,
      methodDefinition(`/holdfast.v1.${service}/${name}`, name, method),
    ]),
  )
}

function methodDefinition(
  path: string,
  name: string,
  { requestType, responseType, requestStream = false, responseStream = false }: MethodText,
): WireMethod {
  return {
    ...{ path, requestStream, responseStream },
    requestSerialize: serializerOf(requestType),
    requestDeserialize: deserializerOf(requestType),
    responseSerialize: serializerOf(responseType),
    responseDeserialize: deserializerOf(responseType),
    originalName: name.charAt(0).toLowerCase() + name.slice(1),
    requestType: messageDefinition(requestType),
    responseType: messageDefinition(responseType),
  }
}
