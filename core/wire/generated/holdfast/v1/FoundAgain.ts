// Original file: proto/operator.proto


export interface FoundAgain {
  'numbers'?: (number)[];
  'point'?: (string);
}

export interface FoundAgain__Output {
  'numbers': (number)[];
  'point': (string);
}
