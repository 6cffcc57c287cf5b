// Original file: proto/people.proto


export interface AddOperatorRequest {
  'name'?: (string);
  'role'?: (string);
  'scopes'?: (string)[];
}

export interface AddOperatorRequest__Output {
  'name': (string);
  'role': (string);
  'scopes': (string)[];
}
