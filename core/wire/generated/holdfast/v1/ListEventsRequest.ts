// Original file: proto/operator.proto


export interface ListEventsRequest {
  'about'?: (string);
  'since'?: (string);
  'limit'?: (number);
  'kind'?: (string);
  'text'?: (string);
  'until'?: (string);
  'before'?: (string);
  'order'?: (string);
  'descending'?: (boolean);
  'beforeValue'?: (string);
  '_about'?: "about";
  '_since'?: "since";
  '_kind'?: "kind";
  '_text'?: "text";
  '_until'?: "until";
  '_before'?: "before";
  '_order'?: "order";
  '_descending'?: "descending";
  '_beforeValue'?: "beforeValue";
}

export interface ListEventsRequest__Output {
  'about'?: (string);
  'since'?: (string);
  'limit': (number);
  'kind'?: (string);
  'text'?: (string);
  'until'?: (string);
  'before'?: (string);
  'order'?: (string);
  'descending'?: (boolean);
  'beforeValue'?: (string);
  '_about'?: "about";
  '_since'?: "since";
  '_kind'?: "kind";
  '_text'?: "text";
  '_until'?: "until";
  '_before'?: "before";
  '_order'?: "order";
  '_descending'?: "descending";
  '_beforeValue'?: "beforeValue";
}
