// Original file: proto/operator.proto


export interface FileDevice {
  'major'?: (number);
  'minor'?: (number);
}

export interface FileDevice__Output {
  'major': (number);
  'minor': (number);
}
