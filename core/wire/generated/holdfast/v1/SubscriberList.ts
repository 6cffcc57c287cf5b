// Original file: proto/people.proto

import type { Subscriber as _holdfast_v1_Subscriber, Subscriber__Output as _holdfast_v1_Subscriber__Output } from '../../holdfast/v1/Subscriber.ts';

export interface SubscriberList {
  'subscribers'?: (_holdfast_v1_Subscriber)[];
}

export interface SubscriberList__Output {
  'subscribers': (_holdfast_v1_Subscriber__Output)[];
}
