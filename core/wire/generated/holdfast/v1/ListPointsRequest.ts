// Original file: proto/operator.proto


export interface ListPointsRequest {
  'source'?: (string);
  'group'?: (string);
  'host'?: (string);
  'state'?: (string);
  'label'?: (string);
  'since'?: (string);
  'until'?: (string);
  'limit'?: (number);
  'before'?: (string);
  '_source'?: "source";
  '_group'?: "group";
  '_host'?: "host";
  '_state'?: "state";
  '_label'?: "label";
  '_since'?: "since";
  '_until'?: "until";
  '_before'?: "before";
}

export interface ListPointsRequest__Output {
  'source'?: (string);
  'group'?: (string);
  'host'?: (string);
  'state'?: (string);
  'label'?: (string);
  'since'?: (string);
  'until'?: (string);
  'limit': (number);
  'before'?: (string);
  '_source'?: "source";
  '_group'?: "group";
  '_host'?: "host";
  '_state'?: "state";
  '_label'?: "label";
  '_since'?: "since";
  '_until'?: "until";
  '_before'?: "before";
}
