// Original file: proto/common.proto


export interface NetworkChange {
  'from'?: (string);
  'to'?: (string);
}

export interface NetworkChange__Output {
  'from': (string);
  'to': (string);
}
