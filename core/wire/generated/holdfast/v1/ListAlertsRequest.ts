// Original file: proto/operator.proto


export interface ListAlertsRequest {
  'all'?: (boolean);
  'before'?: (string);
  'limit'?: (number);
  '_before'?: "before";
}

export interface ListAlertsRequest__Output {
  'all': (boolean);
  'before'?: (string);
  'limit': (number);
  '_before'?: "before";
}
