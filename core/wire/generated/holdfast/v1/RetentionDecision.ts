// Original file: proto/operator.proto


export interface RetentionDecision {
  'source'?: (string);
  'point'?: (string);
  'createdAt'?: (string);
  'keep'?: (boolean);
  'reason'?: (string);
  '_source'?: "source";
}

export interface RetentionDecision__Output {
  'source'?: (string);
  'point': (string);
  'createdAt': (string);
  'keep': (boolean);
  'reason': (string);
  '_source'?: "source";
}
