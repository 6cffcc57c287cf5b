// Original file: proto/operator.proto


export interface ListEventsRequest {
  'about'?: (string);
  'since'?: (string);
  'limit'?: (number);
  '_about'?: "about";
  '_since'?: "since";
}

export interface ListEventsRequest__Output {
  'about'?: (string);
  'since'?: (string);
  'limit': (number);
  '_about'?: "about";
  '_since'?: "since";
}
