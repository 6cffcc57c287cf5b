// Original file: proto/agent.proto


export interface PushEnd {
  'consistency'?: (string);
  'capturedAt'?: (string);
  'powerState'?: (string);
  'seal'?: (boolean);
  'configuration'?: (string);
  'unsettledReason'?: (string);
  'paused'?: (boolean);
  'hasMemory'?: (boolean);
  'warnings'?: (string)[];
}

export interface PushEnd__Output {
  'consistency': (string);
  'capturedAt': (string);
  'powerState': (string);
  'seal': (boolean);
  'configuration': (string);
  'unsettledReason': (string);
  'paused': (boolean);
  'hasMemory': (boolean);
  'warnings': (string)[];
}
