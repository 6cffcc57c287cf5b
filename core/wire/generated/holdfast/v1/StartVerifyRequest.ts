// Original file: proto/operator.proto


export interface StartVerifyRequest {
  'points'?: (string)[];
  'all'?: (boolean);
}

export interface StartVerifyRequest__Output {
  'points': (string)[];
  'all': (boolean);
}
