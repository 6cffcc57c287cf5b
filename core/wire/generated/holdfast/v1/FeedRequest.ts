// Original file: proto/agent.proto


export interface FeedRequest {
  'session'?: (string);
}

export interface FeedRequest__Output {
  'session': (string);
}
