// Original file: proto/people.proto


export interface TestMailRequest {
  'address'?: (string);
}

export interface TestMailRequest__Output {
  'address': (string);
}
