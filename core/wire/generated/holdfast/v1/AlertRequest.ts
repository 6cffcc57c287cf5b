// Original file: proto/operator.proto


export interface AlertRequest {
  'alert'?: (string);
}

export interface AlertRequest__Output {
  'alert': (string);
}
