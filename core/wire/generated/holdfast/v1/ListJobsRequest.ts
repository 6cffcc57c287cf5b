// Original file: proto/operator.proto


export interface ListJobsRequest {
  'state'?: (string);
  'source'?: (string);
  'limit'?: (number);
  'group'?: (string);
  'kind'?: (string);
  'since'?: (string);
  'before'?: (string);
  'order'?: (string);
  'descending'?: (boolean);
  'beforeValue'?: (string);
  '_state'?: "state";
  '_source'?: "source";
  '_group'?: "group";
  '_kind'?: "kind";
  '_since'?: "since";
  '_before'?: "before";
  '_order'?: "order";
  '_descending'?: "descending";
  '_beforeValue'?: "beforeValue";
}

export interface ListJobsRequest__Output {
  'state'?: (string);
  'source'?: (string);
  'limit': (number);
  'group'?: (string);
  'kind'?: (string);
  'since'?: (string);
  'before'?: (string);
  'order'?: (string);
  'descending'?: (boolean);
  'beforeValue'?: (string);
  '_state'?: "state";
  '_source'?: "source";
  '_group'?: "group";
  '_kind'?: "kind";
  '_since'?: "since";
  '_before'?: "before";
  '_order'?: "order";
  '_descending'?: "descending";
  '_beforeValue'?: "beforeValue";
}
