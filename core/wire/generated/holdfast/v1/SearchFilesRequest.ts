// Original file: proto/operator.proto


export interface SearchFilesRequest {
  'source'?: (string);
  'pattern'?: (Buffer | Uint8Array | string);
  'ignoreCase'?: (boolean);
  'disk'?: (string);
  '_disk'?: "disk";
}

export interface SearchFilesRequest__Output {
  'source': (string);
  'pattern': (Buffer);
  'ignoreCase': (boolean);
  'disk'?: (string);
  '_disk'?: "disk";
}
