// Original file: proto/operator.proto


export interface ListAlertsRequest {
  'all'?: (boolean);
}

export interface ListAlertsRequest__Output {
  'all': (boolean);
}
