// Original file: proto/operator.proto


export interface CommentPointRequest {
  'point'?: (string);
  'comment'?: (string);
}

export interface CommentPointRequest__Output {
  'point': (string);
  'comment': (string);
}
