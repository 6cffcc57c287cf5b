// Original file: proto/files.proto


export interface FileWarnings {
  'warnings'?: (string)[];
}

export interface FileWarnings__Output {
  'warnings': (string)[];
}
