// Original file: proto/people.proto


export interface TestSubscribersRequest {
  'addresses'?: (string)[];
}

export interface TestSubscribersRequest__Output {
  'addresses': (string)[];
}
