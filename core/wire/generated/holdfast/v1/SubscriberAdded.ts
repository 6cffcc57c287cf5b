// Original file: proto/people.proto

import type { Subscriber as _holdfast_v1_Subscriber, Subscriber__Output as _holdfast_v1_Subscriber__Output } from '../../holdfast/v1/Subscriber.ts';

export interface SubscriberAdded {
  'subscriber'?: (_holdfast_v1_Subscriber | null);
  'secret'?: (string);
  '_secret'?: "secret";
}

export interface SubscriberAdded__Output {
  'subscriber': (_holdfast_v1_Subscriber__Output | null);
  'secret'?: (string);
  '_secret'?: "secret";
}
