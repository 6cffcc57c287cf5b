// Original file: proto/operator.proto


export interface Event {
  'id'?: (string);
  'at'?: (string);
  'kind'?: (string);
  'about'?: (string);
  'message'?: (string);
  'actor'?: (string);
  '_actor'?: "actor";
}

export interface Event__Output {
  'id': (string);
  'at': (string);
  'kind': (string);
  'about': (string);
  'message': (string);
  'actor'?: (string);
  '_actor'?: "actor";
}
