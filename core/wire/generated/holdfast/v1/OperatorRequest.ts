// Original file: proto/people.proto


export interface OperatorRequest {
  'name'?: (string);
}

export interface OperatorRequest__Output {
  'name': (string);
}
