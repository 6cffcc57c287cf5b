// Original file: proto/operator.proto


export interface ServerStatus {
  'id'?: (string);
  'version'?: (string);
  'startedAt'?: (string);
  'mode'?: (string);
  'modeReason'?: (string);
}

export interface ServerStatus__Output {
  'id': (string);
  'version': (string);
  'startedAt': (string);
  'mode': (string);
  'modeReason': (string);
}
