// Original file: proto/operator.proto


export interface HostCounts {
  'online'?: (number);
  'unreachable'?: (number);
  'total'?: (number);
}

export interface HostCounts__Output {
  'online': (number);
  'unreachable': (number);
  'total': (number);
}
