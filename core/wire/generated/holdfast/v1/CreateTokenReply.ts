// Original file: proto/operator.proto


export interface CreateTokenReply {
  'token'?: (string);
  'expiresAt'?: (string);
}

export interface CreateTokenReply__Output {
  'token': (string);
  'expiresAt': (string);
}
