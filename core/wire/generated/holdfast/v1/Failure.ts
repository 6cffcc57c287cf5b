// Original file: proto/common.proto


export interface Failure {
  'code'?: (string);
  'message'?: (string);
  'hint'?: (string);
  '_hint'?: "hint";
}

export interface Failure__Output {
  'code': (string);
  'message': (string);
  'hint'?: (string);
  '_hint'?: "hint";
}
