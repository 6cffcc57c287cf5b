// Original file: proto/people.proto


export interface OperatorToken {
  'name'?: (string);
  'token'?: (string);
  'expiresAt'?: (string);
  'addresses'?: (string)[];
  'authority'?: (string);
  'serverId'?: (string);
  '_expiresAt'?: "expiresAt";
}

export interface OperatorToken__Output {
  'name': (string);
  'token': (string);
  'expiresAt'?: (string);
  'addresses': (string)[];
  'authority': (string);
  'serverId': (string);
  '_expiresAt'?: "expiresAt";
}
