// Original file: proto/agent.proto


export interface DiskSamples {
  'ordinal'?: (number);
  'chunks'?: (number)[];
  'digests'?: (Buffer | Uint8Array | string);
}

export interface DiskSamples__Output {
  'ordinal': (number);
  'chunks': (number)[];
  'digests': (Buffer);
}
