// Original file: proto/files.proto


export interface FileAttribute {
  'name'?: (Buffer | Uint8Array | string);
  'value'?: (Buffer | Uint8Array | string);
}

export interface FileAttribute__Output {
  'name': (Buffer);
  'value': (Buffer);
}
