// Original file: proto/operator.proto


export interface SetSourceRequest {
  'source'?: (string);
  'allowUnsettled'?: (boolean);
  '_allowUnsettled'?: "allowUnsettled";
}

export interface SetSourceRequest__Output {
  'source': (string);
  'allowUnsettled'?: (boolean);
  '_allowUnsettled'?: "allowUnsettled";
}
