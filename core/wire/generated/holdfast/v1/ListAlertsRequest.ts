// Original file: proto/operator.proto


export interface ListAlertsRequest {
  'all'?: (boolean);
  'before'?: (string);
  'limit'?: (number);
  'order'?: (string);
  'descending'?: (boolean);
  'beforeValue'?: (string);
  '_before'?: "before";
  '_order'?: "order";
  '_descending'?: "descending";
  '_beforeValue'?: "beforeValue";
}

export interface ListAlertsRequest__Output {
  'all': (boolean);
  'before'?: (string);
  'limit': (number);
  'order'?: (string);
  'descending'?: (boolean);
  'beforeValue'?: (string);
  '_before'?: "before";
  '_order'?: "order";
  '_descending'?: "descending";
  '_beforeValue'?: "beforeValue";
}
