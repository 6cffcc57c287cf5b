// Original file: proto/operator.proto


export interface DeleteGroupRequest {
  'group'?: (string);
  'points'?: (string);
  'preview'?: (boolean);
}

export interface DeleteGroupRequest__Output {
  'group': (string);
  'points': (string);
  'preview': (boolean);
}
