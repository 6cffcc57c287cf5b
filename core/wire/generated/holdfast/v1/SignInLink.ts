// Original file: proto/operator.proto


export interface SignInLink {
  'url'?: (string);
  'expiresAt'?: (string);
}

export interface SignInLink__Output {
  'url': (string);
  'expiresAt': (string);
}
