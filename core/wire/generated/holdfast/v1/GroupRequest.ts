// Original file: proto/operator.proto


export interface GroupRequest {
  'group'?: (string);
}

export interface GroupRequest__Output {
  'group': (string);
}
