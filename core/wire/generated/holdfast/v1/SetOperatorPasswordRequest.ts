// Original file: proto/people.proto


export interface SetOperatorPasswordRequest {
  'name'?: (string);
  'password'?: (string);
}

export interface SetOperatorPasswordRequest__Output {
  'name': (string);
  'password': (string);
}
