// Original file: proto/files.proto


export interface FileOwner {
  'uid'?: (number);
  'gid'?: (number);
}

export interface FileOwner__Output {
  'uid': (number);
  'gid': (number);
}
