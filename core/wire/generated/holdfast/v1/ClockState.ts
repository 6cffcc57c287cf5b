// Original file: proto/operator.proto


export interface ClockState {
  'jumpedFrom'?: (string);
  'jumpedTo'?: (string);
  'expires'?: (boolean);
  '_jumpedFrom'?: "jumpedFrom";
  '_jumpedTo'?: "jumpedTo";
}

export interface ClockState__Output {
  'jumpedFrom'?: (string);
  'jumpedTo'?: (string);
  'expires': (boolean);
  '_jumpedFrom'?: "jumpedFrom";
  '_jumpedTo'?: "jumpedTo";
}
