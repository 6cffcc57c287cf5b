// Original file: proto/people.proto


export interface OperatorInfo {
  'id'?: (string);
  'name'?: (string);
  'role'?: (string);
  'scopes'?: (string)[];
  'createdAt'?: (string);
  'tokens'?: (number);
  'nextExpiryAt'?: (string);
  'hasPassword'?: (boolean);
  '_nextExpiryAt'?: "nextExpiryAt";
}

export interface OperatorInfo__Output {
  'id': (string);
  'name': (string);
  'role': (string);
  'scopes': (string)[];
  'createdAt': (string);
  'tokens': (number);
  'nextExpiryAt'?: (string);
  'hasPassword': (boolean);
  '_nextExpiryAt'?: "nextExpiryAt";
}
