// Original file: proto/operator.proto


export interface DeletePointRequest {
  'point'?: (string);
  'preview'?: (boolean);
  'reason'?: (string);
  '_reason'?: "reason";
}

export interface DeletePointRequest__Output {
  'point': (string);
  'preview': (boolean);
  'reason'?: (string);
  '_reason'?: "reason";
}
