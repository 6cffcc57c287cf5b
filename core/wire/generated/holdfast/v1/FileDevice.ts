// Original file: proto/files.proto


export interface FileDevice {
  'major'?: (number);
  'minor'?: (number);
}

export interface FileDevice__Output {
  'major': (number);
  'minor': (number);
}
