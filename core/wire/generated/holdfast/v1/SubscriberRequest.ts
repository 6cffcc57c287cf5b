// Original file: proto/people.proto


export interface SubscriberRequest {
  'subscriber'?: (string);
}

export interface SubscriberRequest__Output {
  'subscriber': (string);
}
