// Original file: proto/agent.proto


export interface MapPage {
  'page'?: (number);
  'baseDigests'?: (Buffer | Uint8Array | string);
  'stagedPositions'?: (number)[];
  'stagedDigests'?: (Buffer | Uint8Array | string);
}

export interface MapPage__Output {
  'page': (number);
  'baseDigests': (Buffer);
  'stagedPositions': (number)[];
  'stagedDigests': (Buffer);
}
