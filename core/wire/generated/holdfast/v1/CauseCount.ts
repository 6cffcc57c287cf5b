// Original file: proto/operator.proto


export interface CauseCount {
  'cause'?: (string);
  'count'?: (number);
}

export interface CauseCount__Output {
  'cause': (string);
  'count': (number);
}
