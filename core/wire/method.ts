import type { MethodDefinition } from '@grpc/proto-loader'

/** One method of a service: how its messages become bytes and come back. */
export type Method<Request, Reply> = Pick<
  MethodDefinition<Request, unknown, unknown, Reply>,
  'path' | 'requestSerialize' | 'responseDeserialize'
>

/** A generated service without the index signature that all of them have. */
export type MethodsOf<Service> = {
  [Name in keyof Service as string extends Name ? never : Name & string]: Service[Name]
}

/** A method whose frames are written and read by hand. */
export type Framed<RequestOut, ReplyOut, RequestIn, ReplyIn> = Omit<
  MethodDefinition<RequestOut, ReplyOut, RequestIn, ReplyIn>,
  'requestType' | 'responseType'
>
