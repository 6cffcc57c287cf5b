// Original file: proto/operator.proto


export interface SetSourceRequest {
  'source'?: (string);
  'allowUnsettled'?: (boolean);
  'owner'?: (string);
  'tenant'?: (string);
  '_allowUnsettled'?: "allowUnsettled";
  '_owner'?: "owner";
  '_tenant'?: "tenant";
}

export interface SetSourceRequest__Output {
  'source': (string);
  'allowUnsettled'?: (boolean);
  'owner'?: (string);
  'tenant'?: (string);
  '_allowUnsettled'?: "allowUnsettled";
  '_owner'?: "owner";
  '_tenant'?: "tenant";
}
